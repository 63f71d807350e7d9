//! One deployment: the partner's part resolved, everything rendered, everything looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use crate::audit;
use crate::brand::{Color, Palette};
use crate::catalog::locales::LocaleId;
use crate::components::nurture::Message;
use crate::components::{ComponentKind, File, Finding, Input, playbook, proof, qualification, sales, tracking};
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::assets::{Assets, BRAND, SiteAsset};
use crate::document::language;
use crate::document::page::{self, Alternate, Facts};
use crate::document::plan::{Document, Email, Output, Plan};
use crate::document::scope::PageScope;
use crate::links::{LinkKind, LinkRow, Links};
use crate::manifest::Part;
use crate::marks;
use crate::matrix;
use crate::package::{Package, ReadError, complete};
use crate::paths::OutputPath;
use crate::resolve::tree::Tree;
use crate::resolve::{Stack, resolve};
use crate::schema;
use crate::template::{Context, Engine};
use crate::values::marker::Marker;
use crate::values::{Shared, Values};

use super::base::BaseContext;
use super::trace::{Traced, Tracing};
use super::{Options, Program, facts, rendered, slots};

/// A deployment's files.
pub struct Made {
    pub deployment: Deployment,
    files: Vec<(File, Arc<[Arc<str>]>)>,
}

impl Made {
    /// The files as a manifest lists them.
    pub fn parts(&self) -> Vec<Part<'_>> {
        self.files
            .iter()
            .map(|(file, sources)| Part {
                path: &file.path,
                bytes: &file.bytes,
                kind: file.kind,
                component: file.component.id(),
                sources,
            })
            .collect()
    }
}

/// Renders a deployment. Every problem is noted; with an error among them the result must not be used.
pub fn render(
    program: &Program,
    base: &BaseContext<'_>,
    values: &[Option<usize>],
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Made> {
    let catalog = program.catalog();
    let stack = Stack::matching(catalog, values);
    if stack.layers().iter().any(|&layer| program.approved().is_broken(layer)) {
        return None;
    }
    program.approved().check_narrowed(stack.layers(), diagnostics);
    let mut maker = Maker::new(program, base, &stack, values, options, diagnostics)?;
    maker.site_and_emails();
    maker.documents_and_data();
    maker.assets();
    maker.audit();
    let Maker { deployment, files, .. } = maker;
    Some(Made { deployment, files })
}

/// Renders a deployment as [`render`] does, and maps the pages that `tracing` wants.
pub fn trace(
    program: &Program,
    base: &BaseContext<'_>,
    values: &[Option<usize>],
    options: &Options,
    tracing: Tracing<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Traced>> {
    let stack = Stack::matching(program.catalog(), values);
    let mut maker = Maker::new(program, base, &stack, values, options, diagnostics)?;
    maker.tracing = Some(tracing);
    maker.site_and_emails();
    maker.documents_and_data();
    maker.tracing.map(|tracing| tracing.pages)
}

/// An email as it is put together.
struct Letter {
    from_name: String,
    from_email: String,
    subject: String,
    html: String,
    text: String,
}

/// What a rendering shows: the values of one locale, plain or with signs, and the engine that reads them.
struct Shown<'s> {
    locale: LocaleId,
    tree: &'s Arc<Tree>,
    values: &'s Values<'s>,
    root: &'s Arc<DataMap>,
    engine: &'s dyn Engine,
}

/// One locale of a deployment.
struct Localized<'a> {
    tree: Arc<Tree>,
    values: Values<'a>,
    root: Arc<DataMap>,
}

