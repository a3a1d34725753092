//! Whole files in, records out.

mod collected;
mod hostile;
mod properties;
mod samples;
mod shapes;
