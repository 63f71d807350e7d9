//! A journey as a picture: a lane for the lead, for what the package sends, and for each address at which somebody owes
//! something; time downwards; on the left a rail for each permission.
//!
//! Letters are of one width, so a text is as wide as its columns, and each is wrapped to its box. A state has a row of
//! its own, and a way between states runs beside the lanes on a track of its own: nothing lies on anything.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::wrap::wrapped;
use super::{Machine, Model, Purpose, Sequence, Step, View};
use crate::encode::Content;
use crate::encode::html::Markup;

/// The width of a letter and the height of a line, of letters 12 high. No common font of one width is wider.
const LETTER: usize = 8;
const LINE: usize = 16;
/// What is around a text in its box, and between boxes.
const PAD: usize = 8;
const GAP: usize = 18;
/// Letters of a line in a box, and beside a rail.
const BOX: usize = 30;
const STATION: usize = 13;
const LANE: usize = BOX * LETTER + 2 * PAD + GAP;
const RAIL: usize = STATION * LETTER + 3 * PAD;
/// Between two tracks.
const TRACK: usize = 10;

const INK: &str = "#1c2733";
const PALE: &str = "#5b6b7b";
const LINES: &str = "#9aa8b5";
const OPEN: &str = "#1a7f4b";
const SHUT: &str = "#b3382c";
const LATE: &str = "#b25e09";
const WAY: &str = "#2b6cb0";

/// The picture as a file.
pub fn drawing(view: &View<'_>, title: &str) -> Content {
    let model = &view.model;
    let mut sheet = Sheet::new(model, title);
    sheet.head();
    let first = sheet.down;
    sheet.requests(model);
    let asked = sheet.down;
    model.sequences.iter().for_each(|it| sheet.sequence(it));
    let weak: Vec<&str> = model.happens.iter().filter(|it| it.sure == "weak").map(|it| it.id).collect();
    model.machines.iter().for_each(|it| sheet.machine(it, &weak));
    let rails = Rows { first, asked, last: sheet.down };
    let mut lowest = sheet.down;
    for (at, purpose) in model.purposes.iter().enumerate() {
        sheet.rail(at, purpose, model, &rails);
        lowest = lowest.max(sheet.down);
    }
    sheet.down = lowest;
    sheet.finish()
}

/// Where the parts of a picture begin.
struct Rows {
    first: usize,
    asked: usize,
    last: usize,
}

struct Sheet<'v> {
    title: String,
    /// Addresses, each with the owners that are reached there.
    people: Vec<(&'v str, Vec<&'v str>)>,
    rails: usize,
    tracks: usize,
    /// How far down it is drawn.
    down: usize,
    body: Markup,
}

/// A box that was drawn.
#[derive(Clone, Copy)]
struct Frame {
    left: usize,
    top: usize,
    bottom: usize,
}

impl<'v> Sheet<'v> {
    fn new(model: &Model<'v>, title: &str) -> Self {
        let mut people: Vec<(&str, Vec<&str>)> = Vec::new();
        for owner in model.machines.iter().flat_map(|it| &it.states).filter_map(|state| state.who.as_ref()) {
            match people.iter_mut().find(|(address, _)| *address == owner.address) {
                Some((_, ids)) if ids.contains(&owner.id) => {}
                Some((_, ids)) => ids.push(owner.id),
                None => people.push((owner.address, vec![owner.id])),
            }
        }
        let tracks = model.machines.iter().map(|machine| ways(machine).len()).max().unwrap_or(0);
        Self { title: title.into(), people, rails: model.purposes.len(), tracks, down: 0, body: Markup::default() }
    }

    /// Where the lanes begin.
    fn lanes(&self) -> usize {
        GAP + self.rails * RAIL + (self.tracks + 2) * TRACK
    }

    fn left(&self, lane: usize) -> usize {
        self.lanes() + lane * LANE
    }

    fn width(&self) -> usize {
        self.left(self.people.len() + 2)
    }

