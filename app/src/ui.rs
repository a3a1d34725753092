//! Parts of pages: plain functions from values to views. Widths are SVG attributes; there is no inline style.

pub mod bars;
pub mod choices;
pub mod copy_link;
pub mod download_menu;
pub mod empty;
pub mod explain;
pub mod filter_bar;
pub mod frame;
pub mod hidden;
pub mod icon;
pub mod movement;
pub mod page_title;
pub mod pager;
pub mod printed;
pub mod query_problem;
pub mod range_control;
pub mod report_head;
pub mod section;
pub mod shortcuts;
pub mod state;
pub mod table;
pub mod table_menu;
pub mod tile;
pub mod views_menu;