struct Maker<'a, 'd> {
    program: &'a Program,
    base: &'a BaseContext<'a>,
    /// The base's, unless the partner changed what is rendered.
    plan: Arc<Plan>,
    options: &'a Options,
    deployment: Deployment,
    by_locale: BTreeMap<LocaleId, Localized<'a>>,
    /// Computed roots of the template context.
    extras: Arc<DataMap>,
    package: Package,
    links: Arc<Links>,
    assets: Arc<Assets>,
    tracing: Option<Tracing<'a>>,
    /// Layer files that the partner's record and the master's template come from are named per file.
    record_sources: Vec<Arc<str>>,
    rows: Vec<LinkRow>,
    granted: BTreeSet<String>,
    files: Vec<(File, Arc<[Arc<str>]>)>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a, 'd> Maker<'a, 'd> {
    fn new(
        program: &'a Program,
        base: &'a BaseContext<'a>,
        stack: &Stack,
        values: &[Option<usize>],
        options: &'a Options,
        diagnostics: &'d mut Diagnostics,
    ) -> Option<Self> {
        let catalog = program.catalog();
        let source = catalog.locales.source();
        let tags = base.locales.iter().map(|&id| catalog.locale(id).tag.clone()).collect();
        let deployment = matrix::deployment(catalog, values, tags);
        let mut trees: BTreeMap<LocaleId, Arc<Tree>> = BTreeMap::new();
        let chains = base.locales.iter().flat_map(|&locale| catalog.locale(locale).chain.iter().copied());
        for locale in chains.chain([source]).collect::<BTreeSet<_>>() {
            let localized = base.localized(locale)?;
            let below = Some((&base.stack, &localized.resolution));
            let resolution = resolve(program.approved(), stack, locale, below, diagnostics);
            diagnostics.extend(resolution.errors());
            trees.insert(locale, resolution.tree);
        }
        let tree = trees.get(&source)?.clone();
        let partner = tree.get("partner")?;
        let base_tree = &base.localized(source)?.resolution.tree;
        let kept = |key: &&str| match (tree.get(key), base_tree.get(key)) {
            (Some(own), Some(base)) => Arc::ptr_eq(own, base),
            (own, base) => own.is_none() && base.is_none(),
        };
        let plan = match ["documents", "nurture"].iter().all(kept) {
            true => base.plan.clone(),
            false => Arc::new(Plan::new(&tree, &catalog.locales, &base.locales, program.engine(), diagnostics)),
        };
        let around = partner.origin().map(|origin| origin.span);
        complete::check(partner, &schema::records::schema("partner"), "partner", around, diagnostics);
        check_sender(&tree, diagnostics);
        slots::check(program.approved(), &tree, trees.values(), diagnostics);
        if diagnostics.has_errors() {
            return None;
        }
        let palette = palette(&tree)?;
        let mut assets = Assets::of(&tree);
        check_logo(&tree, &assets, diagnostics);
        let brand = SiteAsset {
            output: OutputPath::new(BRAND).ok()?,
            bytes: palette.css().into_bytes().into(),
            input: "partner.brand".into(),
        };
        assets.add("brand.css", brand);
        // The campaign is known once the links are, and those need the filled tracking table.
        let mut extras = base.facts.clone();
        extras.insert("brand".into(), palette.data());
        let fact = facts::of_deployment(&deployment, &base.locales, &catalog.locales, "");
        extras.insert("deployment".into(), fact);
        let shared = &base.localized(source)?.shared;
        let first = Values::new(tree.clone(), Arc::new(extras.clone()), catalog.locale(source).tag.clone(), shared);
        // Everything else is bound only then; without such a table, reading all of it says what is wrong.
        let table = tree.get("tracking").and_then(|node| first.bind(node).ok());
        let table: DataMap = table.into_iter().map(|table| ("tracking".into(), table)).collect();
        let Ok(tracking) = Package::tracking(&table) else {
            let root = first.root(diagnostics);
            // What is missing is missing in the models too; it is said once.
            return if diagnostics.has_errors() {
                None
            } else {
                note_types(Package::read(&root), &tree, diagnostics).and(None)
            };
        };
        let link_facts = facts::of_links(&deployment, catalog, &tree);
        let links = match Links::new(tracking, link_facts, plan.targets.clone()) {
            Ok(links) => Arc::new(links),
            Err(errors) => {
                let place = tree.get("tracking").and_then(|tracking| tracking.origin());
                for error in errors {
                    let diagnostic = error.diagnostic();
                    diagnostics.push(match place {
                        Some(place) => diagnostic.at(place.span, ""),
                        None => diagnostic,
                    });
                }
                return None;
            }
        };
        let fact = facts::of_deployment(&deployment, &base.locales, &catalog.locales, links.campaign());
        extras.insert("deployment".into(), fact);
        let extras = Arc::new(extras);
        let mut by_locale = BTreeMap::new();
        for (locale, tree) in trees {
            let shared = &base.localized(locale)?.shared;
            let values = Values::new(tree.clone(), extras.clone(), catalog.locale(locale).tag.clone(), shared);
            let root = Arc::new(values.root(diagnostics));
            if base.locales.contains(&locale) {
                rendered::check(program.approved().policy(), &values, &catalog.locale(locale).tag, diagnostics);
            }
            by_locale.insert(locale, Localized { tree, values, root });
        }
        if diagnostics.has_errors() {
            return None;
        }
        let package = note_types(Package::read(&by_locale.get(&source)?.root), &tree, diagnostics)?;
        let mut record_sources = BTreeSet::new();
        collect_sources(program, partner, &mut record_sources);
        Some(Self {
            program,
            base,
            plan,
            options,
            deployment,
            by_locale,
            extras,
            package,
            links,
            assets: Arc::new(assets),
            tracing: None,
            record_sources: record_sources.into_iter().collect(),
            rows: Vec::new(),
            granted: BTreeSet::new(),
            files: Vec::new(),
            diagnostics,
        })
    }

