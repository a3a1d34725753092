//! Ways to misbehave (`spec/quality.md` G-R11).

/// What a request meets instead of, or beside, its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429.
    TooMany(RetryAfter),
    /// 500, 502, 503, 504 … `Some`: with `Retry-After`.
    Status(u16, RetryAfter),
    /// The body breaks off, and so does the connection.
    Cut,
    /// The body breaks off, and the connection pretends that this was all.
    Truncated,
    /// A page of HTML with status 200.
    NotJson,
    /// This page again, under another link.
    DuplicatePage,
    /// A link to the page itself.
    Loop,
    /// Links that lead to this page for ever, each a new one.
    EndlessPages,
    /// The link has expired, before its time.
    ExpiredLink,
    /// The token counts as expired, before its time.
    Unauthorized,
    /// An empty page that leads on.
    EmptyPage,
    /// The records of the page in another order.
    Reordered,
    /// The answer comes after so many seconds.
    Slow(u64),
    /// A field of a megabyte in the first record.
    HugeField,
    /// The link leads to another server.
    ForeignLink,
}

/// How the server says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Not at all.
    Silent,
    Seconds(u64),
    /// As a date of the server's clock.
    Date(u64),
    Garbage,
}
