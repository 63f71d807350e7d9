//! Locales and where their texts are looked for (T1, T7).

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;
use crate::syntax::tree::Node;

/// Names a locale of [`Locales`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocaleId(pub u16);

#[derive(Clone, Debug)]
pub struct Locale {
    /// A BCP 47 tag as written: `pt-BR`.
    pub tag: Arc<str>,
    /// What its speakers call it.
    pub name: Arc<str>,
    pub rtl: bool,
    /// Where texts are looked for, itself first, best first. Written out by HQ, never derived (T1).
    pub chain: Vec<LocaleId>,
    /// The first one of its language, which stands for that where languages are compared.
    speech: LocaleId,
    pub span: Span,
}

impl Locale {
    /// Language and script, which decide whether two locales can stand on one page.
    pub fn language(&self) -> &str {
        language(&self.tag)
    }

    /// The tag as it stands in output paths.
    pub fn slug(&self) -> String {
        self.tag.to_ascii_lowercase()
    }
}

/// `zh-Hant-TW` and `zh-Hant` share `zh-Hant`; `pt-BR` and `pt` share `pt`.
fn language(tag: &str) -> &str {
    let mut ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
    let first = ends.next().unwrap_or(tag.len());
    match ends.next() {
        Some(second) if second - first == 5 => &tag[..second],
        _ => &tag[..first],
    }
}

/// All locales of the package.
#[derive(Clone, Debug, Default)]
pub struct Locales {
    locales: Vec<Locale>,
    pub source: Option<LocaleId>,
}

impl Locales {
    /// All of them, in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = &Locale> {
        self.locales.iter()
    }

    pub fn get(&self, id: LocaleId) -> &Locale {
        &self.locales[id.0 as usize]
    }

    pub fn find(&self, tag: &str) -> Option<LocaleId> {
        self.locales.iter().position(|locale| &*locale.tag == tag).map(|index| LocaleId(index as u16))
    }

    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.locales.iter().map(|locale| &*locale.tag)
    }

    /// The locale the master is written in.
    pub fn source(&self) -> LocaleId {
        self.source.unwrap_or(LocaleId(0))
    }

    pub fn same_language(&self, a: LocaleId, b: LocaleId) -> bool {
        self.get(a).speech == self.get(b).speech
    }

    /// Reads `locale` and `locales` of `package.yaml`.
    pub fn read(package: &Node, diagnostics: &mut Diagnostics) -> Self {
        let map = package.as_map();
        let mut locales = Self::default();
        let mut chains = Vec::new();
        for item in map.and_then(|map| map.get("locales")).and_then(Node::as_seq).unwrap_or(&[]) {
            let Some(entry) = item.as_map() else { continue };
            let Some(tag) = entry.get("id").and_then(Node::as_text).cloned() else { continue };
            let alike = locales.iter().position(|other| other.language() == language(&tag));
            locales.locales.push(Locale {
                speech: LocaleId(alike.unwrap_or(locales.locales.len()) as u16),
                name: entry.get("name").and_then(Node::as_text).unwrap_or(&tag).clone(),
                rtl: entry.get("direction").and_then(Node::as_text).is_some_and(|text| &**text == "rtl"),
                chain: Vec::new(),
                span: item.span,
                tag,
            });
            chains.push(entry.get("chain"));
        }
        for (index, chain) in chains.into_iter().enumerate() {
            locales.locales[index].chain = locales.read_chain(LocaleId(index as u16), chain, diagnostics);
        }
        locales.source = map.and_then(|map| map.get("locale")).and_then(|node| {
            let found = node.as_text().and_then(|tag| locales.find(tag));
            if found.is_none() {
                diagnostics.push(
                    Diagnostic::error("E-LOCALE", "the master's `locale` is not among `locales`")
                        .at(node.span, "")
                        .help("list it in `locales`, with its chain"),
                );
            }
            found
        });
        locales
    }

    fn read_chain(&self, own: LocaleId, node: Option<&Node>, diagnostics: &mut Diagnostics) -> Vec<LocaleId> {
        let mut chain = Vec::new();
        for item in node.and_then(Node::as_seq).unwrap_or(&[]) {
            let Some(tag) = item.as_text() else { continue };
            if &**tag == "STOP" {
                break;
            }
            match self.find(tag) {
                Some(id) => chain.push(id),
                None => diagnostics.push(
                    Diagnostic::error("E-LOCALE", format!("the chain names `{tag}`, which is not among `locales`"))
                        .at(item.span, "")
                        .help("list it in `locales`, or take it out of the chain"),
                ),
            }
        }
        if chain.first() != Some(&own) {
            chain.retain(|&id| id != own);
            chain.insert(0, own);
        }
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn the_script_belongs_to_the_language_and_the_country_does_not() {
        assert_eq!(language("zh-Hant-TW"), "zh-Hant");
        assert_eq!(language("zh-Hant"), "zh-Hant");
        assert_eq!(language("pt-BR"), "pt");
        assert_eq!(language("de"), "de");
    }
}