    /// The title, and the name of each lane.
    fn head(&mut self) {
        self.down = GAP;
        let columns = (self.width() - 2 * GAP) / LETTER;
        let title = self.title.clone();
        self.words(GAP, &wrapped(&title, columns), INK, true);
        self.down += GAP;
        let top = self.down;
        let mut names = vec![wrapped("the lead", BOX), wrapped("pages and emails", BOX)];
        names.extend(
            self.people.iter().map(|(address, ids)| [wrapped(&ids.join(", "), BOX), wrapped(address, BOX)].concat()),
        );
        let mut bottom = top;
        for (lane, lines) in names.iter().enumerate() {
            self.down = top;
            self.words(self.left(lane), lines, INK, true);
            bottom = bottom.max(self.down);
        }
        self.down = bottom;
        self.line(&[(GAP, bottom), (self.width() - GAP, bottom)], LINES, false);
        self.down += PAD;
        let legend = "green: emails may go out; dashed: the time of a state ran out";
        self.words(self.lanes(), &wrapped(legend, (self.width() - self.lanes()) / LETTER), PALE, false);
        self.down += PAD;
    }

    fn section(&mut self, title: &str) {
        let columns = (self.width() - self.lanes()) / LETTER;
        self.words(self.lanes(), &wrapped(title, columns), PALE, true);
        self.down += PAD;
    }

    fn requests(&mut self, model: &Model<'v>) {
        self.section("requests");
        for it in &model.requests {
            let top = self.down;
            let calls = it.calls.then(|| "wants to be called".to_owned());
            let asks = said("may allow ", &it.asks);
            let lead = self.frame(0, top, it.label, &[Some(format!("request: {}", it.id)), calls, asks]);
            let made = [
                said("form: ", &it.form),
                it.gives.map(|gives| format!("gives: {gives}")),
                Some(format!("answer: {}", it.answer)),
                Some(format!("page after it: {}", it.then)),
                Some(format!("member status: {}", it.status)),
            ];
            let made = self.frame(1, top, &format!("page {}", it.page), &made);
            let middle = top + LINE;
            self.arrow(&[(lead.left + LANE - GAP, middle), (made.left, middle)], WAY, false);
            self.down = lead.bottom.max(made.bottom) + GAP;
        }
    }

    fn sequence(&mut self, it: &Sequence<'v>) {
        self.section(&format!("sequence {}: starts on {}", it.id, it.starts));
        let gates = it.goes_on.iter().map(|(machine, states)| Some(format!("{machine} in {}", states.join(", "))));
        let gates: Vec<Option<String>> =
            std::iter::once(Some(format!("permission for {}", it.purpose))).chain(gates).collect();
        let mut before = self.frame(1, self.down, "gate before each email", &gates);
        for email in &it.emails {
            self.down = before.bottom + GAP;
            let next = self.frame(1, self.down, &format!("day {}: {}", email.day, email.id), &[]);
            let middle = next.left + (LANE - GAP) / 2;
            self.arrow(&[(middle, before.bottom), (middle, next.top)], WAY, false);
            before = next;
        }
        self.down = before.bottom + GAP;
    }

    fn machine(&mut self, it: &Machine<'v>, weak: &[&str]) {
        self.section(&format!("machine {}", it.id));
        let mut frames = Vec::new();
        for state in &it.states {
            let lane = state.who.as_ref().and_then(|who| self.people.iter().position(|(it, _)| *it == who.address));
            let frame = self.frame(lane.map_or(0, |lane| lane + 2), self.down, state.id, &stands(state, weak));
            self.down = frame.bottom + GAP;
            frames.push(frame);
        }
        self.ways(it, &frames);
    }

