//! Data to chart model to SVG. No I/O.
//!
//! A model is pure geometry and can be tested as numbers; its SVG carries classes instead of colours, so that light,
//! dark, forced colours and print are the style sheet's business. Widths are percentages of the drawing and there is
//! no `viewBox`: a chart is laid out for the width it gets, and its text is never scaled.

mod bars;
mod columns;
mod line;
mod meter;
mod scale;
mod spark;
mod svg;

pub use bars::{Bar, BarChart, BarRow, Segment, Shape};
pub use columns::{Column, ColumnChart, Part, PartKind};
pub use line::LineChart;
pub use meter::{Meter, MeterPart};
pub use spark::Sparkline;

/// A chart could not be laid out.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be laid out: {0}")]
pub struct ChartError(String);
