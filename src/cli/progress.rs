//! A bar that shows how far a run is.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;
use crate::build::{State, Watch};

/// Draws on a terminal, and nowhere else.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn new(terminal: &Terminal) -> Self {
        let target =
            if terminal.shows_progress() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        // The template is fixed, so it is either right for everybody or falls back to the plain style.
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Takes the bar away, so that what follows stands on a clean line.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn total(&self, deployments: usize) {
        self.bar.set_length(deployments as u64);
    }

    fn done(&self, id: &str, _: State) {
        self.bar.set_message(id.to_owned());
        self.bar.inc(1);
    }
}
