//! The language a page is made in, and what is said where a text is missing.

use crate::catalog::locales::LocaleId;
use crate::diag::Diagnostic;
use crate::document::language;
use crate::source::Span;

use super::Maker;

impl Maker<'_, '_> {
    /// The locale a page can be made in: the first of the chain that has all of its texts.
    pub fn language_of(&mut self, parts: &[&str], locale: LocaleId, what: &str) -> LocaleId {
        let locales = &self.prepared.program.catalog().locales;
        let own = self.prepared.localized(locale);
        if own.is_some_and(|own| parts.iter().all(|part| language::is_whole(&own.tree, part, locale, locales))) {
            return locale;
        }
        let mut missing = None;
        for &candidate in &locales.get(locale).chain {
            let Some(localized) = self.prepared.localized(candidate) else { continue };
            match language::foreign(&localized.tree, parts, candidate, locales) {
                None if candidate == locale => {
                    self.note_dropped(parts, locale);
                    return candidate;
                }
                None => {
                    let to = &locales.get(candidate).tag;
                    self.note_fallback(missing, locale, &format!("{what} is made in {to} instead"));
                    return candidate;
                }
                Some(text) => missing = missing.or(Some(text.origin.span)),
            }
        }
        self.note_fallback(missing, locale, &format!("{what} mixes languages"));
        locale
    }

    /// T3 `scope-back`: the page's language comes before the stronger layer's words.
    fn note_dropped(&mut self, parts: &[&str], locale: LocaleId) {
        let catalog = self.prepared.program.catalog();
        let Some(localized) = self.prepared.localized(locale) else { return };
        let tag = &catalog.locale(locale).tag;
        for (shown, dropped) in language::dropped(&localized.tree, parts) {
            let of = &catalog.layer(shown.origin.layer).selector;
            let message = format!("this text has no {tag}, so that of {of} is shown");
            let warning = Diagnostic::warning("W-UNTRANSLATED", message).at(dropped.span, "not shown");
            let warning = warning.other(shown.origin.span, "shown in its place");
            self.diagnostics.push(warning.help(format!("translate it in `locales/{tag}/` of the same layer")));
        }
    }

    fn note_fallback(&mut self, span: Option<Span>, locale: LocaleId, what: &str) {
        let tag = &self.prepared.program.catalog().locale(locale).tag;
        let message = format!("this text has no {tag}, so {what}");
        let found = if self.options.release || what.ends_with("mixes languages") {
            Diagnostic::error("E-UNTRANSLATED", message)
        } else {
            Diagnostic::warning("W-FALLBACK", message)
        };
        let found = found.help(format!("translate it in `locales/{tag}/` of the same layer"));
        self.diagnostics.push(match span {
            Some(span) => found.at(span, ""),
            None => found,
        });
    }
}
