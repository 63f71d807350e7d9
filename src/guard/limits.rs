//! How far a text or a file may go.

use std::sync::Arc;

use pulldown_cmark::{Event, Parser, Tag};

use crate::calendar::Within;
use crate::catalog::patch::{Contribution, PatchKind, Right};
use crate::catalog::{Asset, LayerId, place};
use crate::diag::{Diagnostic, Diagnostics};
use crate::html::kinds;
use crate::interpolate::{Text, bound};
use crate::paths::OutputPath;
use crate::policy::limits::Limits;
use crate::source::{SourceId, Span};

use super::images;
use super::leave::Leave;
use super::speaker::{Ground, Speaker};

/// Checks the limits of the rules on every contribution of one layer, and every image.
pub fn check(ground: Ground<'_>, leave: &mut Leave<'_>, id: LayerId, diagnostics: &mut Diagnostics) {
    let Ground { catalog, policy, .. } = ground;
    let layer = catalog.layer(id);
    for contribution in &layer.contributions {
        if let Some(asset) = &contribution.asset {
            let untrusted = !layer.is_of_master();
            let faults = images::faults(asset, untrusted);
            if faults.is_empty() && untrusted {
                diagnostics.extend(images::doubt(asset).map(|doubt| asset_doubt(contribution, asset, doubt)));
            }
            // What may not be there at all need not be an image.
            let refused = |found: &Diagnostic| {
                found.code.0 == "E-NOTARGET"
                    && found.place.as_ref().is_some_and(|place| place.span == contribution.span)
            };
            let faults = if diagnostics.iter().any(refused) { Vec::new() } else { faults };
            diagnostics.extend(faults.into_iter().map(|fault| asset_error(contribution, asset, fault)));
            diagnostics.extend((!untrusted).then(|| asset_kind(contribution, asset)).flatten());
        }
        if layer.is_of_master() {
            continue;
        }
        let rules = policy.rules_for(&contribution.path);
        if let [rule] = rules.as_slice() {
            let longer = rule.limits.no_longer.then(|| longer(ground, id, contribution)).flatten();
            let errors = faults(contribution, &rule.limits).into_iter().chain(longer).map(|fault| {
                Diagnostic::error("E-LIMIT", fault.message)
                    .at(contribution.span, "")
                    .other(rule.span, "the limit")
                    .help(fault.help)
            });
            diagnostics.extend(errors.filter_map(|e| leave.weighed(e, layer, contribution, Some(rule))));
        }
        // Where a limit says so, it is refused.
        let is_text = !matches!(rules.as_slice(), [rule] if !rule.limits.html);
        let html = contribution.parts.iter().find_map(|part| raw_html(part)).filter(|_| is_text);
        diagnostics.extend(html.map(|html| shown(contribution, &html)));
    }
}

/// The first raw HTML of a text that is more than a remark.
fn raw_html(text: &str) -> Option<String> {
    Parser::new(text).find_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) if !html.trim_start().starts_with("<!--") => {
            Some(html.trim().to_owned())
        }
        _ => None,
    })
}

/// Whoever writes HTML sees it as text, where nothing else refuses it.
fn shown(contribution: &Contribution, html: &str) -> Diagnostic {
    Diagnostic::warning(
        "W-HTML",
        format!("`{}` holds raw HTML, `{html}`, which readers see as it stands", contribution.path),
    )
    .at(contribution.span, "")
    .help("write it in Markdown; only the master's own HTML is kept")
}

fn asset_error(contribution: &Contribution, asset: &Asset, fault: images::Fault) -> Diagnostic {
    let source = contribution.span.source;
    let error = Diagnostic::error("E-ASSET", format!("`{}` {}", asset.input, fault.what));
    match fault.at {
        Some(at) => {
            error.at(Span::new(source, at.start, at.end), "").help("take it out, or export the drawing as a PNG")
        }
        None => error.at(contribution.span, "").help("export it again as a plain SVG or PNG"),
    }
}

