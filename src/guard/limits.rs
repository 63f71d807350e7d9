//! How far a text or a file may go.

use std::sync::Arc;

use crate::catalog::patch::{Contribution, Right};
use crate::catalog::{Asset, Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::policy::Policy;
use crate::policy::rules::Rule;

use super::{images, leave};

/// Checks the limits of the rules on every contribution of one layer, and every image.
pub fn check(catalog: &Catalog, policy: &Policy, id: LayerId, diagnostics: &mut Diagnostics) {
    let layer = catalog.layer(id);
    for contribution in &layer.contributions {
        if let Some(asset) = &contribution.asset {
            let untrusted = !layer.is_of_master();
            diagnostics
                .extend(images::fault(asset, untrusted).map(|message| asset_error(contribution, asset, &message)));
        }
        if layer.is_of_master() {
            continue;
        }
        if let [rule] = policy.rules_for(&contribution.path).as_slice() {
            let mut found = Diagnostics::default();
            check_limits(contribution, rule, &mut found);
            let left = found.iter().filter_map(|e| leave::weighed(e.clone(), policy, layer, contribution, Some(rule)));
            diagnostics.extend(left.collect::<Vec<_>>());
        }
    }
}

fn asset_error(contribution: &Contribution, asset: &Asset, message: &str) -> Diagnostic {
    Diagnostic::error("E-ASSET", format!("`{}` {message}", asset.input))
        .at(contribution.span, "")
        .help("export it again as a plain SVG or PNG")
}

fn check_limits(contribution: &Contribution, rule: &Rule, diagnostics: &mut Diagnostics) {
    let limits = &rule.limits;
    let mut refuse = |message: String, help: String| {
        diagnostics.push(
            Diagnostic::error("E-LIMIT", message).at(contribution.span, "").other(rule.span, "the limit").help(help),
        );
    };
    let path = &contribution.path;
    if let Some(text) = contribution.text.as_deref().filter(|_| contribution.right != Right::Remove) {
        let count = text.trim().chars().count();
        if let Some(most) = limits.max_chars.filter(|&most| count > most) {
            refuse(
                format!("`{path}` has {count} characters, and {most} are allowed"),
                format!("shorten it by {}", count - most),
            );
        }
        if let Some(allowed) = &limits.links {
            for target in links(text).into_iter().filter(|target| !allows(allowed, target)) {
                let help = match allowed.is_empty() {
                    true => "take the link out".to_owned(),
                    false => format!("links may lead to {}", allowed.join(", ")),
                };
                refuse(format!("`{path}` links to `{target}`, which is not allowed here"), help);
            }
        }
        for keep in limits.must_keep.iter().filter(|keep| !squeezed(text).contains(&squeezed(keep))) {
            refuse(format!("`{path}` has to keep `{keep}`"), format!("put `{keep}` back into the text"));
        }
    }
    if let Some(asset) = &contribution.asset {
        let extension = asset.input.extension();
        if let Some(types) = limits.types.as_ref().filter(|types| !types.iter().any(|t| **t == *extension)) {
            refuse(
                format!("`{}` is no {}", asset.input, types.join(" or ")),
                format!("export it as {}", types.join(" or ")),
            );
        }
        if let Some(most) = limits.max_bytes.filter(|&most| asset.bytes.len() > most) {
            let message = format!("`{}` has {} bytes, and {most} are allowed", asset.input, asset.bytes.len());
            refuse(message, "simplify the drawing, or export it smaller".into());
        }
    }
}

/// The targets of all links in a Markdown text.
fn links(text: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Parser, Tag};
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    };
    Parser::new(text).filter_map(target).collect()
}

fn allows(allowed: &[Arc<str>], target: &str) -> bool {
    let id = target.strip_prefix("link:").unwrap_or(target);
    allowed.iter().any(|entry| **entry == *id || **entry == *target)
}

/// Without white space, so that `{{product.name}}` counts as `{{ product.name }}`.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