    fn site_and_emails(&mut self) {
        let (base, plan) = (self.base, self.plan.clone());
        for document in plan.documents.iter().filter(|document| document.component == ComponentKind::Landing) {
            for output in &document.outputs {
                self.document(document, output, None);
            }
        }
        for email in &plan.emails {
            for &locale in &base.locales {
                self.email(email, locale);
            }
        }
        match self.links.placements() {
            Ok(rows) => self.rows.extend(rows),
            Err(errors) => self.diagnostics.extend(errors.iter().map(crate::links::LinkError::diagnostic)),
        }
    }

    /// The documents for the partner's people and the data files; tracking last, since it lists the
    /// links of all others.
    fn documents_and_data(&mut self) {
        self.check_models();
        use ComponentKind::{Playbook, Proof, Qualification, Sales, Tracking};
        for kind in [Qualification, Sales, Proof, Playbook, Tracking] {
            if let Err(errors) = self.component(kind) {
                self.diagnostics.append(errors);
            }
        }
    }

    fn component(&mut self, kind: ComponentKind) -> Result<(), Diagnostics> {
        let plan = self.plan.clone();
        self.order_rows()?;
        let view = self.with_input(|input| match kind {
            ComponentKind::Qualification => qualification::view(input),
            ComponentKind::Sales => sales::view(input),
            ComponentKind::Proof => proof::view(input),
            ComponentKind::Playbook => playbook::view(input),
            _ => tracking::view(input),
        })?;
        for document in plan.documents.iter().filter(|document| document.component == kind) {
            for output in &document.outputs {
                self.document(document, output, Some(view.clone()));
            }
        }
        let files = self.with_input(|input| match kind {
            ComponentKind::Qualification => qualification::files(input),
            ComponentKind::Sales => sales::files(input),
            ComponentKind::Proof => proof::files(input),
            ComponentKind::Playbook => playbook::files(input),
            _ => tracking::files(input),
        })?;
        let source = self.by_locale.get(&self.program.catalog().locales.source());
        let node = source.and_then(|localized| localized.tree.get(kind.id()).cloned());
        let sources = self.sources(node.as_deref(), None);
        self.files.extend(files.into_iter().map(|file| (file, sources.clone())));
        Ok(())
    }

