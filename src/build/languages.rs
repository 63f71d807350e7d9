//! The language that each page and email is made in, and what is said where a text is missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::locales::LocaleId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::language;
use crate::document::plan::Plan;
use crate::links::LinkKind;
use crate::paths::OutputPath;
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::{Program, parts};

/// For each page and email, by its path, the locale whose texts it shows.
pub type Languages = BTreeMap<OutputPath, LocaleId>;

/// Chooses for everything that a plan makes in the locales of its readers. With `release` a page that falls back
/// is an error.
pub fn choose(
    program: &Program,
    trees: &BTreeMap<LocaleId, Arc<Tree>>,
    plan: &Plan,
    release: bool,
    diagnostics: &mut Diagnostics,
) -> Languages {
    let catalog = program.catalog();
    let mut chooser = Chooser { catalog, trees, release, diagnostics };
    let mut languages = Languages::new();
    let source = trees.get(&catalog.locales.source()).map(|tree| &**tree);
    for document in &plan.documents {
        let is_page = document.link_kind() == LinkKind::Site;
        // Documents for the partner's people are made once, in the master's language, unless they ask for each.
        if !is_page && document.outputs.iter().all(|output| output.locale == catalog.locales.source()) {
            continue;
        }
        let told = source.map(|tree| parts::of(document.component, tree)).unwrap_or_default();
        let content = document.content.as_deref().into_iter();
        let places: Vec<&str> = content.chain(told.iter().map(String::as_str)).collect();
        let shown = |tree: &Tree| parts::shown(program, &[&document.template], tree, &places);
        for output in &document.outputs {
            let what = format!("the page `{}`", document.id);
            let locale = chooser.choose(&places, &shown, output.locale, &what);
            languages.insert(output.path.clone(), locale);
        }
    }
    for email in &plan.emails {
        let item = format!("nurture.emails[{}]", email.id);
        let places = [&*email.content, &item];
        let shown = |tree: &Tree| parts::shown(program, &[&email.html, &email.text], tree, &places);
        for output in &email.outputs {
            let what = format!("the email `{}`", email.id);
            let locale = chooser.choose(&places, &shown, output.locale, &what);
            languages.insert(output.html.clone(), locale);
        }
    }
    languages
}

struct Chooser<'a, 'd> {
    catalog: &'a Catalog,
    trees: &'a BTreeMap<LocaleId, Arc<Tree>>,
    release: bool,
    diagnostics: &'d mut Diagnostics,
}

impl Chooser<'_, '_> {
    /// The locale a page can be made in: the first of the chain that has all of its texts. They stand in `places`, and
    /// in what else is `shown` of a tree.
    fn choose(
        &mut self,
        places: &[&str],
        shown: &dyn Fn(&Tree) -> Vec<Arc<str>>,
        locale: LocaleId,
        what: &str,
    ) -> LocaleId {
        let locales = &self.catalog.locales;
        let own = self.trees.get(&locale);
        let is_whole = |own: &Tree, part: &str| language::is_whole(own, part, locale, locales);
        let has_all = |own: &Arc<Tree>| {
            places.iter().all(|place| is_whole(own, place)) && shown(own).iter().all(|path| is_whole(own, path))
        };
        if own.is_some_and(has_all) {
            return locale;
        }
        let mut missing = None;
        for &candidate in &locales.get(locale).chain {
            let Some(tree) = self.trees.get(&candidate) else { continue };
            let shown = shown(tree);
            let parts: Vec<&str> = places.iter().copied().chain(shown.iter().map(|path| &**path)).collect();
            match language::foreign(tree, &parts, candidate, locales) {
                None if candidate == locale => {
                    self.note_dropped(&parts, locale);
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
        let Some(tree) = self.trees.get(&locale) else { return };
        let tag = &self.catalog.locale(locale).tag;
        for (shown, dropped) in language::dropped(tree, parts) {
            let of = &self.catalog.layer(shown.origin.layer).selector;
            let message = format!("this text has no {tag}, so that of {of} is shown");
            let warning = Diagnostic::warning("W-UNTRANSLATED", message).at(dropped.span, "not shown");
            let warning = warning.other(shown.origin.span, "shown in its place");
            self.diagnostics.push(warning.help(format!("translate it in `locales/{tag}/` of the same layer")));
        }
    }

    fn note_fallback(&mut self, span: Option<Span>, locale: LocaleId, what: &str) {
        let tag = &self.catalog.locale(locale).tag;
        let message = format!("this text has no {tag}, so {what}");
        let found = if self.release || what.ends_with("mixes languages") {
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
