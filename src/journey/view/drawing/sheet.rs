//! What a picture is drawn on. Places are counted from the side at which reading begins.

use crate::encode::html::{Html, Markup};
use crate::journey::view::View;
use crate::journey::view::wrap::fitted;

use super::ways;

/// The height of letters, and of a line of them.
const LETTER: usize = 12;
pub const LINE: usize = 15;
/// What is around a text in its box, and between boxes.
pub const PAD: usize = 8;
pub const GAP: usize = 14;
/// The room for texts in a box, and beside a rail.
const BOX: usize = 166;
const STATION: usize = 80;
const LANE: usize = BOX + 2 * PAD + GAP;
// Fonts that are wider than most still end before the next one.
pub const RAIL: usize = STATION + 2 * PAD + GAP;
/// Between two tracks.
const TRACK: usize = 9;

pub const INK: &str = "#1c2733";
pub const PALE: &str = "#526170";
pub const LINES: &str = "#9aa8b5";
pub const OPEN: &str = "#1a7f4b";
pub const SHUT: &str = "#b3382c";
const LATE: &str = "#b25e09";
pub const WAY: &str = "#2b6cb0";

pub struct Sheet {
    rtl: bool,
    /// How many lanes there are for them.
    pub people: usize,
    rails: usize,
    tracks: usize,
    /// How far down it is drawn.
    pub down: usize,
    body: Markup,
}

/// A box that was drawn.
#[derive(Clone, Copy)]
pub struct Frame {
    pub left: usize,
    pub right: usize,
    pub top: usize,
    pub bottom: usize,
}

impl Sheet {
    pub fn new(view: &View) -> Self {
        let model = &view.model;
        let states = model.machines.iter().flat_map(|it| &it.states).filter_map(|it| it.who.as_ref());
        let owing: Vec<_> = states.chain(model.substitutes.iter().map(|it| &it.who)).collect();
        let people = view.people.iter().take_while(|ids| ids.iter().any(|it| owing.contains(&&it.id))).count();
        let tracks = model.machines.iter().map(|it| ways::tracks(&ways::of(it))).max().unwrap_or(0);
        Self { rtl: view.rtl, people, rails: model.purposes.len(), tracks, down: 0, body: Markup::default() }
    }

    pub fn width(&self) -> usize {
        self.left(self.people + 2)
    }

    /// Where a lane begins.
    pub fn left(&self, lane: usize) -> usize {
        GAP + self.rails * RAIL + (self.tracks + 1) * TRACK + lane * LANE
    }

    /// The room for a text in a box, in hundredths of the height of its letters.
    pub fn room() -> usize {
        BOX * 100 / LETTER
    }

    /// The same of a text beside a rail.
    pub fn station(is_bold: bool) -> usize {
        STATION * 100 / LETTER * if is_bold { 9 } else { 10 } / 10
    }

    /// The same from a place to the end.
    pub fn room_from(&self, left: usize) -> usize {
        (self.width() - left - GAP) * 100 / LETTER
    }

    /// A box with a name and what is said in it.
    pub fn frame(&mut self, lane: usize, top: usize, name: &str, said: &[Option<String>]) -> Frame {
        // Strong letters are wider.
        let names = fitted(name, Self::room() * 9 / 10);
        let lines: Vec<String> = said.iter().flatten().flat_map(|line| fitted(line, Self::room())).collect();
        let left = self.left(lane);
        let (width, height) = (LANE - GAP, (names.len() + lines.len()) * LINE + PAD);
        let x = self.across(left, width).to_string();
        let (y, width_, tall) = (top.to_string(), width.to_string(), height.to_string());
        let look = [("rx", "4"), ("fill", "#ffffff"), ("stroke", LINES)];
        let place = [("x", &*x), ("y", &*y), ("width", &*width_), ("height", &*tall)];
        self.put(|body| body.empty("rect", &[&place[..], &look[..]].concat()));
        let before = self.down;
        self.down = top + PAD / 2;
        self.words(left + PAD, &names, INK, true);
        self.words(left + PAD, &lines, PALE, false);
        self.down = before;
        Frame { left, right: left + width, top, bottom: top + height }
    }

