//! Edits that break something: each kind knows the places in a file where it does.

use std::ops::Range;

/// A kind of mistake, and where it can be made in a file.
pub struct Kind {
    pub name: &'static str,
    sites: fn(&str, &str) -> Vec<Edit>,
}

/// What stands at a place of a file, and what takes its place.
#[derive(Clone, Debug)]
pub struct Edit {
    pub range: Range<usize>,
    pub by: String,
}

impl Kind {
    /// All places of a file in which this mistake can be made.
    pub fn sites(&self, path: &str, text: &str) -> Vec<Edit> {
        (self.sites)(path, text)
    }
}

pub const KINDS: [Kind; 26] = [
    Kind { name: "a misspelt key", sites: misspelt_key },
    Kind { name: "a key twice", sites: key_twice },
    Kind { name: "a key without a value", sites: no_value },
    Kind { name: "no blank behind a colon", sites: no_blank },
    Kind { name: "a tab in front", sites: tab },
    Kind { name: "an end of a quoted text missing", sites: unquoted },
    Kind { name: "a bracket missing", sites: unclosed },
    Kind { name: "a word for a number", sites: word_for_number },
    Kind { name: "a day that does not exist", sites: wrong_day },
    Kind { name: "an id that nothing has", sites: unknown_id },
    Kind { name: "a file that is not there", sites: unknown_file },
    Kind { name: "a mailbox without a host", sites: wrong_mailbox },
    Kind { name: "an address without a scheme", sites: wrong_address },
    Kind { name: "a colour of two digits", sites: wrong_colour },
    Kind { name: "a variable that is not there", sites: unknown_variable },
    Kind { name: "braces that stay open", sites: open_braces },
    Kind { name: "a link that the taxonomy does not have", sites: unknown_link },
    Kind { name: "an asset that is not there", sites: unknown_asset },
    Kind { name: "a heading without an id", sites: heading_without_id },
    Kind { name: "an id of another heading", sites: heading_of_another },
    Kind { name: "words bound to nothing", sites: unknown_node },
    Kind { name: "a filter that is not there", sites: unknown_filter },
    Kind { name: "a block of a template that stays open", sites: open_block },
    Kind { name: "an address that nothing tracks", sites: untracked },
    Kind { name: "a page that is not there", sites: nowhere },
    Kind { name: "a conflict left by a merge", sites: conflict },
];

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml")
}

fn is_markdown(path: &str) -> bool {
    path.ends_with(".md")
}

fn is_template(path: &str) -> bool {
    path.contains("/templates/") && path.ends_with(".html")
}

/// The lines of a text that are no remarks, each with its beginning.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches('\n');
        (!line.trim_start().starts_with('#') && !line.trim().is_empty()).then_some((start, line))
    })
}

/// `key: value` in lines of their own: the beginning of the line, the key and the value, with their places.
fn pairs(path: &str, text: &str) -> Vec<(usize, Range<usize>, Range<usize>)> {
    if !is_yaml(path) {
        return Vec::new();
    }
    let pair = |(start, line): (usize, &str)| {
        let key = line.find(|c: char| c != ' ' && c != '-')?;
        let colon = key + line[key..].find(':')?;
        let is_key = line[key..colon].chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let value = colon + 1 + line[colon + 1..].find(|c: char| c != ' ').unwrap_or(0);
        (is_key && colon > key).then_some((start, start + key..start + colon, start + value..start + line.len()))
    };
    lines(text).filter_map(pair).collect()
}

/// Whether a value is a text or number on its line.
fn is_plain(value: &str) -> bool {
    !value.is_empty() && !value.starts_with(['{', '[', '|', '>', '&', '*', '$'])
}

fn misspelt_key(path: &str, text: &str) -> Vec<Edit> {
    let pairs = pairs(path, text).into_iter().filter(|(_, key, _)| key.len() > 4);
    pairs.map(|(_, key, _)| Edit { by: format!("{}q", &text[key.clone()]), range: key }).collect()
}

fn key_twice(path: &str, text: &str) -> Vec<Edit> {
    let whole = |(start, key, value): &(usize, Range<usize>, Range<usize>)| {
        let is_own = !text[*start..key.start].contains('-') && is_plain(text.get(value.clone())?);
        let line = &text[*start..value.end];
        is_own.then(|| Edit { range: value.end..value.end, by: format!("\n{line}") })
    };
    pairs(path, text).iter().filter_map(whole).collect()
}

