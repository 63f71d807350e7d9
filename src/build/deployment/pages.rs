//! Pages and documents, as they are and with signs.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::components::ComponentKind;
use crate::data::{Data, DataMap};
use crate::diag::Diagnostics;
use crate::document::known::Known;
use crate::document::page::{self, Alternate, Facts};
use crate::document::plan::{Document, Output};
use crate::document::scope::{PageScope, Used};
use crate::encode::Content;
use crate::links::LinkKind;
use crate::marks;
use crate::paths::OutputPath;
use crate::resolve::tree::Tree;
use crate::template::forms::PageId;
use crate::template::{Context, LinkUse, Rendering};
use crate::values::marker::Marker;
use crate::values::{Shared, Values};

use super::super::prepared::{Prepared, Shown};
use super::super::trace::{Traced, Tracing, looked_at};
use super::job::Rendered;

impl Prepared<'_> {
    /// A document's page.
    pub fn document(&self, document: &Document, output: &Output, view: Option<&Data>) -> Result<Rendered, Diagnostics> {
        let locale = self.made_in(&output.path, output.locale);
        let shown = self.shown(locale).ok_or_else(Diagnostics::default)?;
        let (html, used) = self.rendered(document, output, view, &shown)?;
        let planned = self.planned(output.path.as_str()).ok_or_else(Diagnostics::default)?;
        let file = planned.made(Content::rendered(html));
        let sources = self.content_sources(document.content.as_deref(), locale, &document.template);
        Ok(Rendered { file, sources, used })
    }

    /// Maps a document's page, if it is wanted.
    pub fn trace_page(
        &self,
        document: &Document,
        output: &Output,
        view: Option<&Data>,
        tracing: &mut Tracing<'_>,
    ) -> Option<Traced> {
        let locale = self.made_in(&output.path, output.locale);
        self.trace(&output.path, locale, tracing, |shown| Some(self.rendered(document, output, view, shown).ok()?.0))
    }

    /// Renders a page again with signs, if it is to be mapped. Where a template looks at a value and sees the
    /// sign, the page comes out another one; then its templates alone are mapped, or nothing.
    pub fn trace(
        &self,
        path: &OutputPath,
        locale: LocaleId,
        tracing: &mut Tracing<'_>,
        render: impl Fn(&Shown<'_>) -> Option<String>,
    ) -> Option<Traced> {
        if !tracing.wants(path) {
            return None;
        }
        let tree = &self.localized(locale)?.tree;
        let own = self.shown(locale)?;
        let plain = render(&own)?;
        if !tracing.tells_values {
            let (text, runs) = marks::read(&render(&Shown { engine: tracing.engine, forms: None, ..own })?);
            let runs = if text == plain { runs } else { Vec::new() };
            return Some(Traced { path: path.clone(), text: plain, locale, tree: tree.clone(), runs, marker: None });
        }
        let mapped = |marker: Option<Marker>| {
            let marker = marker.map(Arc::new);
            let tag = self.program.catalog().locale(locale).tag.clone();
            let values = Values::new(tree.clone(), self.extras.clone(), tag, Shared::nothing()).marked(marker.clone());
            let root = Arc::new(values.root(&mut Diagnostics::default()));
            let shown = Shown { locale, tree, values: &values, root: &root, engine: tracing.engine, forms: None };
            let (text, runs) = marks::read(&render(&shown)?);
            (text == plain).then_some((runs, marker))
        };
        let mut looked = Vec::new();
        let (runs, marker) = mapped(Some(Marker::new(tree)))
            .or_else(|| {
                let bears = |bare: &[Range<u32>]| mapped(Some(Marker::without(tree, bare.to_vec()))).is_some();
                let bare = looked_at(Marker::new(tree).numbers(), &tracing.looked_at, &bears)?;
                looked.clone_from(&bare);
                mapped(Some(Marker::without(tree, bare)))
            })
            .or_else(|| mapped(None))
            .unwrap_or_default();
        if !looked.is_empty() {
            tracing.looked_at = looked;
        }
        Some(Traced { path: path.clone(), text: plain, locale, tree: tree.clone(), runs, marker })
    }

    fn rendered(
        &self,
        document: &Document,
        output: &Output,
        view: Option<&Data>,
        shown: &Shown<'_>,
    ) -> Result<(String, Used), Diagnostics> {
        let alternates: Vec<_> = document.outputs.iter().map(|other| (other.locale, &other.path)).collect();
        let facts = (&*document.id, document.component, &output.path, alternates.as_slice());
        let (scope, page) = self.page(facts, document.link_kind(), shown, document.content.as_deref(), false)?;
        let mut extra = vec![("page", page)];
        extra.extend(view.map(|view| ("view", self.marked_view(view, shown))));
        let Rendering { text, links } = self.template(&document.template, shown, &scope, &extra)?;
        let used = self.used(&scope, shown, document.content.as_deref(), &links);
        Ok((text, used))
    }

    /// What a component computed, with signs around the texts that it took over as they were.
    fn marked_view(&self, view: &Data, shown: &Shown<'_>) -> Data {
        let (Some(marker), Some(plain)) = (shown.values.marker(), self.localized(shown.locale)) else {
            return view.clone();
        };
        let filled = |leaf: &Arc<Tree>| plain.values.bind(leaf).ok();
        let texts = marker.texts(shown.tree, &filled);
        view.map_text(&|text| marker.as_known(&texts, text))
    }

    #[allow(clippy::type_complexity, reason = "the four facts of a page, named where it is called")]
    pub fn page(
        &self,
        (id, component, output, alternates): (&str, ComponentKind, &OutputPath, &[(LocaleId, &OutputPath)]),
        kind: LinkKind,
        shown: &Shown<'_>,
        content: Option<&str>,
        with_text: bool,
    ) -> Result<(Rc<PageScope>, Data), Diagnostics> {
        let locales = &self.program.catalog().locales;
        let scope = Rc::new(PageScope {
            values: shown.root.clone(),
            links: self.links.clone(),
            assets: self.assets.clone(),
            bound: self.bound.clone(),
            document: id.into(),
            component,
            kind,
            output: output.clone(),
            tag: locales.get(shown.locale).tag.clone(),
            base_url: self.deployment.url.clone(),
            marker: shown.values.marker().cloned(),
        });
        let planned = alternates.iter().find(|(_, path)| *path == output).map(|(locale, _)| *locale);
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
            documents: if component.is_public() { Vec::new() } else { self.plan.for_partners(planned).collect() },
            unlisted: self.path.as_ref().is_some_and(|path| path.gates().is_unlisted(id)),
            known: self.known(id, shown.root),
        };
        let content = content.and_then(|content| shown.tree.get(content));
        let page = page::page(&facts, content.map(|tree| &**tree), shown.values, &*scope, with_text)?;
        Ok((scope, page))
    }

    /// What a form knows by itself on a page that is that of a request.
    fn known<'k>(&'k self, page: &str, root: &'k DataMap) -> Known<'k> {
        let request = self.package.journey.requests.iter().find(|request| *request.page == *page);
        let text =
            |key: &str, path: &str| root.get(key).and_then(|it| it.at(path)).and_then(Data::as_str).unwrap_or_default();
        let is_called = request.is_some_and(|request| request.calls);
        Known {
            deployment: text("deployment", "id"),
            campaign: text("deployment", "campaign"),
            partner: text("partner", "id"),
            version: text("package", "version"),
            request: request.map_or("", |request| &request.id),
            phone_consent: if is_called { text("region", "consent.version") } else { "" },
            ..Known::default()
        }
    }

    /// What comes of the links in a page's Markdown and of those that its templates asked for.
    pub fn used(&self, scope: &PageScope, shown: &Shown<'_>, content: Option<&str>, links: &[LinkUse]) -> Used {
        let content = content.and_then(|content| shown.tree.get(content));
        let in_text = content.into_iter().flat_map(|content| page::links(content));
        let bound = content.into_iter().flat_map(|content| page::nodes(content)).filter_map(|node| scope.link_of(node));
        let in_text: Vec<LinkUse> = in_text.chain(bound).collect();
        scope.used(in_text.iter().chain(links))
    }

    pub fn template(
        &self,
        name: &str,
        shown: &Shown<'_>,
        scope: &Rc<PageScope>,
        extra: &[(&str, Data)],
    ) -> Result<Rendering, Diagnostics> {
        let mut values: Vec<(&str, Data)> = shown.root.iter().map(|(key, data)| (&**key, data.clone())).collect();
        values.extend(extra.iter().cloned());
        let context = Context { values: &values, scope: scope.clone() };
        let page = || PageId { template: name.into(), output: scope.output.as_str().into(), tag: scope.tag.clone() };
        let rendered = match (shown.forms, shown.values.shared()) {
            (Some(forms), Some(shared)) => forms.render(shown.engine, page(), &context, &|data| shared.owns(data)),
            _ => shown.engine.render(name, &context),
        };
        rendered.map_err(Diagnostics::from)
    }
}
