//! The examples of the CommonMark specification as bodies of blocks.

use std::fs;

use cobrand::source::SourceId;
use cobrand::syntax::markdown::{self, Block};
use pulldown_cmark::{Parser, html};

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    let text = fs::read_to_string(super::package("commonmark-spec/spec.txt")).unwrap();
    let fence = "`".repeat(32);
    let opening = format!("\n{fence} example\n");
    let parts = text.split(&opening).skip(1);
    let example = |(at, part): (usize, &str)| {
        let (body, _) = part.split_once(&format!("\n{fence}\n")).unwrap();
        let (markdown, html) = match body.strip_prefix(".\n") {
            Some(html) => ("", html),
            None => body.split_once("\n.\n").unwrap_or_else(|| (body.trim_end_matches("\n."), "")),
        };
        let lines = |text: &str| if text.is_empty() { String::new() } else { text.replace('→', "\t") + "\n" };
        Example { number: at + 1, markdown: lines(markdown), html: lines(html) }
    };
    parts.enumerate().map(example).collect()
}

#[test]
fn a_body_between_marks_keeps_its_bytes_and_meaning() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    let mut kept = 0;
    for example in &examples {
        let text = format!("<!-- block: a -->\n{}<!-- /block -->\n", example.markdown);
        // Refused are examples that swallow the end mark: fences and raw HTML that never end.
        let Ok(document) = markdown::parse(SourceId(0), &text, 0) else { continue };
        let [block] = &*document.blocks else { panic!("example {}", example.number) };
        assert_eq!(&*block.body.value, example.markdown, "example {}", example.number);
        let mut rendered = String::new();
        html::push_html(&mut rendered, Parser::new(&block.body.value));
        assert_eq!(normal(&rendered), normal(&example.html), "example {}", example.number);
        kept += 1;
    }
    assert!(kept > 640, "only {kept} examples were read");
}

#[test]
fn split_and_joined_the_specification_is_the_same() {
    let mut accepted = 0;
    for example in examples() {
        let text = format!("# One {{#a}}\n\n{}\n## Two {{#a/b}}\n{}\n", example.markdown, example.markdown);
        let Ok(document) = markdown::parse(SourceId(0), &text, 0) else { continue };
        let joined: String = document.blocks.iter().map(|block| joined(&text, block)).collect();
        assert_eq!(joined, text, "example {}", example.number);
        accepted += 1;
    }
    assert!(accepted > 610, "only {accepted} examples were read");
}

/// A heading's block from its parts.
fn joined(text: &str, block: &Block) -> String {
    let heading = &text[block.span.start as usize..block.body.span.start as usize];
    let nested: String = block.blocks.iter().map(|block| joined(text, block)).collect();
    format!("{heading}{}{nested}", block.body.value)
}

/// Without what HTML may write in two ways: quotes in texts, and line ends before tags.
fn normal(html: &str) -> String {
    html.replace("&quot;", "\"").replace("\n<", "<")
}
