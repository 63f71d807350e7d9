//! `cobrand.yaml`: the axes, their order, where the sites will stand, what tokens look like.
//!
//! - [`form`]: tokens of email platforms that only HQ knows of

mod form;

use std::sync::Arc;

use crate::catalog::ids;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::schema::{Kind, address};
use crate::source::Span;
use crate::syntax::tree::{Map, Node};

pub use form::Form;

/// An axis: a folder of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    pub name: Arc<str>,
    pub folder: Arc<str>,
    /// The record path the value is taken from (`partner.tier`) instead of from the matrix.
    pub from: Option<Arc<str>>,
}

/// Names an axis of [`Settings::axes`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxisId(pub usize);

#[derive(Clone, Debug)]
pub struct Settings {
    pub program: Arc<str>,
    pub axes: Vec<Axis>,
    /// Weak to strong; the axes of one band are peers.
    pub bands: Vec<Vec<AxisId>>,
    /// The pattern of a deployment's address; `{axis}` stands for the axis' value.
    pub base_url: Arc<str>,
    pub base_url_span: Span,
    /// What no layer but the master may write, beside the forms that are known.
    pub tokens: Vec<Form>,
}

const DEFAULT_AXES: &[(&str, &str, Option<&str>)] = &[
    ("motion", "motions", None),
    ("industry", "industries", None),
    ("region", "regions", None),
    ("tier", "tiers", Some("partner.tier")),
    ("partner", "partners", None),
];

const DEFAULT_BASE_URL: &str = "https://go.example.com/{partner}/{motion}-{industry}-{region}/";

impl Settings {
    /// Whether the workspace says where its packages lie.
    pub fn says_base_url(&self) -> bool {
        &*self.base_url != DEFAULT_BASE_URL
    }

    /// Reads the settings; everything but `program` has a default.
    pub fn read(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let Some(map) = node.as_map() else {
            diagnostics.push(
                Diagnostic::error("E-SETTINGS", "`cobrand.yaml` has to be a map")
                    .at(node.span, format!("this is {}", node.kind()))
                    .help("write at least `program: my-program`"),
            );
            return None;
        };
        let before = diagnostics.len();
        known_keys(map, &["program", "axes", "bands", "site", "tokens"], "", diagnostics);
        let program = map.get("program").and_then(Node::as_text).cloned().unwrap_or_else(|| {
            diagnostics.push(
                Diagnostic::error("E-REQUIRED", "`program` is missing")
                    .at(node.span, "")
                    .help("name the program: `program: my-program`"),
            );
            "".into()
        });
        if let (Some(advice), Some(node)) = (Kind::Line.advice(&program), map.get("program")) {
            let error = Diagnostic::error("E-VALUE", format!("`program` has to be {}", Kind::Line.describe()));
            diagnostics.push(error.at(node.span, "").help(advice));
        }
        let axes = map.get("axes").map_or_else(default_axes, |axes| read_axes(axes, diagnostics));
        let bands = match map.get("bands") {
            Some(bands) => read_bands(bands, &axes, diagnostics),
            None => default_bands(&axes),
        };
        let site = map.get("site");
        if let Some(site) = site.and_then(Node::as_map) {
            known_keys(site, &["base_url"], "site.", diagnostics);
        }
        let base = site.and_then(Node::as_map).and_then(|site| site.get("base_url"));
        let base_url = base.and_then(Node::as_text).cloned().unwrap_or_else(|| DEFAULT_BASE_URL.into());
        let base_url_span = base.map_or(node.span, |base| base.span);
        let base_url = match base {
            Some(_) => check_base_url(&base_url, base_url_span, &axes, diagnostics),
            None => base_url,
        };
        let tokens = map.get("tokens").map(|tokens| form::read(tokens, diagnostics)).unwrap_or_default();
        if axes.iter().all(|axis| &*axis.name != "partner") {
            diagnostics.push(
                Diagnostic::error("E-SETTINGS", "there is no axis `partner`")
                    .at(node.span, "")
                    .help("add `partner: {folder: partners}` to `axes`"),
            );
        }
        (diagnostics.len() == before).then_some(Self { program, axes, bands, base_url, base_url_span, tokens })
    }

    /// The same axes in the bands that a workspace has unless it says otherwise.
    #[must_use]
    pub fn with_default_bands(&self) -> Self {
        Self { bands: default_bands(&self.axes), ..self.clone() }
    }

    pub fn axis(&self, id: AxisId) -> &Axis {
        &self.axes[id.0]
    }

    pub fn axis_ids(&self) -> impl Iterator<Item = AxisId> {
        (0..self.axes.len()).map(AxisId)
    }

    pub fn axis_named(&self, name: &str) -> Option<AxisId> {
        self.axes.iter().position(|axis| &*axis.name == name).map(AxisId)
    }

    /// The axis `partner`, which every workspace has.
    pub fn partner(&self) -> AxisId {
        self.axis_named("partner").unwrap_or(AxisId(self.axes.len() - 1))
    }

    /// The axes whose values a partner is entitled to by lists, in the order of output folders.
    pub fn matrix_axes(&self) -> impl Iterator<Item = AxisId> {
        let partner = self.partner();
        self.axis_ids().filter(move |&id| id != partner && self.axis(id).from.is_none())
    }

    /// The band an axis stands in; 0 is the weakest.
    pub fn band_of(&self, axis: AxisId) -> usize {
        self.bands.iter().position(|band| band.contains(&axis)).unwrap_or(0)
    }
}

fn default_axes() -> Vec<Axis> {
    let axis = |&(name, folder, from): &(&str, &str, Option<&str>)| Axis {
        name: name.into(),
        folder: folder.into(),
        from: from.map(Into::into),
    };
    DEFAULT_AXES.iter().map(axis).collect()
}

