use std::fmt::Write as _;

use crate::scale::{FULL, HEIGHT, Level, Scale, share};
use crate::svg::{Share, escape};

/// One figure over time, with a scale from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChart {
    /// The accessible name: what the line shows, in a sentence.
    pub name: String,
    /// Instants (any unit) and values, in the order of time.
    pub points: Vec<(i64, i64)>,
    /// The first and the last instant of the drawing, whether anything is known then or not.
    pub span: (i64, i64),
    /// The last step is drawn dashed: it is not over.
    pub is_last_unfinished: bool,
    /// Instants that are named below the drawing, in order.
    pub dates: Vec<(i64, String)>,
}

impl LineChart {
    fn scale(&self) -> Scale {
        Scale::of(self.points.iter().map(|(_, value)| *value).max().unwrap_or(0))
    }

    /// `number` writes a value as the page does.
    #[must_use]
    pub fn svg(&self, number: impl Fn(i64) -> String) -> String {
        let mut out = format!(
            "<svg class=\"line\" width=\"100%\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\" \
             focusable=\"false\">",
            escape(&self.name)
        );
        // Writing to a String cannot fail.
        let scale = self.scale();
        for Level { y, .. } in scale.levels() {
            let _ = write!(out, "<line class=\"level\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
        }
        let positions: Vec<(i64, i64)> =
            self.points.iter().map(|&(at, value)| (share(at, self.span), scale.position(value))).collect();
        // Stretched to the width it gets; its lines keep their own.
        let _ = write!(
            out,
            "<svg x=\"0\" y=\"0\" width=\"100%\" height=\"{HEIGHT}\" viewBox=\"0 0 {FULL} {HEIGHT}\" \
             preserveAspectRatio=\"none\">"
        );
        let finished = match positions.len() {
            n if self.is_last_unfinished && n > 1 => n - 1,
            n => n,
        };
        if finished > 1 {
            polyline(&mut out, "series", &positions[..finished]);
        }
        if finished < positions.len() {
            polyline(&mut out, "series unfinished", &positions[finished - 1..]);
        }
        out.push_str("</svg>");
        // Over the line, which may begin where they stand.
        for Level { value, y } in scale.levels() {
            let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y - 4, escape(&number(value)));
        }
        if let Some((x, y)) = positions.last() {
            let x = Share(i32::try_from(*x).unwrap_or_default());
            let _ = write!(out, "<circle class=\"series-end\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
        }
        dates(&mut out, &self.dates, self.span);
        out.push_str("</svg>");
        out
    }
}

/// Instants that are named below a drawing: the first and the last at its edges.
pub(crate) fn dates(out: &mut String, dates: &[(i64, String)], span: (i64, i64)) {
    for (n, (at, text)) in dates.iter().enumerate() {
        let x = Share(i32::try_from(share(*at, span)).unwrap_or_default());
        let anchor = match n {
            0 => "start",
            n if n + 1 == dates.len() => "end",
            _ => "middle",
        };
        let text = escape(text);
        let _ = write!(out, "<text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{text}</text>", HEIGHT - 4);
    }
}

fn polyline(out: &mut String, class: &str, positions: &[(i64, i64)]) {
    let _ = write!(out, "<polyline class=\"{class}\" vector-effect=\"non-scaling-stroke\" points=\"");
    for (n, (x, y)) in positions.iter().enumerate() {
        let space = if n > 0 { " " } else { "" };
        let _ = write!(out, "{space}{x},{y}");
    }
    out.push_str("\"/>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(i64, i64)], is_last_unfinished: bool) -> LineChart {
        LineChart {
            name: "SMS or voice only".to_owned(),
            points: points.to_vec(),
            span: (0, 30),
            is_last_unfinished,
            dates: vec![(0, "21 Oct".to_owned()), (30, "20 Nov".to_owned())],
        }
    }

    #[test]
    fn the_drawing_of_a_line() {
        let drawing = line(&[(0, 700), (10, 650), (20, 640), (30, 603)], true).svg(|n| n.to_string());
        assert!(!drawing.contains("style"));
        insta::assert_snapshot!("line", drawing);
    }
}