fn no_value(path: &str, text: &str) -> Vec<Edit> {
    let plain = pairs(path, text).into_iter().filter(|(_, _, value)| is_plain(&text[value.clone()]));
    plain.map(|(_, _, value)| Edit { range: value, by: String::new() }).collect()
}

fn no_blank(path: &str, text: &str) -> Vec<Edit> {
    let plain = pairs(path, text).into_iter().filter(|(_, _, value)| is_plain(&text[value.clone()]));
    plain.map(|(_, key, value)| Edit { range: key.end + 1..value.start, by: String::new() }).collect()
}

fn tab(path: &str, text: &str) -> Vec<Edit> {
    let inner = pairs(path, text)
        .into_iter()
        .filter(|(start, key, _)| key.start > *start && !text[*start..key.start].contains('-'));
    inner.map(|(start, key, _)| Edit { range: start..key.start, by: "\t".to_owned() }).collect()
}

fn unquoted(path: &str, text: &str) -> Vec<Edit> {
    let quoted = pairs(path, text).into_iter().filter(|(_, _, value)| {
        let value = &text[value.clone()];
        value.len() > 2 && value.starts_with('"') && value.ends_with('"')
    });
    quoted.map(|(_, _, value)| Edit { range: value.end - 1..value.end, by: String::new() }).collect()
}

fn unclosed(path: &str, text: &str) -> Vec<Edit> {
    let flow = pairs(path, text).into_iter().filter(|(_, _, value)| text[value.clone()].ends_with(['}', ']']));
    flow.map(|(_, _, value)| Edit { range: value.end - 1..value.end, by: String::new() }).collect()
}

fn word_for_number(path: &str, text: &str) -> Vec<Edit> {
    let numbers = pairs(path, text).into_iter().filter(|(_, _, value)| text[value.clone()].parse::<i32>().is_ok());
    numbers.map(|(_, _, value)| Edit { range: value, by: "many".to_owned() }).collect()
}

fn wrong_day(path: &str, text: &str) -> Vec<Edit> {
    let is_day = |value: &str| value.len() == 10 && value.starts_with("20") && value.matches('-').count() == 2;
    let days = pairs(path, text).into_iter().filter(|(_, _, value)| is_day(&text[value.clone()]));
    days.map(|(_, _, value)| Edit { range: value, by: "2027-02-30".to_owned() }).collect()
}

/// Values of keys that name something else.
fn unknown_id(path: &str, text: &str) -> Vec<Edit> {
    const NAMING: [&str; 16] = [
        "tier",
        "link",
        "component",
        "kind",
        "profile",
        "placement",
        "in",
        "for",
        "purpose",
        "leads_to",
        "pillar",
        "offer",
        "channel",
        "capability",
        "engine",
        "crm",
    ];
    let naming = pairs(path, text).into_iter().filter(|(_, key, value)| {
        let is_word = text[value.clone()].chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        NAMING.contains(&&text[key.clone()]) && is_word && !value.is_empty()
    });
    naming.map(|(_, _, value)| Edit { by: format!("{}q", &text[value.clone()]), range: value }).collect()
}

fn unknown_file(path: &str, text: &str) -> Vec<Edit> {
    const NAMING: [&str; 6] = ["content", "template", "html", "text", "logo", "image"];
    let naming = pairs(path, text).into_iter().filter(|(_, key, value)| {
        NAMING.contains(&&text[key.clone()])
            && [".md", ".html", ".txt", ".svg"].iter().any(|end| text[value.clone()].ends_with(end))
    });
    naming.map(|(_, _, value)| Edit { by: format!("no-{}", &text[value.clone()]), range: value }).collect()
}

fn wrong_mailbox(path: &str, text: &str) -> Vec<Edit> {
    let mail = pairs(path, text).into_iter().filter(|(_, _, value)| {
        let value = &text[value.clone()];
        value.contains('@') && value.ends_with(".example") && !value.contains([' ', '/', '{'])
    });
    mail.map(|(_, _, value)| {
        let at = value.start + text[value.clone()].find('@').unwrap_or(0);
        Edit { range: at + 1..value.end, by: String::new() }
    })
    .collect()
}

fn wrong_address(path: &str, text: &str) -> Vec<Edit> {
    let addresses = pairs(path, text).into_iter().filter(|(_, _, value)| text[value.clone()].starts_with("https://"));
    addresses
        .map(|(_, _, value)| Edit { range: value.start..value.start + "https://".len(), by: "htp:/".to_owned() })
        .collect()
}

