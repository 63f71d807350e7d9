//! `page` of the template context.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::locales::Locale;
use crate::catalog::patch::Leaf;
use crate::data::{Data, DataMap};
use crate::diag::Diagnostics;
use crate::encode::html::{Html, Markup};
use crate::interpolate::Scope;
use crate::paths::OutputPath;
use crate::prose::{PLACEMENT, Prose};
use crate::resolve::tree::{Question, Resolved, Tree};
use crate::template::LinkUse;
use crate::values::marker::Marker;
use crate::values::{Block, Shared, Values};

use super::known::Known;

/// The same page in another locale.
pub struct Alternate<'a> {
    pub locale: &'a Locale,
    pub output: &'a OutputPath,
}

/// What a page is, beside its content.
pub struct Facts<'a> {
    pub id: &'a str,
    pub component: &'a str,
    pub output: &'a OutputPath,
    /// The locale it is written in.
    pub locale: &'a Locale,
    pub base_url: &'a str,
    pub alternates: Vec<Alternate<'a>>,
    /// The documents for the partner's people, each by its id, in the language of the page or in their first; only for one
    /// of them.
    pub documents: Vec<(&'a str, &'a OutputPath)>,
    /// Whether no search is to find it.
    pub unlisted: bool,
    /// What its form knows by itself, but for what the page is.
    pub known: Known<'a>,
}

impl Facts<'_> {
    /// The public address of an output below `site/`; empty for others. `index.html` is its folder.
    fn url(&self, output: &OutputPath) -> String {
        let Some(path) = output.as_str().strip_prefix("site/") else { return String::new() };
        let path =
            path.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(path);
        format!("{}{path}", self.base_url)
    }

    /// The way from the page up to a folder `depth` parts below the package's root.
    fn up(&self, depth: usize) -> String {
        let parts = self.output.as_str().matches('/').count();
        "../".repeat(parts.saturating_sub(depth))
    }

    fn entries(&self) -> DataMap {
        let locale = self.locale;
        let dir = if locale.rtl { "rtl" } else { "ltr" };
        let in_site = self.output.as_str().starts_with("site/");
        let site = if in_site { self.up(1) } else { format!("{}site/", self.up(0)) };
        let alternates = self.alternates.iter().map(|alternate| {
            Data::map([
                ("tag", Data::Text(alternate.locale.tag.clone())),
                ("lang", Data::from(alternate.locale.language())),
                ("name", Data::Text(alternate.locale.name.clone())),
                ("href", Data::from(self.output.relative_to(alternate.output))),
                ("url", Data::from(self.url(alternate.output))),
                ("current", Data::Bool(alternate.output == self.output)),
            ])
        });
        let documents = self.documents.iter().map(|(id, output)| {
            Data::map([("id", Data::from(*id)), ("href", Data::from(self.output.relative_to(output)))])
        });
        let url = self.url(self.output);
        let known = Known { locale: &locale.tag, url: &url, ..self.known };
        let known = Data::map(known.fields().map(|(field, value)| (field, Data::from(value))));
        [
            ("id", Data::from(self.id)),
            ("component", Data::from(self.component)),
            ("output", Data::from(self.output.as_str())),
            ("tag", Data::Text(locale.tag.clone())),
            ("lang", Data::from(locale.language())),
            ("dir", Data::from(dir)),
            ("root", Data::from(self.up(0))),
            ("site", Data::from(site)),
            ("url", Data::from(url.as_str())),
            ("unlisted", Data::Bool(self.unlisted)),
            ("alternates", Data::list(alternates)),
            ("documents", Data::list(documents)),
            ("known", known),
        ]
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect()
    }
}

/// The page with its front matter and blocks. `with_text` adds the blocks' plain text, which only
/// emails need.
pub fn page(
    facts: &Facts<'_>,
    content: Option<&Tree>,
    values: &Values<'_>,
    scope: &dyn Scope,
    with_text: bool,
) -> Result<Data, Diagnostics> {
    let mut entries = facts.entries();
    let front = content.and_then(|content| content.get("front"));
    let front =
        front.map(|front| values.bind(front).map_err(|error| Diagnostics::from(crate::diag::Diagnostic::from(error))));
    entries.insert("front".into(), front.transpose()?.unwrap_or_else(|| Data::Map(Arc::default())));
    let blocks = content.and_then(|content| content.get("blocks"));
    let marker = values.marker().map(|marker| &**marker);
    let shared = values.shared().filter(|_| marker.is_none());
    let builder = Blocks { scope, with_text, marker, shared };
    let blocks = blocks.map(|blocks| builder.list(blocks)).transpose()?.unwrap_or_default();
    let mut by_id = DataMap::default();
    index(&blocks, &mut by_id);
    entries.insert("blocks".into(), Data::List(blocks.into()));
    entries.insert("block".into(), Data::Map(Arc::new(by_id)));
    Ok(Data::Map(Arc::new(entries)))
}

