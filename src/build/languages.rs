//! The language that each page and email is made in, and what is said where a text is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::is_within;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::language;
use crate::document::plan::Plan;
use crate::links::LinkKind;
use crate::paths::OutputPath;
use crate::resolve::tree::{Origin, Tree};

use super::{Program, parts};

/// For each page and email, by its path, the locale whose texts it shows.
pub type Languages = BTreeMap<OutputPath, LocaleId>;

/// What is chosen for all that a plan makes.
#[derive(Default)]
pub struct Chosen {
    pub languages: Languages,
    /// What is not made in its own locale.
    pub fallen: Vec<Fallen>,
}

/// A page or an email that is made in another locale than it is planned in.
pub struct Fallen {
    /// Such as "the page `landing`".
    pub what: String,
    pub file: OutputPath,
    pub wanted: LocaleId,
    /// `None` where no locale of the chain has all of its texts, and the deployment is refused.
    pub made_in: Option<LocaleId>,
    /// The first text that the wanted locale does not have.
    pub missing: Option<Origin>,
    /// Where its texts stand.
    parts: Vec<String>,
}

impl Fallen {
    /// Whether it shows what stands at a path.
    pub fn shows(&self, path: &str) -> bool {
        self.parts.iter().any(|part| is_within(path, part))
    }
}

/// Chooses for everything that a plan makes in the locales of its readers. With `release` a page that falls back
/// is an error.
pub fn choose(
    program: &Program,
    trees: &BTreeMap<LocaleId, Arc<Tree>>,
    plan: &Plan,
    release: bool,
    diagnostics: &mut Diagnostics,
) -> Chosen {
    let catalog = program.catalog();
    let (named, fallen) = (BTreeMap::new(), Vec::new());
    let mut chooser = Chooser { program, trees, release, diagnostics, named, fallen };
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
        let what = format!("the page `{}`", document.id);
        for output in &document.outputs {
            let made = Made { what: &what, file: &output.path, places: &places, templates: &[&document.template] };
            languages.insert(output.path.clone(), chooser.choose(&made, output.locale));
        }
    }
    for email in &plan.emails {
        let item = format!("nurture.emails[{}]", email.id);
        let places = [&*email.content, &item];
        let what = format!("the email `{}`", email.id);
        for output in &email.outputs {
            let templates = &[&email.html, &email.text];
            let made = Made { what: &what, file: &output.html, places: &places, templates };
            languages.insert(output.html.clone(), chooser.choose(&made, output.locale));
        }
    }
    Chosen { languages, fallen: chooser.fallen }
}

/// A page or an email, whose texts stand in `places`, and in what these and its templates show besides.
struct Made<'m> {
    what: &'m str,
    file: &'m OutputPath,
    places: &'m [&'m str],
    templates: &'m [&'m Arc<str>],
}

/// What templates name of a locale's texts, by the templates.
type Named = BTreeMap<(Vec<Arc<str>>, LocaleId), BTreeSet<Arc<str>>>;

struct Chooser<'a, 'd> {
    program: &'a Program,
    trees: &'a BTreeMap<LocaleId, Arc<Tree>>,
    release: bool,
    diagnostics: &'d mut Diagnostics,
    /// The same for all that is made with them, such as every email.
    named: Named,
    fallen: Vec<Fallen>,
}

impl<'a> Chooser<'a, '_> {
    fn catalog(&self) -> &'a Catalog {
        self.program.catalog()
    }

    /// Where the texts of something stand in a locale's tree.
    fn parts(&mut self, made: &Made<'_>, locale: LocaleId) -> Vec<String> {
        let (program, Some(tree)) = (self.program, self.trees.get(&locale)) else { return Vec::new() };
        let key = (made.templates.iter().map(|&name| name.clone()).collect(), locale);
        let named = self.named.entry(key).or_insert_with(|| parts::named(program, made.templates, tree));
        let told = parts::told(program, made.places, tree);
        let shown = named.union(&told).map(|path| &**path);
        made.places.iter().copied().chain(shown).map(str::to_owned).collect()
    }

    /// The locale a page can be made in: the first of the chain that has all of its texts.
    fn choose(&mut self, made: &Made<'_>, locale: LocaleId) -> LocaleId {
        let locales = &self.catalog().locales;
        let own = self.trees.get(&locale);
        let own_parts = self.parts(made, locale);
        let is_whole = |own: &Arc<Tree>| own_parts.iter().all(|part| language::is_whole(own, part, locale, locales));
        if own.is_some_and(is_whole) {
            return locale;
        }
        let mut missing = None;
        for &candidate in &locales.get(locale).chain {
            let Some(tree) = self.trees.get(&candidate) else { continue };
            let of_other = (candidate != locale).then(|| self.parts(made, candidate));
            let parts: Vec<&str> = of_other.as_ref().unwrap_or(&own_parts).iter().map(String::as_str).collect();
            match language::foreign(tree, &parts, candidate, locales) {
                None if candidate == locale => {
                    self.note_dropped(&parts, locale);
                    return candidate;
                }
                None => {
                    self.note_fallback(made, locale, Some(candidate), missing);
                    return candidate;
                }
                Some(text) => missing = missing.or(Some(text.origin)),
            }
        }
        self.note_fallback(made, locale, None, missing);
        locale
    }

    /// T3 `scope-back`: the page's language comes before the stronger layer's words.
    fn note_dropped(&mut self, parts: &[&str], locale: LocaleId) {
        let Some(tree) = self.trees.get(&locale) else { return };
        let tag = &self.catalog().locale(locale).tag;
        for (shown, dropped) in language::dropped(tree, parts) {
            let of = &self.catalog().layer(shown.origin.layer).selector;
            let message = format!("this text has no {tag}, so that of {of} is shown");
            let warning = Diagnostic::warning("W-UNTRANSLATED", message).at(dropped.span, "not shown");
            let warning = warning.other(shown.origin.span, "shown in its place");
            self.diagnostics.push(warning.help(format!("translate it in `locales/{tag}/` of the same layer")));
        }
        for unsaid in language::unsaid(tree, parts) {
            let message = format!("this text has no {tag}, so nothing is added");
            let warning = Diagnostic::warning("W-UNTRANSLATED", message).at(unsaid.span, "not shown");
            self.diagnostics.push(warning.help(format!("translate it in `locales/{tag}/` of the same layer")));
        }
    }

    fn note_fallback(&mut self, made: &Made<'_>, wanted: LocaleId, to: Option<LocaleId>, missing: Option<Origin>) {
        let (tag, what) = (&self.catalog().locale(wanted).tag, made.what);
        let done = match to {
            Some(to) => format!("{what} is made in {} instead", self.catalog().locale(to).tag),
            None => format!("{what} mixes languages"),
        };
        let message = format!("this text has no {tag}, so {done}");
        let found = match self.release || to.is_none() {
            true => Diagnostic::error("E-UNTRANSLATED", message),
            false => Diagnostic::warning("W-FALLBACK", message),
        };
        let found = found.help(format!("translate it in `locales/{tag}/` of the same layer"));
        self.diagnostics.push(match missing {
            Some(missing) => found.at(missing.span, ""),
            None => found,
        });
        let parts = self.parts(made, wanted);
        let (what, file) = (what.to_owned(), made.file.clone());
        self.fallen.push(Fallen { what, file, wanted, made_in: to, missing, parts });
    }
}