/// What the master's file cannot be. Those of overlays are images, and what cannot be written at all is none of them.
fn asset_kind(contribution: &Contribution, asset: &Asset) -> Option<Diagnostic> {
    let path = OutputPath::new(&contribution.path).ok().filter(|path| path.as_str().starts_with("assets/"))?;
    (!kinds::of_assets().any(|kind| kind == path.extension())).then(|| {
        let message = format!("`{}` is of a kind of which nobody knows what browsers do with it", asset.input);
        let known: Vec<&str> = kinds::of_assets().collect();
        let help = format!("its name may end with {}", known.join(", "));
        Diagnostic::error("E-ASSET", message).at(contribution.span, "").help(help)
    })
}

fn asset_doubt(contribution: &Contribution, asset: &Asset, doubt: &str) -> Diagnostic {
    Diagnostic::warning("W-ASSET", format!("`{}` {doubt}", asset.input))
        .at(contribution.span, "")
        .help("export it again with the size that it is seen at")
}

/// What goes beyond a limit, and what to do.
pub struct Fault {
    pub message: String,
    pub help: String,
}

fn fault(message: String, help: impl Into<String>) -> Fault {
    Fault { message, help: help.into() }
}

/// All that goes beyond the limits in what a contribution brings.
pub fn faults(contribution: &Contribution, limits: &Limits) -> Vec<Fault> {
    let path = &contribution.path;
    let mut faults = Vec::new();
    if let Some(text) = contribution.text.as_deref().filter(|_| contribution.right != Right::Remove) {
        if !limits.on_rendered {
            faults.extend(wording(path, text, limits));
        }
        // What one part leaves open, such as a fence, ends with it, and must not hide the next one.
        match &*contribution.parts {
            [] => faults.extend(markup(path, text, limits)),
            parts => faults.extend(parts.iter().flat_map(|part| markup(path, part, limits))),
        }
        let missing = limits.must_keep.iter().filter(|keep| !squeezed(text).contains(&squeezed(keep)));
        faults.extend(
            missing.map(|keep| {
                fault(format!("`{path}` has to keep `{keep}`"), format!("put `{keep}` back into the text"))
            }),
        );
    }
    faults.extend(contribution.asset.iter().flat_map(|asset| file(asset, limits)));
    faults
}

/// A time that is longer than what a weaker layer says of it: whoever was promised that would wait. Hours and days
/// cannot be compared, since days have other hours in each calendar.
fn longer(ground: Ground<'_>, id: LayerId, contribution: &Contribution) -> Option<Fault> {
    let path = &contribution.path;
    let own: Within = contribution.text.as_deref()?.trim().parse().ok()?;
    let steps = place::steps(path);
    let said = |layer: LayerId| match &ground.catalog.layer(layer).patch.find(&steps)?.kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => leaf.source()?.parse::<Within>().ok(),
        _ => None,
    };
    let speaker = Speaker::in_layer(ground, id);
    let least =
        speaker.below(path).filter(|&layer| layer != id).filter_map(said).find(|least| !own.is_within(*least))?;
    Some(fault(
        format!("`{path}` is `{own}`, and what it is promised within is `{least}`"),
        format!("write `{least}` or less, in the same unit"),
    ))
}

/// What is wrong with the words of a text: as written, or as a page shows them (I6).
pub fn wording(path: &str, text: &str, limits: &Limits) -> Vec<Fault> {
    let text = &*bound::plain(text.trim());
    let count = text.chars().count();
    let too_long = limits.max_chars.filter(|&most| count > most).map(|most| {
        let message = format!("`{path}` has {count} characters, and {most} are allowed");
        fault(message, format!("shorten it by {}", count - most))
    });
    let unfit = limits.pattern.as_ref().filter(|pattern| !pattern.fits(text)).map(|pattern| {
        fault(format!("`{path}` does not fit `{}`", pattern.text), "write it in the form that the pattern asks for")
    });
    let unknown = limits
        .one_of
        .as_ref()
        .filter(|words| !words.iter().any(|word| **word == *text))
        .map(|words| fault(format!("`{path}` cannot be `{text}`"), format!("take one of {}", words.join(", "))));
    [too_long, unfit, unknown].into_iter().flatten().collect()
}