    pub fn words(&mut self, left: usize, lines: &[String], color: &str, is_bold: bool) {
        for line in lines {
            let (x, y) = (self.across(left, 0).to_string(), (self.down + LINE - 4).to_string());
            let mut look = vec![("x", &*x), ("y", &*y), ("fill", color)];
            if is_bold {
                look.push(("font-weight", "bold"));
            }
            // An address keeps its signs where they are, whatever is written around it.
            let mark = if self.rtl && line.is_ascii() { "\u{200e}" } else { "" };
            let text = [mark, line, mark].concat();
            self.put(|body| body.open("text", &look).text(&text).close("text").text("\n"));
            self.down += LINE;
        }
    }

    /// A way from state to state: it leaves its state in the upper part of its box, and comes to the next in the lower
    /// part, so that no two that differ share a height.
    pub fn way(&mut self, way: &ways::Way, frames: &[Frame]) {
        let part = |frame: &Frame, base: usize, (at, of): (usize, usize)| {
            let half = (frame.bottom - frame.top) / 2;
            frame.top + base * half + half * (at + 1) / (of + 1)
        };
        let (Some(from), Some(to)) = (frames.get(way.from), frames.get(way.to)) else { return };
        let (start, end) = (part(from, 0, way.leaves), part(to, 1, way.comes));
        let track = self.left(0) - (way.track + 1) * TRACK;
        let color = if way.is_late { LATE } else { WAY };
        self.arrow(&[(from.left, start), (track, start), (track, end), (to.left, end)], color, way.is_late);
    }

    pub fn arrow(&mut self, points: &[(usize, usize)], color: &str, is_late: bool) {
        self.line(points, color, is_late);
        if let Some(&[(before_x, _), (x, y)]) = points.last_chunk::<2>() {
            let back = if self.rtl { "" } else { "-" };
            let x_ = self.across(x, 0);
            let tip = match before_x == x {
                true => format!("M{x_} {y}l-4 -7h8z"),
                false => format!("M{x_} {y}l{back}7 -4v8z"),
            };
            self.put(|body| body.empty("path", &[("d", &*tip), ("fill", color)]));
        }
    }

    pub fn line(&mut self, points: &[(usize, usize)], color: &str, is_late: bool) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{},{y}", self.across(x, 0))).collect();
        let points = points.join(" ");
        let mut look = vec![("points", &*points), ("fill", "none"), ("stroke", color), ("stroke-width", "1.5")];
        if is_late {
            look.push(("stroke-dasharray", "5 3"));
        }
        self.put(|body| body.empty("polyline", &look).text("\n"));
    }

    /// A piece of a rail with its station.
    pub fn rail(&mut self, left: usize, top: usize, bottom: usize, color: &str) {
        let height = bottom.saturating_sub(top).to_string();
        let (x, y) = (self.across(left, 4).to_string(), top.to_string());
        let line = [("x", &*x), ("y", &*y), ("width", "4"), ("height", &*height), ("fill", color)];
        let (x, y) = (self.across(left + 2, 0).to_string(), (top + LINE / 2).to_string());
        let dot = [("cx", &*x), ("cy", &*y), ("r", "6"), ("fill", color)];
        self.put(|body| body.empty("rect", &line).empty("circle", &dot));
    }

    /// The left edge of what begins there and is so wide.
    fn across(&self, left: usize, width: usize) -> usize {
        if self.rtl { self.width() - left - width } else { left }
    }

    fn put(&mut self, more: impl FnOnce(Markup) -> Markup) {
        self.body = more(std::mem::take(&mut self.body));
    }

    pub fn finish(self) -> Html {
        self.body.finish()
    }
}
