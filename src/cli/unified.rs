//! The difference of two texts in the form that `patch` and `git apply` read.

use std::ops::Range;

/// How many lines are shown around a change.
const AROUND: usize = 3;

/// Above this the middle of two texts is shown as replaced whole: comparing all lines would take too long.
const MAX_CELLS: usize = 4_000_000;

/// Lines of both texts: kept (with their numbers in both), taken out or put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Same(usize, usize),
    Old(usize),
    New(usize),
}

/// The difference, with a heading for each file; empty for equal texts with one name.
pub fn unified(old_name: &str, new_name: &str, old: &str, new: &str) -> String {
    let mut out = format!("--- a/{old_name}\n+++ b/{new_name}\n");
    if old == new {
        return if old_name == new_name {
            String::new()
        } else {
            format!("rename from {old_name}\nrename to {new_name}\n")
        };
    }
    let (olds, news) = (lines(old), lines(new));
    let script = script(&olds, &news);
    for hunk in hunks(&script) {
        out.push_str(&header(&script, &hunk));
        for line in &script[hunk] {
            let (sign, text) = match *line {
                Line::Same(index, _) => (' ', olds[index]),
                Line::Old(index) => ('-', olds[index]),
                Line::New(index) => ('+', news[index]),
            };
            out.push(sign);
            out.push_str(text);
            if !text.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    out
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What becomes of each line: the longest run of lines that both have stays.
fn script(old: &[&str], new: &[&str]) -> Vec<Line> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (olds, news) = (head..old.len() - tail, head..new.len() - tail);
    let mut script: Vec<Line> = (0..head).map(|index| Line::Same(index, index)).collect();
    if olds.len().saturating_mul(news.len()) > MAX_CELLS {
        script.extend(olds.clone().map(Line::Old).chain(news.clone().map(Line::New)));
    } else {
        middle(old, new, olds.clone(), news.clone(), &mut script);
    }
    script.extend((0..tail).map(|index| Line::Same(olds.end + index, news.end + index)));
    script
}

fn middle(old: &[&str], new: &[&str], olds: Range<usize>, news: Range<usize>, script: &mut Vec<Line>) {
    let width = news.len() + 1;
    // How long the run of common lines is from each pair on.
    let mut longest = vec![0u32; (olds.len() + 1) * width];
    for i in (0..olds.len()).rev() {
        for j in (0..news.len()).rev() {
            longest[i * width + j] = match old[olds.start + i] == new[news.start + j] {
                true => longest[(i + 1) * width + j + 1] + 1,
                false => longest[(i + 1) * width + j].max(longest[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < olds.len() || j < news.len() {
        let (a, b) = (olds.start + i, news.start + j);
        if i < olds.len() && j < news.len() && old[a] == new[b] {
            script.push(Line::Same(a, b));
            (i, j) = (i + 1, j + 1);
        } else if i < olds.len() && (j == news.len() || longest[(i + 1) * width + j] >= longest[i * width + j + 1]) {
            script.push(Line::Old(a));
            i += 1;
        } else {
            script.push(Line::New(b));
            j += 1;
        }
    }
}

/// The runs of the script around its changes.
fn hunks(script: &[Line]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (index, _) in script.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(..))) {
        let (start, end) = (index.saturating_sub(AROUND), (index + 1 + AROUND).min(script.len()));
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

fn header(script: &[Line], hunk: &Range<usize>) -> String {
    let range = |is_other: fn(&Line) -> bool| {
        let count = |lines: &[Line]| lines.iter().filter(|line| !is_other(line)).count();
        let (before, within) = (count(&script[..hunk.start]), count(&script[hunk.clone()]));
        // An empty range is named by the line before it.
        let first = if within == 0 { before } else { before + 1 };
        if within == 1 { first.to_string() } else { format!("{first},{within}") }
    };
    let (old, new) = (range(|line| matches!(line, Line::New(_))), range(|line| matches!(line, Line::Old(_))));
    format!("@@ -{old} +{new} @@\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_with_the_lines_around_them() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let new = old.replace("5\n", "five\n");
        let shown = unified("a", "a", old, &new);
        assert_eq!(shown, "--- a/a\n+++ b/a\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
    }

    #[test]
    fn a_missing_line_end_and_a_new_file_are_told() {
        let shown = unified("a", "a", "x", "x\n");
        assert_eq!(shown, "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
        assert!(unified("a", "a", "", "x\n").contains("@@ -0,0 +1 @@\n+x\n"));
        assert_eq!(unified("a", "a", "x", "x"), "");
    }
}
