//! Whole files in, records out.

mod collected;
mod hostile;
mod mfa_server;
mod ours;
mod phones;
mod portal_sign_ins;
mod properties;
mod samples;
mod shapes;
mod sign_in_samples;
mod sign_in_shapes;