/// Makes the blocks that no deployment of a base changes, links from or fills with its own words, once for all
/// of them. `contents` are the files that pages show, and whether as plain text too.
pub fn share(shared: &mut Shared, contents: &BTreeMap<Arc<str>, bool>, locale: &str) {
    shared.add_blocks(locale, |values| {
        let mut found = Vec::new();
        for (content, &with_text) in contents {
            let blocks = values.tree().get(content).and_then(|content| content.get("blocks"));
            if let Some(blocks) = blocks {
                let builder = Blocks { scope: values, with_text, marker: None, shared: None };
                builder.share(blocks, values, &mut found);
            }
        }
        found
    });
}

/// The links in the Markdown of a page.
pub fn links(content: &Tree) -> impl Iterator<Item = LinkUse> {
    let links = prose(content).flat_map(|prose| prose.links());
    links.map(|id| LinkUse { id: (&*id.value).into(), placement: Some(PLACEMENT.into()) })
}

/// The nodes of the lead's path that words of its Markdown are bound to.
pub fn nodes(content: &Tree) -> impl Iterator<Item = &str> {
    prose(content).flat_map(|prose| prose.nodes()).map(|node| &*node.value)
}

fn prose(content: &Tree) -> impl Iterator<Item = &Prose> {
    let leaves = content.get("blocks").map(|blocks| blocks.leaves()).unwrap_or_default();
    leaves.into_iter().flat_map(|resolved| resolved.leaves()).filter_map(|leaf| match leaf {
        Leaf::Prose { prose, .. } => Some(&**prose),
        _ => None,
    })
}

fn index(blocks: &[Data], by_id: &mut DataMap) {
    for block in blocks {
        if let Some(id) = block.get("id").and_then(Data::as_str) {
            by_id.insert(id.into(), block.clone());
        }
        index(block.get("blocks").map_or(&[], Data::items), by_id);
    }
}

/// One behind the other; most often one of them is empty, and nothing is copied.
fn joined(first: Arc<str>, second: Arc<str>) -> Arc<str> {
    match (&*first, &*second) {
        (_, "") => first,
        ("", _) => second,
        (first, second) => [first, second].concat().into(),
    }
}

/// Whether a block and all in it come out the same for every deployment.
fn is_fixed(block: &Tree) -> bool {
    let fixed = |leaf: &Leaf| match leaf {
        Leaf::Prose { prose, .. } => prose.is_fixed(),
        _ => true,
    };
    block.holds(Question::IsFixed, || {
        let texts =
            |resolved: &&Resolved| fixed(&resolved.leaf) && resolved.amended.iter().all(|more| fixed(&more.leaf));
        block.leaves().iter().all(texts)
    })
}

struct Blocks<'a> {
    scope: &'a dyn Scope,
    with_text: bool,
    marker: Option<&'a Marker>,
    /// Blocks that are made already.
    shared: Option<&'a Shared>,
}

