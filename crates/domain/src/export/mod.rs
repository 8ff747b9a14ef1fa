//! Exports (导出): what can be taken out as a file, in which form, and what a cell is. Owns the bounds and that no cell becomes a formula.
//!
//! Must not know where rows come from or how a file is written.

mod safe;

pub use safe::{csv_text, risky};

use crate::names::names;
use crate::time::{Micros, Span};

names! {
    /// What is taken out.
    Kind {
        Queue, "queue", "队列";
        Board, "board", "看板";
        Search, "search", "搜索结果";
    }
}

names! {
    /// In which form.
    Format {
        Xlsx, "xlsx", "Excel 工作簿";
        Csv, "csv", "CSV";
    }
}

names! {
    /// Where the job stands.
    State {
        Waiting, "waiting", "排队中";
        Running, "running", "进行中";
        Done, "done", "已完成";
        Failed, "failed", "没有成功";
        Stopped, "stopped", "已停止";
    }
}

impl State {
    /// Nothing follows any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Stopped)
    }
}

/// Rows of one file; what lies beyond is said, not left out silently.
pub const ROWS: usize = 100_000;
/// How long a file is kept for whoever asked.
pub const KEPT: Span = Span::hours(24);
/// Files of one person that are waited for or kept at a time.
pub const AT_ONCE: usize = 10;

/// One cell, by its meaning. A number stays a number; everything else is text and never a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words or a code.
    Text(String),
    /// A count.
    Count(i64),
    /// Minor units.
    Money(i64),
    /// An instant, shown in the shop's time.
    Time(Micros),
    /// A share, 0 to 1.
    Share(f64),
    /// Nothing is known.
    Nothing,
}

impl Cell {
    /// A cell that may be empty.
    pub fn time(at: Option<Micros>) -> Self {
        at.map_or(Self::Nothing, Self::Time)
    }
    /// A cell that may be empty.
    pub fn share(share: Option<f64>) -> Self {
        share.map_or(Self::Nothing, Self::Share)
    }
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}