fn wrong_colour(path: &str, text: &str) -> Vec<Edit> {
    let is_colour = |value: &str| value.starts_with("\"#") && value.len() == 9;
    let colours = pairs(path, text).into_iter().filter(|(_, _, value)| is_colour(&text[value.clone()]));
    colours.map(|(_, _, value)| Edit { range: value, by: "\"#12\"".to_owned() }).collect()
}

/// Every place where a text stands, in files of some kind, with what becomes of it.
fn each(is_meant: bool, text: &str, found: &str, by: impl Fn(&str) -> Option<(usize, String)>) -> Vec<Edit> {
    let places = is_meant.then(|| text.match_indices(found)).into_iter().flatten();
    places
        .filter_map(|(at, _)| {
            let (length, by) = by(&text[at..])?;
            Some(Edit { range: at..at + length, by })
        })
        .collect()
}

fn is_prose(path: &str) -> bool {
    is_yaml(path) || is_markdown(path)
}

fn unknown_variable(path: &str, text: &str) -> Vec<Edit> {
    each(is_prose(path), text, "{{ ", |rest| {
        let end = rest.find(" }}")?;
        let is_variable = rest[3..end].chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '_'));
        (is_variable && rest[..end].contains('.')).then(|| (end, format!("{}q", &rest[..end])))
    })
}

fn open_braces(path: &str, text: &str) -> Vec<Edit> {
    each(is_prose(path) || is_template(path), text, " }}", |_| Some((3, " }".to_owned())))
}

/// The end of a word that an address is made of.
fn word(rest: &str, from: usize) -> usize {
    from + rest[from..].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | '_'))).unwrap_or(0)
}

fn named(path: &str, text: &str, before: &str) -> Vec<Edit> {
    each(is_markdown(path), text, before, |rest| {
        let end = word(rest, before.len());
        (end > before.len()).then(|| (end, format!("{before}no-{}", &rest[before.len()..end])))
    })
}

fn unknown_link(path: &str, text: &str) -> Vec<Edit> {
    named(path, text, "](link:")
}

fn unknown_asset(path: &str, text: &str) -> Vec<Edit> {
    named(path, text, "](asset:")
}

fn unknown_node(path: &str, text: &str) -> Vec<Edit> {
    named(path, text, "](node:")
}

/// The ids of headings, with the blank in front, in files of the master: elsewhere they are asked for in other ways.
fn headings(path: &str, text: &str) -> Vec<Range<usize>> {
    let is_meant = is_markdown(path) && path.starts_with("master-templates/content/");
    let ids = each(is_meant, text, " {#", |rest| Some((rest.find('}')? + 1, String::new())));
    ids.into_iter().map(|edit| edit.range).collect()
}

fn heading_without_id(path: &str, text: &str) -> Vec<Edit> {
    headings(path, text).into_iter().map(|range| Edit { range, by: String::new() }).collect()
}

fn heading_of_another(path: &str, text: &str) -> Vec<Edit> {
    let ids = headings(path, text);
    let pairs = ids.windows(2).filter(|pair| text[pair[0].clone()] != text[pair[1].clone()]);
    pairs.map(|pair| Edit { range: pair[1].clone(), by: text[pair[0].clone()].to_owned() }).collect()
}

fn unknown_filter(path: &str, text: &str) -> Vec<Edit> {
    each(is_template(path), text, " | safe", |_| Some((7, " | saef".to_owned())))
}

fn open_block(path: &str, text: &str) -> Vec<Edit> {
    each(is_template(path), text, "{% endif %}", |rest| {
        Some(("{% endif %}".len(), String::new())).filter(|_| !rest.is_empty())
    })
}

/// What stands in every page that is made with a template: behind the beginning of a part of it.
fn put(path: &str, text: &str, what: &str) -> Vec<Edit> {
    let is_page = is_template(path) && !path.contains("/emails/");
    each(is_page, text, "<p>", |_| Some((0, what.to_owned())))
}

fn untracked(path: &str, text: &str) -> Vec<Edit> {
    put(path, text, "<a href=\"https://untracked.example/\">x</a>")
}

fn nowhere(path: &str, text: &str) -> Vec<Edit> {
    put(path, text, "<a href=\"no-such-page.html\">x</a>")
}

fn conflict(path: &str, text: &str) -> Vec<Edit> {
    let own = lines(text).filter(|(_, line)| is_prose(path) && line.len() > 20);
    own.map(|(at, line)| Edit {
        range: at..at + line.len(),
        by: format!("<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> topic"),
    })
    .collect()
}