    /// Each way leaves its state in the upper part of its box and comes to the next in the lower part, so that no two
    /// share a height.
    fn ways(&mut self, machine: &Machine<'v>, frames: &[Frame]) {
        let ways = ways(machine);
        let count = |ends: &dyn Fn(&Way) -> bool, at: usize| ways[..at].iter().filter(|way| ends(way)).count();
        for (at, way) in ways.iter().enumerate() {
            let all = |ends: &dyn Fn(&Way) -> bool| ways.iter().filter(|way| ends(way)).count();
            let (leaves, comes) = (|it: &Way| it.from == way.from, |it: &Way| it.to == way.to);
            let (from, to) = (frames[way.from], frames[way.to]);
            let part = |frame: Frame, place: usize, of: usize, base: usize| {
                let half = (frame.bottom - frame.top) / 2;
                frame.top + base * half + half * (place + 1) / (of + 1)
            };
            let start = part(from, count(&leaves, at), all(&leaves), 0);
            let end = part(to, count(&comes, at), all(&comes), 1);
            let track = self.lanes() - (at + 2) * TRACK;
            let color = if way.is_late { LATE } else { WAY };
            self.arrow(&[(from.left, start), (track, start), (track, end), (to.left, end)], color, way.is_late);
        }
    }

    /// A permission: where its states are come to, and in which of them emails go out.
    fn rail(&mut self, at: usize, it: &Purpose<'v>, model: &Model<'v>, rows: &Rows) {
        let left = GAP + at * RAIL;
        let sends = model.sequences.iter().any(|sequence| sequence.purpose == it.id);
        let what = if sends { "" } else { "no emails here" };
        self.down = rows.first;
        self.words(left, &[wrapped(it.id, STATION + 2), wrapped(what, STATION + 2)].concat(), INK, true);
        let mut stations = Vec::new();
        for state in &it.states {
            let (top, how) = match state.id {
                "unasked" => (rows.first, String::new()),
                "asked" => (rows.first, "box left empty".to_owned()),
                "pending" => (rows.first, "box ticked".to_owned()),
                "given" if it.mode == "double_opt_in" => {
                    (rows.asked, said("confirmed by ", &it.confirmed_by).unwrap_or_default())
                }
                "given" => (rows.asked, "box ticked".to_owned()),
                _ => (rows.last.saturating_sub(4 * LINE), "at any moment".to_owned()),
            };
            self.down = top.max(self.down + PAD);
            stations.push((self.down, state));
            let color = if state.allows { OPEN } else { PALE };
            self.words(left + 2 * PAD, &[wrapped(state.id, STATION), wrapped(&how, STATION)].concat(), color, false);
        }
        self.down = self.down.max(rows.last);
        let ends = stations.iter().skip(1).map(|(top, _)| *top).chain([self.down]);
        for ((top, state), end) in stations.iter().zip(ends.collect::<Vec<_>>()) {
            let color = match state.id {
                _ if state.allows => OPEN,
                "withdrawn" => SHUT,
                _ => LINES,
            };
            self.rail_piece(left, *top, end, color);
        }
    }

    fn rail_piece(&mut self, left: usize, top: usize, bottom: usize, color: &str) {
        let height = number(bottom.saturating_sub(top));
        let (x, y) = (number(left), number(top));
        let line = [("x", &*x), ("y", &*y), ("width", "4"), ("height", &*height), ("fill", color)];
        let (x, y) = (number(left + 2), number(top + LINE / 2));
        let dot = [("cx", &*x), ("cy", &*y), ("r", "6"), ("fill", color)];
        self.put(|body| body.empty("rect", &line).empty("circle", &dot));
    }

    /// A box with a name and what is said in it.
    fn frame(&mut self, lane: usize, top: usize, name: &str, said: &[Option<String>]) -> Frame {
        let names = wrapped(name, BOX);
        let lines: Vec<String> = said.iter().flatten().flat_map(|line| wrapped(line, BOX)).collect();
        let left = self.left(lane);
        let height = (names.len() + lines.len()) * LINE + PAD;
        let (x, y, width, tall) = (number(left), number(top), number(LANE - GAP), number(height));
        let look = [("rx", "4"), ("fill", "#ffffff"), ("stroke", LINES)];
        let place = [("x", &*x), ("y", &*y), ("width", &*width), ("height", &*tall)];
        self.put(|body| body.empty("rect", &[&place[..], &look[..]].concat()));
        let before = self.down;
        self.down = top + PAD / 2;
        self.words(left + PAD, &names, INK, true);
        self.words(left + PAD, &lines, PALE, false);
        self.down = before;
        Frame { left, top, bottom: top + height }
    }

