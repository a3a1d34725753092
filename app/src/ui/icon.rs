use leptos::prelude::*;

/// The mark: a key.
pub fn mark() -> impl IntoView {
    view! {
        <svg class="mark" width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden="true" focusable="false">
            <circle cx="7.5" cy="11" r="5" stroke="currentColor" stroke-width="2.4" />
            <path d="M12.5 11H21M17.5 11v4.2" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
        </svg>
    }
}

/// A magnifying glass.
pub fn search() -> impl IntoView {
    view! {
        <svg width="15" height="15" viewBox="0 0 15 15" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true" focusable="false">
            <circle cx="6.3" cy="6.3" r="4.6" />
            <path d="M10 10l4 4" stroke-linecap="round" />
        </svg>
    }
}

/// Points down: something opens.
pub fn chevron() -> impl IntoView {
    view! {
        <svg class="chevron" width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true" focusable="false">
            <path d="M2 3.5l3 3 3-3" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// Takes something away.
pub fn cross() -> impl IntoView {
    view! {
        <svg width="10" height="10" viewBox="0 0 10 10" stroke="currentColor" stroke-width="1.6" aria-hidden="true" focusable="false">
            <path d="M2 2l6 6M8 2l-6 6" stroke-linecap="round" />
        </svg>
    }
}

/// Which way a column is sorted.
pub fn arrow(is_ascending: bool) -> impl IntoView {
    let d = if is_ascending { "M5 8.5v-7M2 4.5l3-3 3 3" } else { "M5 1.5v7M2 5.5l3 3 3-3" };
    view! {
        <svg class="arrow" width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true" focusable="false">
            <path d=d stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// One window back or on.
pub fn step(is_back: bool) -> impl IntoView {
    let d = if is_back { "M6.5 2l-3 3 3 3" } else { "M3.5 2l3 3-3 3" };
    view! {
        <svg width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true" focusable="false">
            <path d=d stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// A sheet of a calendar.
pub fn calendar() -> impl IntoView {
    view! {
        <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" stroke-width="1.4" aria-hidden="true" focusable="false">
            <rect x="1.5" y="2.5" width="11" height="10" rx="2" />
            <path d="M1.5 5.8h11M4.5 1v2.5M9.5 1v2.5" stroke-linecap="round" />
        </svg>
    }
}