    /// An email as HTML and as text, or a page that names a link twice, uses one row more than once.
    fn order_rows(&mut self) -> Result<(), Diagnostics> {
        self.rows = crate::links::manifest(std::mem::take(&mut self.rows)).map_err(|errors| {
            let mut diagnostics = Diagnostics::default();
            diagnostics.extend(errors.iter().map(crate::links::LinkError::diagnostic));
            diagnostics
        })?;
        Ok(())
    }

    fn with_input<T>(&self, work: impl FnOnce(&Input<'_>) -> Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        let source = self.program.catalog().locales.source();
        let empty = Arc::default();
        let root = self.by_locale.get(&source).map_or(&empty, |localized| &localized.root);
        work(&Input { deployment: &self.deployment, data: root, package: &self.package, links: &self.rows })
    }

    fn check_models(&mut self) {
        let source = self.program.catalog().locales.source();
        let Some(localized) = self.by_locale.get(&source) else { return };
        let root = &localized.root;
        let model = qualification::effective(&self.package.qualification, root);
        let mut findings = qualification::check(&model, &qualification::Emitted::of(root));
        findings.extend(sales::check(&self.package.sales, &sales::Known::of(root)));
        findings.extend(proof::check(&self.package));
        findings.extend(tracking::check(&self.package.tracking));
        let landing = self.files.iter().find(|(file, _)| file.path.as_str() == "site/index.html");
        if let Some(page) = landing.and_then(|(file, _)| std::str::from_utf8(&file.bytes).ok()) {
            findings.extend(qualification::check_form(&model, page));
        }
        let tree = localized.tree.clone();
        self.diagnostics.extend(findings.iter().map(|finding| placed(&tree, "E-MODEL", finding)));
    }

    /// The locale a page can be made in: the first of the chain that has all of its texts.
    fn language_of(&mut self, parts: &[&str], locale: LocaleId, what: &str) -> LocaleId {
        let locales = &self.program.catalog().locales;
        let mut missing = None;
        for &candidate in &locales.get(locale).chain {
            let Some(localized) = self.by_locale.get(&candidate) else { continue };
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
        let catalog = self.program.catalog();
        let Some(localized) = self.by_locale.get(&locale) else { return };
        let tag = &catalog.locale(locale).tag;
        for (shown, dropped) in language::dropped(&localized.tree, parts) {
            let of = &catalog.layer(shown.origin.layer).selector;
            let message = format!("this text has no {tag}, so that of {of} is shown");
            let warning = Diagnostic::warning("W-UNTRANSLATED", message).at(dropped.span, "not shown");
            let warning = warning.other(shown.origin.span, "shown in its place");
            self.diagnostics.push(warning.help(format!("translate it in `locales/{tag}/` of the same layer")));
        }
    }

    fn note_fallback(&mut self, span: Option<crate::source::Span>, locale: LocaleId, what: &str) {
        let tag = &self.program.catalog().locale(locale).tag;
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

    fn document(&mut self, document: &Document, output: &Output, view: Option<Data>) {
        let content = document.content.as_deref();
        let locale = if document.component == ComponentKind::Landing {
            let parts: Vec<&str> = content.into_iter().chain(["strings"]).collect();
            self.language_of(&parts, output.locale, &format!("the page `{}`", document.id))
        } else {
            output.locale
        };
        let rendered = match self.shown(locale) {
            Some(shown) => self.rendered(document, output, view.as_ref(), &shown),
            None => return,
        };
        let Some((html, scope)) = self.noted(rendered) else { return };
        self.trace(&output.path, &html, locale, |maker, shown| {
            Some(maker.rendered(document, output, view.as_ref(), shown).ok()?.0)
        });
        let sources = self.content_sources(content, locale, &document.template);
        let bytes = html.into_bytes().into();
        let file = File { path: output.path.clone(), bytes, component: document.component, kind: "page" };
        self.files.push((file, sources));
        self.keep_used(&scope);
    }

    fn rendered(
        &self,
        document: &Document,
        output: &Output,
        view: Option<&Data>,
        shown: &Shown<'_>,
    ) -> Result<(String, Arc<PageScope>), Diagnostics> {
        let alternates: Vec<_> = document.outputs.iter().map(|other| (other.locale, &other.path)).collect();
        let facts = (&*document.id, document.component, &output.path, alternates.as_slice());
        let (scope, page) = self.page(facts, document.link_kind(), shown, document.content.as_deref(), false)?;
        let mut extra = vec![("page", page)];
        extra.extend(view.map(|view| ("view", self.marked_view(view, shown))));
        let html = self.template(&document.template, shown, &scope, &extra)?;
        Ok((html, scope))
    }

    /// What a component computed, with signs around the texts that it took over as they were.
    fn marked_view(&self, view: &Data, shown: &Shown<'_>) -> Data {
        let (Some(marker), Some(plain)) = (shown.values.marker(), self.by_locale.get(&shown.locale)) else {
            return view.clone();
        };
        let filled = |leaf: &Arc<Tree>| plain.values.bind(leaf).ok();
        let texts = marker.texts(shown.tree, &filled);
        view.map_text(&|text| marker.as_known(&texts, text))
    }

    /// What an ordinary rendering in a locale shows.
    fn shown(&self, locale: LocaleId) -> Option<Shown<'_>> {
        let Localized { tree, values, root } = self.by_locale.get(&locale)?;
        Some(Shown { locale, tree, values, root, engine: self.program.engine() })
    }

    /// What was rendered; what went wrong is noted.
    fn noted<T>(&mut self, rendered: Result<T, Diagnostics>) -> Option<T> {
        rendered.map_err(|errors| self.diagnostics.append(errors)).ok()
    }

    /// Renders a page again with signs, if it is to be mapped. Where a template looks at a value and sees the
    /// sign, the page comes out another one; then its templates alone are mapped, or nothing.
    fn trace(
        &mut self,
        path: &OutputPath,
        plain: &str,
        locale: LocaleId,
        render: impl Fn(&Self, &Shown<'_>) -> Option<String>,
    ) {
        let Some(tracing) = self.tracing.as_ref().filter(|tracing| tracing.wants(path)) else { return };
        let Some(localized) = self.by_locale.get(&locale) else { return };
        let tree = &localized.tree;
        let mapped = |marker: Option<Marker>| {
            let marker = marker.map(Arc::new);
            let tag = self.program.catalog().locale(locale).tag.clone();
            let values = Values::new(tree.clone(), self.extras.clone(), tag, Shared::nothing()).marked(marker.clone());
            let root = Arc::new(values.root(&mut Diagnostics::default()));
            let shown = Shown { locale, tree, values: &values, root: &root, engine: tracing.engine };
            let (text, runs) = marks::read(&render(self, &shown)?);
            (text == plain).then_some((runs, marker))
        };
        let (runs, marker) = mapped(Some(Marker::new(tree)))
            .or_else(|| {
                let bears = |bare: &[Range<u32>]| mapped(Some(Marker::without(tree, bare.to_vec()))).is_some();
                let bare = super::trace::looked_at(Marker::new(tree).numbers(), &bears)?;
                mapped(Some(Marker::without(tree, bare)))
            })
            .or_else(|| mapped(None))
            .unwrap_or_default();
        let page = Traced { path: path.clone(), text: plain.to_owned(), locale, tree: tree.clone(), runs, marker };
        if let Some(tracing) = &mut self.tracing {
            tracing.pages.push(page);
        }
    }

    fn keep_used(&mut self, scope: &PageScope) {
        let used = scope.take_used();
        self.rows.extend(used.rows);
        self.granted.extend(used.addresses);
    }

    #[allow(clippy::type_complexity, reason = "the four facts of a page, named where it is called")]
    fn page(
        &self,
        (id, component, output, alternates): (&str, ComponentKind, &OutputPath, &[(LocaleId, &OutputPath)]),
        kind: LinkKind,
        shown: &Shown<'_>,
        content: Option<&str>,
        with_text: bool,
    ) -> Result<(Arc<PageScope>, Data), Diagnostics> {
        let locales = &self.program.catalog().locales;
        let scope = Arc::new(PageScope {
            values: shown.root.clone(),
            links: self.links.clone(),
            assets: self.assets.clone(),
            document: id.into(),
            component,
            kind,
            output: output.clone(),
            tag: locales.get(shown.locale).tag.clone(),
            base_url: self.deployment.url.clone(),
            used: Mutex::default(),
            marker: shown.values.marker().cloned(),
        });
        let facts = Facts {
            id,
            component: component.id(),
            output,
            locale: locales.get(shown.locale),
            base_url: &self.deployment.url,
            alternates: alternates
                .iter()
                .map(|&(locale, output)| Alternate { locale: locales.get(locale), output })
                .collect(),
        };
        let content = content.and_then(|content| shown.tree.get(content));
        let page = page::page(&facts, content.map(|tree| &**tree), shown.values, &*scope, with_text)?;
        Ok((scope, page))
    }

    fn template(
        &self,
        name: &str,
        shown: &Shown<'_>,
        scope: &Arc<PageScope>,
        extra: &[(&str, Data)],
    ) -> Result<String, Diagnostics> {
        let mut values: Vec<(&str, Data)> = shown.root.iter().map(|(key, data)| (&**key, data.clone())).collect();
        values.extend(extra.iter().cloned());
        let context = Context { values: &values, scope: scope.clone() };
        shown.engine.render(name, &context).map_err(Diagnostics::from)
    }

    fn email(&mut self, email: &Email, wanted: LocaleId) {
        let item_path = format!("nurture.emails[{}]", email.id);
        let parts = [&*email.content, "strings", &item_path];
        let locale = self.language_of(&parts, wanted, &format!("the email `{}`", email.id));
        let slug = self.program.catalog().locale(wanted).slug();
        let paths = ["html", "txt", "eml"].map(|extension| Plan::email_path(email, &slug, extension));
        let [Ok(html_path), Ok(text_path), Ok(eml_path)] = paths else {
            let message = format!("`{}` is no name for a file", email.id);
            self.diagnostics.push(Diagnostic::error("E-OUTPUT", message).help("ids of emails are lower-case ASCII"));
            return;
        };
        let rendered = match self.shown(locale) {
            Some(shown) => self.letter(email, &html_path, &shown),
            None => return,
        };
        let Some(Some((letter, scope))) = self.noted(rendered) else { return };
        self.keep_used(&scope);
        self.trace(&html_path, &letter.html, locale, |maker, shown| {
            Some(maker.letter(email, &html_path, shown).ok()??.0.html)
        });
        self.trace(&text_path, &letter.text, locale, |maker, shown| {
            Some(maker.letter(email, &html_path, shown).ok()??.0.text)
        });
        let Letter { from_name, from_email, subject, html, text } = letter;
        let message = Message {
            from_name: &from_name,
            from_email: &from_email,
            subject: &subject,
            html: &html,
            text: &text,
            date: self.program.identity().released,
            key: &format!("{}/{slug}/{}", self.deployment.id, email.id),
        };
        let message = message.bytes();
        let sources = self.content_sources(Some(&email.content), locale, &email.html);
        for (path, bytes) in [(html_path, html.into_bytes()), (text_path, text.into_bytes()), (eml_path, message)] {
            let file = File { path, bytes: bytes.into(), component: ComponentKind::Nurture, kind: "email" };
            self.files.push((file, sources.clone()));
        }
    }

    /// An email's parts; `None` if the sequence has no such email.
    fn letter(
        &self,
        email: &Email,
        html_path: &OutputPath,
        shown: &Shown<'_>,
    ) -> Result<Option<(Letter, Arc<PageScope>)>, Diagnostics> {
        let root = Data::Map(shown.root.clone());
        let item = root.at(&format!("nurture.emails[{}]", email.id)).and_then(Data::as_map).cloned();
        let Some(mut entries) = item else { return Ok(None) };
        entries.insert("number".into(), Data::Int(email.number as i64));
        entries.insert("file".into(), Data::from(html_path.file_name()));
        let prefix = root.at("region.legal.subject_prefix").and_then(Data::as_str).unwrap_or_default();
        let subject = entries.get("subject").and_then(Data::as_str).unwrap_or_default();
        let subject = if prefix.is_empty() { subject.to_owned() } else { format!("{prefix} {subject}") };
        entries.insert("subject".into(), Data::from(subject.clone()));
        let word = |path: &str| root.at(path).and_then(Data::as_str).unwrap_or_default().to_owned();
        let facts = (&*email.id, ComponentKind::Nurture, html_path, &[][..]);
        let (scope, page) = self.page(facts, LinkKind::Email, shown, Some(&email.content), true)?;
        let extra = [("page", page), ("email", Data::Map(Arc::new(entries)))];
        let html = self.template(&email.html, shown, &scope, &extra);
        let text = self.template(&email.text, shown, &scope, &extra);
        match (html, text) {
            (Ok(html), Ok(text)) => {
                let (from_name, from_email) = (word("nurture.sender.name"), word("nurture.sender.email"));
                Ok(Some((Letter { from_name, from_email, subject, html, text }, scope)))
            }
            (html, text) => {
                let mut errors = Diagnostics::default();
                html.err().into_iter().chain(text.err()).for_each(|found| errors.append(found));
                Err(errors)
            }
        }
    }

    fn assets(&mut self) {
        let assets = self.assets.clone();
        for asset in assets.iter() {
            let kind = if asset.output.as_str() == BRAND { "style" } else { "asset" };
            let file = File {
                path: asset.output.clone(),
                bytes: asset.bytes.clone(),
                component: ComponentKind::Landing,
                kind,
            };
            let sources: Arc<[Arc<str>]> = match kind {
                "style" => self.record_sources.clone().into(),
                _ => [asset.input.clone()].into(),
            };
            self.files.push((file, sources));
        }
    }

    fn audit(&mut self) {
        if self.diagnostics.has_errors() {
            return;
        }
        let files: Vec<&File> = self.files.iter().map(|(file, _)| file).collect();
        self.diagnostics.append(audit::audit(&files, &self.granted, &self.deployment.url));
    }

    /// The layer files that a page's content came from, and its template.
    fn content_sources(&self, content: Option<&str>, locale: LocaleId, template: &str) -> Arc<[Arc<str>]> {
        let tree = self.by_locale.get(&locale).map(|localized| &localized.tree);
        let node = tree.zip(content).and_then(|(tree, content)| tree.get(content).cloned());
        self.sources(node.as_deref(), Some(template))
    }

    fn sources(&self, node: Option<&Tree>, template: Option<&str>) -> Arc<[Arc<str>]> {
        let mut names: BTreeSet<Arc<str>> = self.record_sources.iter().cloned().collect();
        names.extend(template.map(|name| format!("{}/templates/{name}", crate::catalog::layers::MASTER).into()));
        if let Some(node) = node {
            collect_sources(self.program, node, &mut names);
        }
        names.into_iter().collect()
    }
}

fn collect_sources(program: &Program, node: &Tree, names: &mut BTreeSet<Arc<str>>) {
    let mut sources: Vec<_> = node.leaves().iter().map(|resolved| resolved.origin.span.source).collect();
    sources.sort_unstable();
    sources.dedup();
    names.extend(sources.into_iter().map(|source| Arc::from(program.sources().get(source).path.as_str())));
}

/// What was read, or nothing and a diagnostic for each value of a wrong type.
fn note_types<T>(read: Result<T, Vec<ReadError>>, tree: &Tree, diagnostics: &mut Diagnostics) -> Option<T> {
    read.map_err(|errors| {
        for error in errors {
            let finding = Finding::new(error.path, error.message, "give it the value that the guide describes");
            diagnostics.push(placed(tree, "E-TYPE", &finding));
        }
    })
    .ok()
}

/// A finding at the place of the value it is about, or of what is around it.
fn placed(tree: &Tree, code: &'static str, finding: &Finding) -> Diagnostic {
    let error = Diagnostic::error(code, format!("`{}`: {}", finding.path, finding.message)).help(finding.help.clone());
    let mut path = finding.path.as_str();
    loop {
        if let Some(origin) = tree.at(path).and_then(Tree::origin) {
            return error.at(origin.span, "");
        }
        match path.rfind(['.', '[']) {
            Some(end) => path = &path[..end],
            None => return error,
        }
    }
}

/// What the law of the region asks the sender to say of itself (4.2 of the region's own record).
fn check_sender(tree: &Tree, diagnostics: &mut Diagnostics) {
    use crate::catalog::patch::Leaf;
    let required = tree.at("region.legal.required_sender_fields").and_then(Tree::as_leaf);
    let Some((Leaf::Seq(fields), rule)) = required.map(|resolved| (&resolved.leaf, resolved.origin.span)) else {
        return;
    };
    let place = tree.get("partner").and_then(|partner| partner.origin());
    for field in fields.iter().filter_map(Leaf::source) {
        if tree.at(&format!("partner.legal.{field}")).is_none() {
            let error = Diagnostic::error(
                "E-SENDER",
                format!("`partner.legal.{field}` is missing, and the region asks senders for it"),
            )
            .other(rule, "asked for here")
            .help(format!("add `{field}:` below `legal:` in the partner's record"));
            diagnostics.push(match place {
                Some(place) => error.at(place.span, "this partner"),
                None => error,
            });
        }
    }
}

fn check_logo(tree: &Tree, assets: &Assets, diagnostics: &mut Diagnostics) {
    let Some(logo) = tree.at("partner.brand.logo").and_then(Tree::as_leaf) else { return };
    let Some(path) = logo.leaf.source() else { return };
    if let Err(message) = assets.find(path) {
        diagnostics.push(
            Diagnostic::error("E-ASSET", message)
                .at(logo.origin.span, "named as the logo")
                .help("put the file there, or take `logo` out: pages then show the name"),
        );
    }
}

/// The roots of the template context that no layer sets: `package`, `policy`, `brand` and `deployment`. The
/// campaign is left out, which only a whole build knows.
pub fn computed(program: &Program, values: &[Option<usize>], tree: &Tree) -> DataMap {
    let catalog = program.catalog();
    let tier = catalog.settings.axis_named("tier").and_then(|axis| Some((axis, values[axis.0]?)));
    let tier = tier.map(|(axis, value)| &*catalog.axes[axis.0].at(value).id);
    let mut computed = facts::of_base(tree, program.approved().policy(), tier);
    computed.extend(palette(tree).map(|palette| ("brand".into(), palette.data())));
    let locales = facts::locales(tree, &catalog.locales);
    let tags = locales.iter().map(|&id| catalog.locale(id).tag.clone()).collect();
    let deployment = matrix::deployment(catalog, values, tags);
    computed.insert("deployment".into(), facts::of_deployment(&deployment, &locales, &catalog.locales, ""));
    computed
}

/// The partner's colour, or the vendor's, or a quiet blue.
fn palette(tree: &Tree) -> Option<Palette> {
    let color = |path: &str| tree.text_at(path).and_then(Color::parse);
    let color = color("partner.brand.primary").or_else(|| color("vendor.brand.primary"));
    color.or_else(|| Color::parse("#1f3a5f")).map(Palette::of)
}
