//! Whole files in, records out.

mod collected;
mod hostile;
mod ours;
mod properties;
mod samples;
mod shapes;
