use std::fmt::Write as _;

use plotters::prelude::{ChartBuilder, IntoDrawingArea, SVGBackend};

use crate::ChartError;
use crate::svg::{Share, escape, hatch, hatch_id};

/// The virtual width that plotters maps values to: one pixel is a hundredth of a percent.
const FULL: u32 = 10_000;
/// The narrowest drawing a chart is laid out for, in CSS pixels: a phone of 390, less the card's padding.
const NARROWEST: f64 = 290.0;
const HEIGHT: i32 = 24;
/// Of the thin bar beneath, with the hairline above it.
const PREVIOUS_HEIGHT: i32 = 6;
const PREVIOUS_TOP: i32 = 24;
const BAR_TOP: i32 = 2;
const BAR_HEIGHT: i32 = 20;
/// A figure that is not nought can be seen, however small.
const THINNEST: i32 = 60;
/// Hairline between succeeded and failed.
const GAP: i32 = 40;

/// Succeeded and failed, by method or whatever else the labels say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarChart {
    /// Unique on the page; names the hatching of failures.
    pub id: String,
    pub bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub success: Segment,
    pub failure: Segment,
    /// What the bar is compared with: a thin outlined bar beneath it.
    pub previous: Option<Segment>,
}

/// One part of a bar: a link to exactly the rows it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub value: i64,
    /// The value as printed beside the bar.
    pub text: String,
    pub href: String,
    /// The accessible name, such as "App code: 61 failed".
    pub name: String,
}

/// A bar, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarRow {
    pub label: String,
    /// `None` where the value is nought.
    pub success: Option<Shape>,
    pub failure: Option<Shape>,
    pub previous: Option<Shape>,
    hatch: String,
}

/// A part of a bar, laid out: shares are hundredths of a percent of the drawing's width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub x: i32,
    pub width: i32,
    /// Where both bars end, and how many pixels after that the value is printed.
    pub text_x: i32,
    pub text_dx: i32,
    segment: Segment,
}

impl BarChart {
    /// Lays the bars out, beginning at zero, on one scale, with room for the longest values at their end.
    pub fn rows(&self) -> Result<Vec<BarRow>, ChartError> {
        let previous = |bar: &Bar| bar.previous.as_ref().map_or(0, |segment| segment.value);
        let most = self.bars.iter().map(|bar| previous(bar).max(bar.success.value + bar.failure.value));
        let most = most.max().unwrap_or(0).max(1);
        let widest = self.bars.iter().map(|bar| value_width(bar).0).max().unwrap_or(0);
        let room = f64::from(widest) / NARROWEST;
        let scale = Scale::new(most, (1.0 - room).clamp(0.4, 1.0))?;
        Ok(self.bars.iter().map(|bar| self.row(bar, &scale)).collect())
    }

    fn row(&self, bar: &Bar, scale: &Scale) -> BarRow {
        let width = |value: i64| if value > 0 { scale.position(value).max(THINNEST) } else { 0 };
        let success = width(bar.success.value);
        let failure = width(bar.failure.value);
        let gap = if success > 0 && failure > 0 { GAP } else { 0 };
        let text_x = success + gap + failure;
        let shape = |segment: &Segment, x, width, text_dx| {
            (segment.value > 0).then(|| Shape { x, width, text_x, text_dx, segment: segment.clone() })
        };
        BarRow {
            label: bar.label.clone(),
            success: shape(&bar.success, 0, success, 8),
            failure: shape(&bar.failure, success + gap, failure, value_width(bar).1),
            previous: bar.previous.as_ref().and_then(|segment| shape(segment, 0, width(segment.value), 0)),
            hatch: hatch_id(&self.id),
        }
    }

    /// The hatching of failures, to stand once before the rows.
    #[must_use]
    pub fn definitions(&self) -> String {
        format!(
            "<svg class=\"definitions\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\">{}</svg>",
            hatch(&self.id)
        )
    }
}

impl BarRow {
    /// The row's drawing: two links, each a bar and its value.
    #[must_use]
    pub fn svg(&self) -> String {
        let height = if self.previous.is_some() { PREVIOUS_TOP + PREVIOUS_HEIGHT } else { HEIGHT };
        let mut out = format!("<svg class=\"bar-drawing\" width=\"100%\" height=\"{height}\" focusable=\"false\">");
        let ok_fill = String::new();
        let bad_fill = format!(" fill=\"url(#{})\"", escape(&self.hatch));
        for (shape, class, fill) in [(&self.success, "ok", &ok_fill), (&self.failure, "bad", &bad_fill)] {
            let Some(Shape { x, width, text_x, text_dx, segment }) = shape else { continue };
            let (x, width, text_x) = (Share(*x), Share(*width), Share(*text_x));
            let (href, name, text) = (escape(&segment.href), escape(&segment.name), escape(&segment.text));
            // Writing to a String cannot fail.
            let _ = write!(
                out,
                "<a href=\"{href}\" class=\"bar-link\" aria-label=\"{name}\">\
                 <rect class=\"bar-{class}\"{fill} x=\"{x}\" y=\"{BAR_TOP}\" width=\"{width}\" \
                 height=\"{BAR_HEIGHT}\" rx=\"3\"/>\
                 <text class=\"bar-value {class}\" x=\"{text_x}\" dx=\"{text_dx}\" y=\"17\">{text}</text></a>"
            );
        }
        if let Some(Shape { width, segment, .. }) = &self.previous {
            let (width, href, name) = (Share(*width), escape(&segment.href), escape(&segment.name));
            let _ = write!(
                out,
                "<a href=\"{href}\" class=\"bar-link\" aria-label=\"{name}\"><rect class=\"bar-previous\" x=\"0\" \
                 y=\"{PREVIOUS_TOP}\" width=\"{width}\" height=\"{PREVIOUS_HEIGHT}\" rx=\"2\"/></a>"
            );
        }
        out.push_str("</svg>");
        out
    }
}

