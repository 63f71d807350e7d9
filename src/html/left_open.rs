//! What a piece of markup begins and does not end: a browser would take what follows for a part of it.

use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Error, Span, Token, Tokenizer};

/// Elements that have no end.
const VOID: [&str; 16] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta",
    "source", "track", "wbr",
];

/// Elements that what follows ends by itself.
const MAY_STAY_OPEN: [&str; 18] = [
    "caption", "colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc", "tbody", "td",
    "tfoot", "th", "thead", "tr",
];

/// Elements in which a tag that ends with a slash is over.
const DRAWINGS: [&str; 2] = ["math", "svg"];

/// The first tag or comment that is open where the markup ends.
pub fn left_open(markup: &str) -> Option<Range<usize>> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut open: Vec<(String, Range<usize>)> = Vec::new();
    let mut cut = None;
    for token in Tokenizer::new_with_emitter(markup, emitter) {
        // The reader cannot fail.
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let is_over = tag.self_closing && open.iter().any(|(name, _)| DRAWINGS.contains(&&**name));
                if !is_over && !VOID.contains(&&*name) && !MAY_STAY_OPEN.contains(&&*name) {
                    open.push((name, range(tag.span)));
                }
            }
            Token::EndTag(tag) => close(&mut open, &String::from_utf8_lossy(&tag.name)),
            Token::Error(error) if is_cut(&error.value) => {
                cut = markup.rfind('<').map(|start| start..markup.len());
            }
            _ => {}
        }
    }
    open.into_iter().map(|(_, tag)| tag).next().or(cut)
}

/// Of several of one name the last, and with a drawing all that is in it.
fn close(open: &mut Vec<(String, Range<usize>)>, name: &str) {
    let Some(at) = open.iter().rposition(|(own, _)| own == name) else { return };
    match DRAWINGS.contains(&name) {
        true => open.truncate(at),
        false => _ = open.remove(at),
    }
}

fn is_cut(error: &Error) -> bool {
    use Error::{EofBeforeTagName, EofInCdata, EofInComment, EofInDoctype, EofInTag};
    matches!(error, EofBeforeTagName | EofInCdata | EofInComment | EofInDoctype | EofInTag)
}

fn range(span: Span<usize>) -> Range<usize> {
    span.start..span.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_told_by_its_tag() {
        for (markup, open) in [
            ("<textarea>x", Some("<textarea>")),
            ("a <script>let s = `<b>", Some("<script>")),
            ("<TITLE >x</titles>", Some("<TITLE >")),
            ("<template><p>x</p>", Some("<template>")),
            ("<noscript>x", Some("<noscript>")),
            ("<select><option>a", Some("<select>")),
            ("<svg><path d='M0'/><g/>", Some("<svg>")),
            ("<iframe>", Some("<iframe>")),
            ("<div/>", Some("<div/>")),
            ("<b>x</b><div title=\"y", Some("<div title=\"y")),
            ("<div data-x", Some("<div data-x")),
            ("x <!-- y", Some("<!-- y")),
            ("<ul><li>x<li>y</ul><p>z<br/><img src=x>", None),
            ("<svg><path d='M0'><g/></svg><script>'<b>'</script>", None),
            ("<b><i>x</b></i>", None),
            ("", None),
        ] {
            assert_eq!(left_open(markup).map(|tag| &markup[tag]), open, "{markup}");
        }
    }
}