    fn words(&mut self, left: usize, lines: &[String], color: &str, is_bold: bool) {
        for line in lines {
            let (x, y) = (number(left), number(self.down + LINE - 4));
            // Where the reader's font is wider than the measure, its letters are set closer.
            let wide = number(line.width() * 36 / 5);
            let mut look = vec![("x", &*x), ("y", &*y), ("fill", color), ("textLength", &*wide)];
            if is_bold {
                look.push(("font-weight", "bold"));
            }
            self.put(|body| body.open("text", &look).text(line).close("text").text("\n"));
            self.down += LINE;
        }
    }

    fn arrow(&mut self, points: &[(usize, usize)], color: &str, is_late: bool) {
        self.line(points, color, is_late);
        if let Some(&[(before_x, before_y), (x, y)]) = points.last_chunk::<2>() {
            let tip = match (before_x == x, before_y > y) {
                (true, _) => format!("M{x} {y}l-4 -7h8z"),
                _ => format!("M{x} {y}l-7 -4v8z"),
            };
            self.put(|body| body.empty("path", &[("d", &*tip), ("fill", color)]));
        }
    }

    fn line(&mut self, points: &[(usize, usize)], color: &str, is_late: bool) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let points = points.join(" ");
        let mut look = vec![("points", &*points), ("fill", "none"), ("stroke", color), ("stroke-width", "1.5")];
        if is_late {
            look.push(("stroke-dasharray", "5 3"));
        }
        self.put(|body| body.empty("polyline", &look).text("\n"));
    }

    fn put(&mut self, more: impl FnOnce(Markup) -> Markup) {
        self.body = more(std::mem::take(&mut self.body));
    }

    fn finish(self) -> Content {
        let (width, height) = (number(self.width()), number(self.down + GAP));
        let view_box = format!("0 0 {width} {height}");
        let root = [
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", &*width),
            ("height", &*height),
            ("viewBox", &*view_box),
            ("role", "img"),
            ("font-family", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"),
            ("font-size", "12"),
        ];
        let page = [("width", &*width), ("height", &*height), ("fill", "#ffffff")];
        let head = Markup::default().open("svg", &root).open("title", &[]).text(&self.title).close("title");
        head.empty("rect", &page).html(&self.body.finish()).close("svg").text("\n").into_content()
    }
}

/// A way from state to state, by their places.
struct Way {
    from: usize,
    to: usize,
    /// Whether only the clock leads there.
    is_late: bool,
}

fn ways(machine: &Machine<'_>) -> Vec<Way> {
    let place = |id: &str| machine.states.iter().position(|state| state.id == id);
    let mut ways = Vec::new();
    for (from, state) in machine.states.iter().enumerate() {
        let targets: BTreeSet<usize> = state.to.values().filter_map(|to| place(to)).filter(|to| *to != from).collect();
        ways.extend(targets.into_iter().map(|to| {
            let mut leads = state.to.iter().filter(|(_, id)| place(id) == Some(to));
            Way { from, to, is_late: leads.all(|(event, _)| *event == super::super::lower::LATE) }
        }));
    }
    ways
}

/// What holds in a state, and what leads on, a line each.
fn stands(state: &Step<'_>, weak: &[&str]) -> Vec<Option<String>> {
    let mut lines = vec![
        state.who.is_none().then(|| "at rest".to_owned()),
        state.within.map(|within| format!("within {within}")),
        state.record.map(|record| format!("gets: {record}")),
        said("contacts by: ", &state.contact),
        state.sends.map(|email| format!("sends: {email}")),
    ];
    lines.extend(state.to.iter().map(|(event, to)| {
        let sign = if weak.contains(event) { " (a weak sign)" } else { "" };
        Some(format!("{event}{sign} → {to}"))
    }));
    lines
}

fn said(what: &str, words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| format!("{what}{}", words.join(", ")))
}

fn number(value: usize) -> String {
    value.to_string()
}