impl Blocks<'_> {
    /// Notes every block that is made without anything of a deployment's own; inside of others, the nested ones.
    fn share(&self, blocks: &Tree, values: &Values<'_>, found: &mut Vec<(Block, BTreeSet<String>)>) {
        for (id, block) in blocks.children() {
            // Links and assets are not the base's to know, and refused here; so is what would be an error.
            match values.free_of_own(|| self.block(id, block).ok()) {
                Some((data, variables)) => found.push((Block::new(block, self.with_text, data), variables)),
                None => block.get("blocks").into_iter().for_each(|nested| self.share(nested, values, found)),
            }
        }
    }

    /// The blocks of a list; every error in any of them.
    fn list(&self, blocks: &Tree) -> Result<Vec<Data>, Diagnostics> {
        let (mut list, mut errors) = (Vec::new(), Diagnostics::default());
        for (id, block) in blocks.children() {
            match self.block(id, block) {
                Ok(data) => list.push(data),
                Err(found) => errors.append(found),
            }
        }
        if errors.is_empty() { Ok(list) } else { Err(errors) }
    }

    fn block(&self, id: &Arc<str>, block: &Arc<Tree>) -> Result<Data, Diagnostics> {
        if let Some(data) = self.shared.and_then(|shared| shared.block(block, self.with_text)) {
            return Ok(data.clone());
        }
        match self.marker.is_none() && is_fixed(block) {
            true => block.block(self.with_text, || self.make(id, block)),
            false => self.make(id, block),
        }
    }

    fn make(&self, id: &Arc<str>, block: &Arc<Tree>) -> Result<Data, Diagnostics> {
        let heading = self.html(block.get("heading"))?;
        let body = joined(self.html(block.get("prepend"))?, self.html(block.get("body"))?);
        let behind = self.html(block.get("append"))?;
        let nested = block.get("blocks").map(|nested| self.list(nested)).transpose()?.unwrap_or_default();
        // What is appended stands behind nested blocks; without any it is simply more body.
        let (body, tail) = if nested.is_empty() { (joined(body, behind), "".into()) } else { (body, behind) };
        let level = match block.get("level").and_then(|level| level.as_leaf()) {
            Some(Resolved { leaf: Leaf::Int(level), .. }) => *level,
            _ => 2,
        };
        let [heading, body, tail] = [heading, body, tail].map(Html::made);
        let element = format!("h{level}");
        let head = match heading.is_empty() {
            true => Markup::default(),
            false => Markup::default().open(&element, &[]).html(&heading).close(&element).text("\n"),
        };
        let inner = nested.iter().filter_map(|block| block.get("html")?.as_html());
        let html = inner.fold(head.html(&body), Markup::html).html(&tail).finish();
        let mut entries: DataMap = [
            ("id", Data::Text(id.clone())),
            ("class", Data::from(block.text_at("class").unwrap_or_default())),
            ("level", Data::Int(level)),
            ("heading", Data::Html(heading)),
            ("body", Data::Html(body)),
            ("html", Data::Html(html)),
            ("tail", Data::Html(tail)),
        ]
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect();
        if self.with_text {
            entries.insert("text".into(), Data::from(self.text(block, &nested)?));
        }
        entries.insert("blocks".into(), Data::List(nested.into()));
        Ok(Data::Map(Arc::new(entries)))
    }

    /// The HTML of a text and of what stronger layers add to it; empty if there is none.
    fn html(&self, node: Option<&Arc<Tree>>) -> Result<Arc<str>, Diagnostics> {
        let mut html = Arc::from("");
        let Some(resolved) = node.and_then(|node| node.as_leaf()) else { return Ok(html) };
        for leaf in std::iter::once(&resolved.leaf).chain(resolved.amended.iter().map(|amendment| &amendment.leaf)) {
            if let Leaf::Prose { prose, .. } = leaf {
                let text = prose.html(self.scope)?;
                let text = self.marker.map_or(text.clone(), |marker| marker.text(leaf, &text).into());
                html = joined(html, text);
            }
        }
        Ok(html)
    }

    fn text(&self, block: &Tree, nested: &[Data]) -> Result<String, Diagnostics> {
        let mut parts = Vec::new();
        for key in ["heading", "prepend", "body"] {
            parts.extend(self.plain(block.get(key))?);
        }
        parts.extend(nested.iter().filter_map(|block| Some(block.get("text")?.as_str()?.to_owned())));
        parts.extend(self.plain(block.get("append"))?);
        Ok(parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n"))
    }

    fn plain(&self, node: Option<&Arc<Tree>>) -> Result<Vec<String>, Diagnostics> {
        let Some(resolved) = node.and_then(|node| node.as_leaf()) else { return Ok(Vec::new()) };
        let leaves = std::iter::once(&resolved.leaf).chain(resolved.amended.iter().map(|amendment| &amendment.leaf));
        leaves
            .filter_map(|leaf| match leaf {
                Leaf::Prose { prose, .. } => Some(prose.text(self.scope).map(|text| match self.marker {
                    Some(marker) => marker.text(leaf, &text),
                    None => text,
                })),
                _ => None,
            })
            .collect()
    }
}
