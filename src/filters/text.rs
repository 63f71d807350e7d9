//! Filters from text to text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::data::Data;
use crate::encode::css::Color;
use crate::encode::html::{Markup, plain};
use crate::filters::{Arguments, kind, print};

/// The value as plain text; markup loses its tags.
pub fn text(value: &Data) -> Result<Cow<'_, str>, String> {
    match value {
        Data::Html(html) => Ok(Cow::Owned(plain(html))),
        _ => print(value).ok_or_else(|| format!("the value is {}, not a text", kind(value))),
    }
}

pub fn trim(value: &Data, _: &Arguments<'_>) -> Result<Data, String> {
    match value {
        Data::Html(html) => Ok(Data::Html(html.trimmed())),
        _ => Ok(text(value)?.trim().into()),
    }
}

/// Both engines have a `safe` that prints any text unescaped; a partner's text must not get there.
pub fn safe(value: &Data, _: &Arguments<'_>) -> Result<Data, String> {
    match value {
        Data::Text(text) if !text.is_empty() => {
            Err("the value is a text, which must be escaped where it is printed".into())
        }
        other => Ok(other.clone()),
    }
}

pub fn color(value: &Data, _: &Arguments<'_>) -> Result<Data, String> {
    let text = text(value)?;
    let color = Color::parse(text.trim()).ok_or_else(|| format!("`{text}` is no colour such as `#0b6e4f`"))?;
    Ok(color.to_string().into())
}

/// Capitals at the start of words; the rest stays, so that `AWS` and `iPad` keep their shape.
pub fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.push(c)
        } else {
            out.extend(c.to_uppercase())
        }
        inside = c.is_alphanumeric() || matches!(c, '\'' | '’');
    }
    out
}

/// Items that are markup make the result markup, with the other items and the separator escaped.
pub fn join(value: &Data, arguments: &Arguments<'_>) -> Result<Data, String> {
    let Data::List(items) = value else { return Err(format!("the value is {}, not a list", kind(value))) };
    let separator = arguments.text(0)?.unwrap_or_default();
    let is_markup = items.iter().any(|item| matches!(item, Data::Html(_)));
    let (mut text, mut markup) = (String::new(), Markup::default());
    for (index, item) in items.iter().enumerate() {
        let separator = if index > 0 { &*separator } else { "" };
        let own = print(item).ok_or_else(|| format!("item {} of the list is {}", index + 1, kind(item)))?;
        match item {
            Data::Html(html) => markup = markup.text(separator).html(html),
            _ if is_markup => markup = markup.text(separator).text(&own),
            _ => text.extend([separator, &own]),
        }
    }
    Ok(if is_markup { Data::Html(markup.finish()) } else { text.into() })
}

pub fn paragraphs(value: &Data, _: &Arguments<'_>) -> Result<Data, String> {
    if let Data::Html(_) = value {
        return Ok(value.clone());
    }
    let text = text(value)?.replace("\r\n", "\n");
    let mut markup = Markup::default();
    let mut lines = text.split('\n').map(str::trim_end).peekable();
    while lines.peek().is_some() {
        let paragraph: Vec<_> =
            lines.by_ref().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()).collect();
        let Some((first, rest)) = paragraph.split_first() else { continue };
        markup = markup.open("p", &[]).text(first);
        markup = rest.iter().fold(markup, |markup, line| markup.open("br", &[]).text("\n").text(line));
        markup = markup.close("p").text("\n");
    }
    Ok(Data::Html(markup.finish()))
}

/// Letters lose their accents; what has no ASCII letter close to it separates words.
pub fn slug(value: &Data, _: &Arguments<'_>) -> Result<Data, String> {
    let text = text(value)?;
    slug_of(&text).map(Into::into).ok_or_else(|| format!("`{text}` has no letter or digit that fits a slug"))
}

/// `None` if nothing is left of the text.
pub fn slug_of(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'ø' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            '\'' | '’' => {}
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    Some(out).filter(|slug| !slug.is_empty())
}