/// `[[motion], [industry, region], [tier], [partner]]`, with the workspace's own axes beside region.
fn default_bands(axes: &[Axis]) -> Vec<Vec<AxisId>> {
    let mut bands = vec![Vec::new(); 4];
    for (index, axis) in axes.iter().enumerate() {
        let band = match &*axis.name {
            "motion" => 0,
            "tier" => 2,
            "partner" => 3,
            _ => 1,
        };
        bands[band].push(AxisId(index));
    }
    bands.retain(|band| !band.is_empty());
    bands
}

fn read_axes(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Axis> {
    let Some(map) = node.as_map() else {
        diagnostics.push(expected(node, "axes", "a map of axes"));
        return default_axes();
    };
    let mut axes = Vec::new();
    for entry in &map.entries {
        let name = &entry.key.value;
        let Some(axis) = entry.value.as_map() else {
            diagnostics.push(expected(&entry.value, name, "a map such as `{folder: regions}`"));
            continue;
        };
        known_keys(axis, &["folder", "from"], &format!("axes.{name}."), diagnostics);
        let Some(folder) = axis.get("folder").and_then(Node::as_text) else {
            diagnostics.push(
                Diagnostic::error("E-REQUIRED", format!("axis `{name}` has no folder"))
                    .at(entry.key.span, "")
                    .help(format!("write `{name}: {{folder: {name}s}}`")),
            );
            continue;
        };
        if folder.contains(['/', '\\', '.']) || folder.is_empty() {
            diagnostics.push(
                Diagnostic::error("E-SETTINGS", format!("`{folder}` is no folder at the top of the workspace"))
                    .at(axis.get("folder").map_or(entry.value.span, |node| node.span), ""),
            );
            continue;
        }
        if let Some(help) = ids::fault(name) {
            let error = Diagnostic::error("E-ID", format!("`{}` is no name for an axis", name.escape_debug()));
            diagnostics.push(error.at(entry.key.span, "").help(help));
            continue;
        }
        let from = axis.get("from").and_then(Node::as_text).cloned();
        axes.push(Axis { name: name.clone(), folder: folder.clone(), from });
    }
    axes
}

fn read_bands(node: &Node, axes: &[Axis], diagnostics: &mut Diagnostics) -> Vec<Vec<AxisId>> {
    let mut bands = Vec::new();
    let mut seen = Vec::new();
    for band in node.as_seq().unwrap_or(&[]) {
        let mut ids = Vec::new();
        for name in band.as_seq().unwrap_or(&[]) {
            let Some(text) = name.as_text() else { continue };
            match axes.iter().position(|axis| axis.name == *text) {
                Some(index) if !seen.contains(&index) => {
                    seen.push(index);
                    ids.push(AxisId(index));
                }
                Some(_) => diagnostics.push(
                    Diagnostic::error("E-SETTINGS", format!("axis `{text}` stands in two bands")).at(name.span, ""),
                ),
                None => {
                    let mut error =
                        Diagnostic::error("E-SETTINGS", format!("there is no axis `{text}`")).at(name.span, "");
                    if let Some(near) = nearest(text, axes.iter().map(|axis| &*axis.name)) {
                        error = error.help(format!("did you mean `{near}`?"));
                    }
                    diagnostics.push(error);
                }
            }
        }
        bands.push(ids);
    }
    for (index, axis) in axes.iter().enumerate() {
        if !seen.contains(&index) {
            diagnostics.push(
                Diagnostic::error("E-SETTINGS", format!("axis `{}` stands in no band", axis.name))
                    .at(node.span, "")
                    .help("list every axis once in `bands`, weak to strong"),
            );
        }
    }
    bands
}

/// The pattern as it goes out.
fn check_base_url(url: &str, span: Span, axes: &[Axis], diagnostics: &mut Diagnostics) -> Arc<str> {
    let url = url.trim();
    let mut refuse = |message: &str, help: &str| {
        diagnostics.push(Diagnostic::error("E-SETTINGS", message).at(span, "").help(help));
    };
    let mut out = Arc::from(url);
    match address::pattern(url) {
        _ if !url.starts_with("https://") || !url.ends_with('/') => refuse(
            "`site.base_url` has to begin with `https://` and end with `/`",
            "such as `https://go.example.com/{partner}/`",
        ),
        Ok(pattern) => out = pattern,
        Err(fault) => refuse(&format!("`site.base_url` {}", fault.problem), fault.help),
    }
    for name in url.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
        if axes.iter().all(|axis| &*axis.name != name) {
            diagnostics.push(
                Diagnostic::error("E-SETTINGS", format!("`site.base_url` names `{{{name}}}`, which is no axis"))
                    .at(span, "")
                    .help("name an axis of `axes`, or take it out"),
            );
        }
    }
    if !url.contains("{partner}") {
        diagnostics.push(
            Diagnostic::error(
                "E-SETTINGS",
                "`site.base_url` does not name `{partner}`, so sites would share an address",
            )
            .at(span, "")
            .help("put `{partner}` into it"),
        );
    }
    out
}

fn expected(node: &Node, name: &str, what: &str) -> Diagnostic {
    Diagnostic::error("E-TYPE", format!("`{name}` has to be {what}")).at(node.span, format!("this is {}", node.kind()))
}

fn known_keys(map: &Map, known: &[&str], prefix: &str, diagnostics: &mut Diagnostics) {
    for entry in &map.entries {
        let key = &entry.key.value;
        if !known.contains(&&**key) {
            let mut error = Diagnostic::error("E-PATH", format!("there is no key `{prefix}{key}`"))
                .at(entry.key.span, "unknown key");
            error = match nearest(key, known.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("known keys are {}", known.join(", "))),
            };
            diagnostics.push(error);
        }
    }
}
