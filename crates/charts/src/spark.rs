use std::fmt::Write as _;

use crate::svg::escape;

/// A small line without axes: how one figure moved, beside the figure itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sparkline {
    /// The accessible name: first and last value, least and most.
    pub name: String,
    /// Instants (any unit) and values, in the order of time.
    pub points: Vec<(i64, i64)>,
    /// The first and the last instant of the drawing, whether anything is known then or not.
    pub span: (i64, i64),
    /// The last step is drawn dashed: it is not over.
    pub is_last_unfinished: bool,
}

const WIDTH: i64 = 96;
const HEIGHT: i64 = 28;
/// Room for the dot at the end, and for half of the line's width.
const MARGIN: i64 = 3;
/// Coordinates are tenths of a pixel.
const FINE: i64 = 10;
/// Movements smaller than this part of the figure look as small as they are.
const LEAST_MOVEMENT: i64 = 25;

impl Sparkline {
    /// Positions of the points in tenths of a pixel, from the upper left.
    #[must_use]
    pub fn positions(&self) -> Vec<(i64, i64)> {
        let values = || self.points.iter().map(|(_, value)| *value);
        let (Some(least), Some(most)) = (values().min(), values().max()) else { return Vec::new() };
        let height = (most - least).max(most.abs() / LEAST_MOVEMENT).max(1);
        // The line lies in the middle of what it does not need.
        let bottom = i128::from(least) * 2 - i128::from(height - (most - least));
        let share = |part: i128, whole: i64, pixels: i64| {
            let pixels = i128::from((pixels - 2 * MARGIN) * FINE);
            i64::try_from(part * pixels / i128::from(whole.max(1))).unwrap_or_default()
        };
        let (begin, end) = self.span;
        self.points
            .iter()
            .map(|&(at, value)| {
                let x = share(i128::from(at) - i128::from(begin), end - begin, WIDTH);
                let y = share(i128::from(value) * 2 - bottom, height, HEIGHT) / 2;
                (MARGIN * FINE + x, (HEIGHT - MARGIN) * FINE - y)
            })
            .collect()
    }

    /// Nothing where there are fewer than two points: a figure that never was different has no movement.
    #[must_use]
    pub fn svg(&self) -> String {
        let positions = self.positions();
        let [before @ .., penultimate, last] = positions.as_slice() else { return String::new() };
        let steady = if self.is_last_unfinished { &positions[..=before.len()] } else { &positions[..] };
        let mut out = format!(
            "<svg class=\"spark\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{}\" \
             focusable=\"false\">",
            escape(&self.name)
        );
        if steady.len() > 1 {
            line(&mut out, "spark-line", steady);
        }
        if self.is_last_unfinished {
            line(&mut out, "spark-line unfinished", &[*penultimate, *last]);
        }
        let (x, y) = (Tenths(last.0), Tenths(last.1));
        // Writing to a String cannot fail.
        let _ = write!(out, "<circle class=\"spark-end\" cx=\"{x}\" cy=\"{y}\" r=\"2.5\"/></svg>");
        out
    }
}

fn line(out: &mut String, class: &str, positions: &[(i64, i64)]) {
    let _ = write!(out, "<polyline class=\"{class}\" points=\"");
    for (n, (x, y)) in positions.iter().enumerate() {
        let space = if n > 0 { " " } else { "" };
        let _ = write!(out, "{space}{},{}", Tenths(*x), Tenths(*y));
    }
    out.push_str("\"/>");
}

/// Tenths of a pixel, printed short: `12`, `12.5`.
struct Tenths(i64);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % FINE {
            0 => write!(f, "{}", self.0 / FINE),
            part => write!(f, "{}.{part}", self.0 / FINE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spark(points: &[(i64, i64)], is_last_unfinished: bool) -> Sparkline {
        Sparkline { name: "Registered".to_owned(), points: points.to_vec(), span: (0, 30), is_last_unfinished }
    }

    #[test]
    fn the_line_fills_its_drawing() {
        let positions = spark(&[(0, 100), (15, 150), (30, 200)], false).positions();
        assert_eq!(positions, [(30, 250), (480, 140), (930, 30)]);
    }

    #[test]
    fn what_is_not_known_is_left_empty() {
        let positions = spark(&[(15, 100), (30, 200)], false).positions();
        assert_eq!(positions[0].0, 480);
        assert_eq!(spark(&[(30, 5)], false).svg(), "");
        assert_eq!(spark(&[], true).svg(), "");
    }

    #[test]
    fn a_figure_that_hardly_moves_is_drawn_flat() {
        let steady = spark(&[(0, 1000), (30, 1000)], false).positions();
        assert_eq!(steady[0].1, steady[1].1);
        assert_eq!(steady[0].1, 140);
        let hardly = spark(&[(0, 1000), (30, 1004)], false).positions();
        assert!(hardly[0].1 - hardly[1].1 < 30, "{hardly:?}");
        let large = spark(&[(i64::MIN / 4, i64::MAX / 4), (30, 0)], false);
        assert_eq!(large.positions().len(), 2);
    }

    #[test]
    fn the_unfinished_step_is_drawn_otherwise() {
        insta::assert_snapshot!("spark", spark(&[(0, 10), (10, 12), (20, 11), (30, 15)], true).svg());
    }
}