/// Pixels that the values of a bar need after its end, and where the failures' value begins.
///
/// Tabular figures of the 12.5 px bold text are 8 px wide, everything else is narrower.
fn value_width(bar: &Bar) -> (i32, i32) {
    let pixels = |segment: &Segment| match segment.value {
        0 => 0,
        _ => 8 + segment.text.chars().map(|c| if c.is_ascii_digit() { 8 } else { 4 }).sum::<i32>(),
    };
    let (success, failure) = (pixels(&bar.success), pixels(&bar.failure));
    (success + failure + 4, success + 8)
}

/// A linear scale from zero, by plotters' own coordinate mapping.
struct Scale {
    pixels: Vec<i32>,
    most: i64,
}

impl Scale {
    /// `share` of the drawing's width stands for `most`.
    fn new(most: i64, share: f64) -> Result<Self, ChartError> {
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (FULL, 1)).into_drawing_area();
        let chart = ChartBuilder::on(&area)
            .build_cartesian_2d(0f64..1.0 / share, 0f64..1.0)
            .map_err(|error| ChartError(error.to_string()))?;
        // A position per hundredth of a percent of `most`: more than any screen shows.
        let pixels = (0..=FULL).map(|n| chart.backend_coord(&(f64::from(n) / f64::from(FULL), 0.0)).0).collect();
        Ok(Self { pixels, most })
    }

    fn position(&self, value: i64) -> i32 {
        let at = i128::from(value) * i128::from(FULL) / i128::from(self.most);
        usize::try_from(at).ok().and_then(|at| self.pixels.get(at).copied()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(value: i64, what: &str) -> Segment {
        Segment {
            value,
            text: value.to_string(),
            href: format!("/events?method=sms&status={what}"),
            name: format!("SMS: {value} {what}"),
        }
    }

    fn bar(success: i64, failure: i64) -> Bar {
        Bar {
            label: "SMS".to_owned(),
            success: segment(success, "success"),
            failure: segment(failure, "failure"),
            previous: None,
        }
    }

    fn rows(bars: Vec<Bar>) -> Vec<BarRow> {
        BarChart { id: "resets".to_owned(), bars }.rows().expect("numbers can be laid out")
    }

    #[test]
    fn bars_share_one_scale_and_leave_room_for_their_values() {
        let rows = rows(vec![bar(1200, 400), bar(300, 100)]);
        let width = |row: &BarRow| row.success.as_ref().map(|shape| shape.width).expect("not nought");
        assert!((width(&rows[0]) - 4 * width(&rows[1])).abs() <= 4);
        let failure = rows[0].failure.as_ref().expect("not nought");
        let end = f64::from(failure.text_x) / f64::from(FULL) * NARROWEST;
        assert!(end + f64::from(value_width(&bar(1200, 400)).0) <= NARROWEST + 2.0, "values fit a phone");
    }

    #[test]
    fn nought_draws_nothing_and_one_can_be_seen() {
        let rows = rows(vec![bar(100_000, 0), bar(1, 1), bar(0, 7)]);
        assert_eq!(rows[0].failure, None);
        assert_eq!(rows[1].success.as_ref().map(|shape| shape.width), Some(THINNEST));
        assert_eq!(rows[2].success, None);
        assert_eq!(rows[2].failure.as_ref().map(|shape| shape.x), Some(0));
        assert!(super::BarChart { id: "empty".to_owned(), bars: vec![] }.rows().expect("empty").is_empty());
    }

    #[test]
    fn what_is_compared_with_is_drawn_on_the_same_scale() {
        let compared = Bar { previous: Some(segment(1000, "before")), ..bar(400, 100) };
        let rows = rows(vec![compared, bar(500, 0)]);
        let width = |shape: &Option<Shape>| shape.as_ref().map(|shape| shape.width).expect("not nought");
        assert!((width(&rows[0].previous) - 2 * width(&rows[1].success)).abs() <= 4);
        assert!(rows[0].svg().contains("SMS: 1000 before"));
        assert_eq!(rows[1].previous, None);
    }

    #[test]
    fn the_drawing_is_links_with_classes_and_no_style() {
        let chart = BarChart { id: "resets".to_owned(), bars: vec![bar(512, 64), bar(8, 0)] };
        let svg: Vec<String> = chart.rows().expect("numbers").iter().map(BarRow::svg).collect();
        assert!(svg.iter().all(|svg| !svg.contains("style")));
        insta::assert_snapshot!("bars", format!("{}\n{}", chart.definitions(), svg.join("\n")));
    }

    #[test]
    fn hostile_labels_stay_text() {
        let mut bad = bar(1, 0);
        bad.success.name = "\"><script>alert(1)</script>".to_owned();
        bad.success.href = "/events?q=\"><img src=x>".to_owned();
        let svg = rows(vec![bad])[0].svg();
        assert!(!svg.contains("<script") && !svg.contains("<img"), "{svg}");
    }
}