/// What is wrong with links, headings and raw HTML (M6).
fn markup(path: &str, text: &str, limits: &Limits) -> Vec<Fault> {
    let mut faults = Vec::new();
    if limits.links.is_none() && limits.headings.is_none() && limits.html {
        return faults;
    }
    for event in Parser::new(text) {
        match event {
            // Words that are bound to the path are no link of the author's: where they lead is HQ's.
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with(bound::SCHEME) => {}
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let Some(allowed) = limits.links.as_ref().filter(|allowed| !allows(allowed, &dest_url)) else {
                    continue;
                };
                let help = match allowed.is_empty() {
                    true => "take the link out".to_owned(),
                    false => format!("links may lead to {}", allowed.join(", ")),
                };
                faults.push(fault(format!("`{path}` links to `{dest_url}`, which is not allowed here"), help));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let Some(allowed) = limits.headings.as_ref().filter(|levels| !levels.contains(&(level as u8))) else {
                    continue;
                };
                let help = match allowed.iter().map(|level| "#".repeat((*level).into())).collect::<Vec<_>>() {
                    levels if levels.is_empty() => "make it a paragraph".to_owned(),
                    levels => format!("headings here begin with `{}`", levels.join("` or `")),
                };
                faults.push(fault(format!("`{path}` has a heading of level {}", level as u8), help));
            }
            Event::Html(html) | Event::InlineHtml(html) if !limits.html && !html.trim_start().starts_with("<!--") => {
                let message = format!("`{path}` holds raw HTML, `{}`", html.trim());
                faults.push(fault(message, "write it in Markdown"));
            }
            _ => {}
        }
    }
    faults.extend(limits.links.iter().flat_map(|allowed| filled(path, text, allowed)));
    faults
}

/// Addresses that a text fills in: mail programs make links of them wherever they stand, and no link of the table counts them.
fn filled(path: &str, text: &str, allowed: &[Arc<str>]) -> Vec<Fault> {
    // What cannot be read is said where the layer is read.
    let Ok(text) = Text::compile(text, Span::file(SourceId(0))) else { return Vec::new() };
    let mut names: Vec<&str> = text.variables().filter(|name| is_address(name)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !allowed.iter().any(|entry| **entry == **name));
    let help = match allowed.is_empty() {
        true => "take the address out".to_owned(),
        false => format!("write a link, `[words](link:ID)`; links may lead to {}", allowed.join(", ")),
    };
    let say =
        |name: &str| fault(format!("`{path}` fills in the address `{name}`, which is not allowed here"), help.clone());
    names.into_iter().map(say).collect()
}

/// Whether a value is the address of a page.
fn is_address(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(last, "url" | "website" | "endpoint" | "preferences" | "confirmation") || last.ends_with("_url")
}

/// Whether a target is allowed: the id of a link, a whole address, or the host of one.
fn allows(allowed: &[Arc<str>], target: &str) -> bool {
    let id = target.strip_prefix("link:").unwrap_or(target);
    let host = target.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#', ':']).next().unwrap_or(rest));
    allowed.iter().any(|entry| **entry == *id || **entry == *target || Some(&**entry) == host)
}

fn file(asset: &Asset, limits: &Limits) -> Vec<Fault> {
    let (input, extension) = (&asset.input, asset.input.extension());
    let other_type = limits.types.as_ref().filter(|types| !types.iter().any(|t| **t == *extension)).map(|types| {
        fault(format!("`{input}` is no {}", types.join(" or ")), format!("export it as {}", types.join(" or ")))
    });
    let too_large = limits.max_bytes.filter(|&most| asset.bytes.len() > most).map(|most| {
        let message = format!("`{input}` has {} bytes, and {most} are allowed", asset.bytes.len());
        fault(message, "simplify the drawing, or export it smaller")
    });
    let shape = limits.ratio.and_then(|(min, max)| match images::ratio(asset) {
        Some(ratio) if (min..=max).contains(&ratio) => None,
        Some(ratio) => Some(fault(
            format!("`{input}` is {ratio:.2} times as wide as high, and {min} to {max} is allowed"),
            "crop it, or leave space around it",
        )),
        None => Some(fault(format!("the size of `{input}` cannot be told"), "give the drawing a `viewBox`")),
    });
    [other_type, too_large, shape].into_iter().flatten().collect()
}

/// Without white space, so that `{{product.name}}` counts as `{{ product.name }}`.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
