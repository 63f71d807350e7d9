//! Which kinds of files a package may hold, by what their names end with, and how what stands in them is read.

use super::Page;

/// How addresses are found in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Html,
    Xml,
    Style,
    Manifest,
}

/// The kinds that are read.
const READ: [(&str, Reading); 7] = [
    ("html", Reading::Html),
    ("htm", Reading::Html),
    ("xhtml", Reading::Xml),
    ("svg", Reading::Xml),
    ("xml", Reading::Xml),
    ("css", Reading::Style),
    ("webmanifest", Reading::Manifest),
];

/// The kinds in which a program follows nothing by itself: they are taken as they are.
const PLAIN: [&str; 6] = ["txt", "md", "csv", "json", "ics", "vcf"];

/// The kinds that are only ever files of `assets/`: images, fonts, sound and film, and what people download. What a
/// script does is no address.
const WHOLE: [&str; 29] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "woff", "woff2", "ttf", "otf", "mp4", "webm", "ogg", "mp3",
    "m4a", "wav", "vtt", "js", "mjs", "wasm", "pdf", "docx", "pptx", "xlsx", "odt", "odp", "ods", "zip",
];

/// The kinds that a browser takes for markup: what is put into one has to be escaped.
pub const MARKUP: [&str; 5] = ["html", "htm", "xhtml", "svg", "xml"];

/// What a document may end with.
pub fn of_documents() -> impl Iterator<Item = &'static str> {
    READ.iter().map(|(kind, _)| *kind).chain(PLAIN)
}

/// What a file of `assets/` may end with.
pub fn of_assets() -> impl Iterator<Item = &'static str> {
    of_documents().chain(WHOLE)
}

/// Whether addresses are looked for in a file of that kind.
pub fn is_read(extension: &str) -> bool {
    reading(extension).is_some()
}

fn reading(extension: &str) -> Option<Reading> {
    READ.iter().find(|(kind, _)| *kind == extension).map(|(_, reading)| *reading)
}

impl Page {
    /// Reads a file by what its name ends with; `None` if it is none in which addresses are looked for.
    pub fn of(extension: &str, text: &[u8]) -> Option<Self> {
        Some(match reading(extension)? {
            Reading::Html => Self::read(text),
            Reading::Xml => super::xml::read(text),
            Reading::Style => Self::of_style(text),
            Reading::Manifest => super::manifest::read(text),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::InputPath;
    use crate::workspace::is_text;

    #[test]
    fn whatever_a_document_may_be_a_template_can_be() {
        for kind in of_documents() {
            assert!(is_text(&InputPath::new(&format!("templates/a.{kind}")).unwrap()), "{kind}");
        }
    }
}
