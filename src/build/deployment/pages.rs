//! Pages and documents, as they are and with signs.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use crate::catalog::locales::LocaleId;
use crate::components::{ComponentKind, File};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::document::page::{self, Alternate, Facts};
use crate::document::plan::{Document, Output};
use crate::document::scope::PageScope;
use crate::links::LinkKind;
use crate::marks;
use crate::paths::OutputPath;
use crate::resolve::tree::Tree;
use crate::template::Context;
use crate::template::forms::PageId;
use crate::values::marker::Marker;
use crate::values::{Shared, Values};

use super::super::prepared::{Prepared, Shown};
use super::super::trace::{Traced, looked_at};
use super::Maker;

impl Maker<'_, '_> {
    pub fn document(&mut self, document: &Document, output: &Output, view: Option<Data>) {
        let content = document.content.as_deref();
        let locale = if document.component == ComponentKind::LANDING {
            let parts: Vec<&str> = content.into_iter().chain(["strings"]).collect();
            self.language_of(&parts, output.locale, &format!("the page `{}`", document.id))
        } else {
            output.locale
        };
        let rendered = match self.prepared.shown(locale) {
            Some(shown) => self.prepared.rendered(document, output, view.as_ref(), &shown),
            None => return,
        };
        let Some((html, scope)) = self.noted(rendered) else { return };
        self.trace(&output.path, &html, locale, |prepared, shown| {
            Some(prepared.rendered(document, output, view.as_ref(), shown).ok()?.0)
        });
        let sources = self.prepared.content_sources(content, locale, &document.template);
        let bytes = html.into_bytes().into();
        let file = File { path: output.path.clone(), bytes, component: document.component, kind: "page" };
        self.files.push((file, sources));
        self.keep_used(&scope);
    }

    /// Renders a page again with signs, if it is to be mapped. Where a template looks at a value and sees the
    /// sign, the page comes out another one; then its templates alone are mapped, or nothing.
    pub fn trace(
        &mut self,
        path: &OutputPath,
        plain: &str,
        locale: LocaleId,
        render: impl Fn(&Prepared<'_>, &Shown<'_>) -> Option<String>,
    ) {
        let Some(tracing) = self.tracing.as_ref().filter(|tracing| tracing.wants(path)) else { return };
        let Some(localized) = self.prepared.localized(locale) else { return };
        let tree = &localized.tree;
        let mapped = |marker: Option<Marker>| {
            let marker = marker.map(Arc::new);
            let tag = self.prepared.program.catalog().locale(locale).tag.clone();
            let values =
                Values::new(tree.clone(), self.prepared.extras.clone(), tag, Shared::nothing()).marked(marker.clone());
            let root = Arc::new(values.root(&mut Diagnostics::default()));
            let shown = Shown { locale, tree, values: &values, root: &root, engine: tracing.engine, forms: None };
            let (text, runs) = marks::read(&render(self.prepared, &shown)?);
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
        let page = Traced { path: path.clone(), text: plain.to_owned(), locale, tree: tree.clone(), runs, marker };
        if let Some(tracing) = &mut self.tracing {
            tracing.pages.push(page);
            if !looked.is_empty() {
                tracing.looked_at = looked;
            }
        }
    }
}

impl Prepared<'_> {
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

    pub fn template(
        &self,
        name: &str,
        shown: &Shown<'_>,
        scope: &Arc<PageScope>,
        extra: &[(&str, Data)],
    ) -> Result<String, Diagnostics> {
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
