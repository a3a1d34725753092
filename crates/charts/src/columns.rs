use std::fmt::Write as _;

use crate::line::dates;
use crate::scale::{BASE, HEIGHT, Level, Scale, TOP, share};
use crate::svg::{Share, escape, hatch, hatch_id};

/// What a part of a column stands for; drawn from the ground up in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    Ok,
    /// Hatched.
    Bad,
    /// Not decided, or not known.
    Open,
    /// All else.
    Rest,
}

impl PartKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Bad => "bad",
            Self::Open => "open",
            Self::Rest => "rest",
        }
    }
}

/// What happened from one instant to the next, one column each, in parts that stand on each other.
///
/// A picture beside a table that says the same: hidden from screen readers, and passed over by the keyboard, for which
/// each column would be a stop. Its columns are links for the pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChart {
    /// Unique on the page; names the hatching.
    pub id: String,
    /// In the order of time.
    pub columns: Vec<Column>,
    /// The first and the last instant of the drawing.
    pub span: (i64, i64),
    /// Instants that are named below the drawing, in order.
    pub dates: Vec<(i64, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub from: i64,
    pub to: i64,
    pub ok: i64,
    pub bad: i64,
    pub open: i64,
    pub rest: i64,
    pub href: String,
    /// What the pointer is told.
    pub title: String,
}

/// A part of a column, laid out in pixels from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub kind: PartKind,
    pub y: i64,
    pub height: i64,
}

/// Of a column's width, what is left empty beside it: one in this many.
const GAP: i64 = 6;
/// A part that is not nought can be seen.
const THINNEST: i64 = 1;

impl Column {
    /// From the ground up.
    const fn values(&self) -> [(PartKind, i64); 4] {
        [(PartKind::Ok, self.ok), (PartKind::Bad, self.bad), (PartKind::Open, self.open), (PartKind::Rest, self.rest)]
    }

    const fn total(&self) -> i64 {
        self.ok + self.bad + self.open + self.rest
    }
}

impl ColumnChart {
    fn scale(&self) -> Scale {
        Scale::of(self.columns.iter().map(Column::total).max().unwrap_or(0))
    }

    /// The parts of a column that are not nought, from the ground up, without gaps.
    #[must_use]
    pub fn parts(&self, column: &Column) -> Vec<Part> {
        let scale = self.scale();
        let mut below = 0;
        let mut ground = BASE;
        let mut parts = Vec::new();
        for (kind, value) in column.values().into_iter().filter(|(_, value)| *value > 0) {
            below += value;
            let y = scale.position(below).min(ground - THINNEST);
            parts.push(Part { kind, y, height: ground - y });
            ground = y;
        }
        parts
    }

    /// `number` writes a value as the page does.
    #[must_use]
    pub fn svg(&self, number: impl Fn(i64) -> String) -> String {
        let mut out = format!(
            "<svg class=\"line columns\" width=\"100%\" height=\"{HEIGHT}\" aria-hidden=\"true\" \
             focusable=\"false\">{}",
            hatch(&self.id)
        );
        let levels = self.scale().levels();
        // Writing to a String cannot fail.
        for Level { y, .. } in &levels {
            let _ = write!(out, "<line class=\"level\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
        }
        for column in &self.columns {
            self.column(&mut out, column);
        }
        // Over the columns, which may stand where they are; nought says itself.
        for Level { value, y } in levels.iter().filter(|level| level.value > 0) {
            let _ = write!(out, "<text x=\"0\" y=\"{}\">{}</text>", y - 4, escape(&number(*value)));
        }
        dates(&mut out, &self.dates, self.span);
        out.push_str("</svg>");
        out
    }

    fn column(&self, out: &mut String, column: &Column) {
        let (from, to) = (share(column.from, self.span), share(column.to, self.span));
        let hundredths = |n: i64| Share(i32::try_from(n).unwrap_or_default());
        let (x, whole) = (hundredths(from), hundredths(to - from));
        let width = hundredths((to - from) - (to - from) / GAP);
        let (href, title) = (escape(&column.href), escape(&column.title));
        let _ = write!(
            out,
            "<a href=\"{href}\" class=\"column\" tabindex=\"-1\"><title>{title}</title>\
             <rect class=\"column-room\" x=\"{x}\" y=\"{TOP}\" width=\"{whole}\" height=\"{}\"/>",
            BASE - TOP
        );
        for Part { kind, y, height } in self.parts(column) {
            let class = kind.class();
            let fill = match kind {
                PartKind::Bad => format!(" fill=\"url(#{})\"", escape(&hatch_id(&self.id))),
                _ => String::new(),
            };
            let _ = write!(
                out,
                "<rect class=\"column-{class}\"{fill} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
            );
        }
        out.push_str("</a>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(from: i64, [ok, bad, open, rest]: [i64; 4]) -> Column {
        Column {
            from,
            to: from + 10,
            ok,
            bad,
            open,
            rest,
            href: format!("/sign-ins?from={from}"),
            title: "\"20 Nov\" <12 sign-ins>".to_owned(),
        }
    }

    fn chart(columns: Vec<Column>) -> ColumnChart {
        ColumnChart {
            id: "over-time".to_owned(),
            columns,
            span: (0, 30),
            dates: vec![(0, "21 Oct".to_owned()), (30, "20 Nov".to_owned())],
        }
    }

    #[test]
    fn parts_stand_on_each_other_and_none_is_lost() {
        let chart = chart(vec![column(0, [50, 25, 25, 100]), column(10, [1, 1, 0, 199_998]), column(20, [0; 4])]);
        for column in &chart.columns {
            let parts = chart.parts(column);
            assert_eq!(parts.len(), column.values().iter().filter(|(_, value)| *value > 0).count());
            assert!(parts.iter().all(|part| part.height >= THINNEST));
            assert!(
                parts.windows(2).all(|pair| pair[1].y + pair[1].height == pair[0].y && pair[0].kind < pair[1].kind)
            );
            assert!(parts.first().is_none_or(|part| part.y + part.height == BASE));
        }
    }

    #[test]
    fn columns_share_one_scale() {
        let chart = chart(vec![column(0, [400, 0, 0, 0]), column(10, [100, 0, 0, 0])]);
        let height = |n: usize| chart.parts(&chart.columns[n])[0].height;
        assert!((height(0) - 4 * height(1)).abs() <= 4);
    }

    #[test]
    fn the_drawing_of_columns() {
        let chart = chart(vec![column(0, [30, 12, 3, 100]), column(10, [0, 0, 0, 40]), column(20, [0; 4])]);
        let drawing = chart.svg(|n| n.to_string());
        assert!(!drawing.contains("style") && !drawing.contains("<12"));
        insta::assert_snapshot!("columns", drawing);
    }
}
