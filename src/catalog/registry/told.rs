//! What rows of registries say at the places at which many questions look: each row is read once, and of what it says is kept
//! where it stands and whose it is. What names a variable says nothing of its own.

use std::sync::Arc;

use rayon::prelude::*;

use crate::source::{SourceId, Span};
use crate::syntax::csv::{Said, Table};

/// What all rows say at some paths of their records.
#[derive(Debug, Default)]
pub struct Told {
    pub paths: Vec<Arc<str>>,
    parts: Vec<Part>,
    others: Vec<Other>,
}

/// Cells of a table.
#[derive(Debug)]
struct Part {
    source: SourceId,
    text: Arc<str>,
    cells: Box<[Cell]>,
}

/// Where a cell stands, and whose it is: there may be millions.
#[derive(Clone, Copy, Debug)]
struct Cell {
    who: u32,
    at: u32,
    length: u16,
    path: u16,
}

/// What is not written as it is, or is longer than a cell tells.
#[derive(Debug)]
struct Other {
    who: u32,
    path: usize,
    text: Box<str>,
}

/// What a row says at one place.
#[derive(Clone, Copy)]
pub struct InRow<'r> {
    pub who: u32,
    pub path: &'r Arc<str>,
    pub text: &'r str,
    /// Where it stands, if that is known without reading the row again.
    pub span: Option<Span>,
}

impl Told {
    pub(super) fn at(paths: Vec<Arc<str>>) -> Self {
        Self { paths, ..Self::default() }
    }

    /// Reads the rows of a table.
    pub(super) fn add(&mut self, table: &Table, paths: &[Arc<str>], whose: &(impl Fn(&str) -> Option<u32> + Sync)) {
        let read = |id: &str, said: &[Said<'_>], (cells, others): &mut (Vec<Cell>, Vec<Other>)| {
            let Some(who) = whose(id) else { return };
            for said in said.iter().filter(|said| is_said(said.text)) {
                match Cell::of(who, said) {
                    Some(cell) => cells.push(cell),
                    None => others.push(Other { who, path: said.number, text: said.text.into() }),
                }
            }
        };
        let (source, text) = table.text();
        let part = |(cells, others): (Vec<Cell>, Vec<Other>)| (cells.into_boxed_slice(), others);
        for (cells, others) in table.columns(paths, read, part) {
            self.parts.push(Part { source, text: text.clone(), cells });
            self.others.extend(others);
        }
    }

    pub(super) fn add_other(&mut self, who: u32, path: usize, text: &str) {
        self.others.extend(is_said(text).then(|| Other { who, path, text: text.into() }));
    }

    /// What `read` makes of what is said at the paths that `is_asked` takes by their numbers, in no order.
    pub fn read<T: Send>(
        &self,
        is_asked: impl Fn(usize) -> bool,
        read: impl Fn(usize, InRow<'_>, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        let asked: Vec<bool> = (0..self.paths.len()).map(is_asked).collect();
        if !asked.contains(&true) {
            return Vec::new();
        }
        let of_part = |part: &Part| {
            let mut made = Vec::new();
            for cell in part.cells.iter().filter(|cell| asked[usize::from(cell.path)]) {
                let (at, path) = (cell.at as usize, usize::from(cell.path));
                let (start, end) = (at, at + usize::from(cell.length));
                let span = Some(Span::new(part.source, start, end));
                let row = InRow { who: cell.who, path: &self.paths[path], text: &part.text[start..end], span };
                read(path, row, &mut made);
            }
            made
        };
        let mut made: Vec<T> = self.parts.par_iter().flat_map_iter(of_part).collect();
        for other in self.others.iter().filter(|other| asked[other.path]) {
            let row = InRow { who: other.who, path: &self.paths[other.path], text: &other.text, span: None };
            read(other.path, row, &mut made);
        }
        made
    }
}

impl Cell {
    fn of(who: u32, said: &Said<'_>) -> Option<Self> {
        let (at, length) = (u32::try_from(said.at?).ok()?, u16::try_from(said.text.len()).ok()?);
        Some(Self { who, at, length, path: u16::try_from(said.number).ok()? })
    }
}

fn is_said(text: &str) -> bool {
    !text.contains("{{")
}
