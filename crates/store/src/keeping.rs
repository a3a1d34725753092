//! What is kept: taking an import back, days that go by a rule, and people who are to be forgotten. Whatever goes, goes
//! with every figure it was in, in transactions of a bounded size; what breaks off is gone on with.

mod beaten;
mod brought;
mod days;
mod erasure;
mod leftovers;
mod marks;
mod recall;
mod retention;
mod scrub;
mod undo;

pub use erasure::{Eraser, Erasing};
pub(crate) use marks::{file_without_the_erased, targets_without_the_erased, without_the_erased_in};
pub use retention::Retaining;
pub use undo::{Undo, UndoRefused};
