//! What preparing a deployment notes of the partner's record and of the typed models.

use std::collections::HashMap;

use crate::catalog::Catalog;
use crate::catalog::patch::Leaf;
use crate::components::Finding;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::assets::Assets;
use crate::package::ReadError;
use crate::resolve::tree::{Origin, Tree};
use crate::source::Span;

/// What was read, or nothing and a diagnostic for each value of a wrong type.
pub fn note_types<T>(read: Result<T, Vec<ReadError>>, tree: &Tree, diagnostics: &mut Diagnostics) -> Option<T> {
    read.map_err(|errors| {
        for error in errors {
            let finding = Finding::new(error.path, error.message, "give it the value that the guide describes");
            diagnostics.push(placed_at(tree, finding.diagnostic("E-TYPE"), &finding.path));
        }
    })
    .ok()
}

/// A diagnostic at the place of a value, or of what is around it; the values that are filled into it are its
/// other sides.
pub fn placed_at(tree: &Tree, error: Diagnostic, path: &str) -> Diagnostic {
    match origin_around(tree, path) {
        Some(origin) => filled_in(tree, error.at(origin.span, ""), path),
        None => error,
    }
}

/// Where a value stands, or what is around it.
pub fn origin_around(tree: &Tree, path: &str) -> Option<Origin> {
    let mut around = path;
    loop {
        match tree.at(around).and_then(Tree::origin) {
            Some(origin) => return Some(origin),
            None => around = &around[..around.rfind(['.', '[', '@', '#'])?],
        }
    }
}

fn filled_in(tree: &Tree, error: Diagnostic, path: &str) -> Diagnostic {
    let Some(Leaf::Text { text, .. }) = tree.at(path).and_then(Tree::as_leaf).map(|resolved| &resolved.leaf) else {
        return error;
    };
    let values = text.variables().filter_map(|name| Some((name, tree.at(name)?.origin()?)));
    values.fold(error, |error, (name, origin)| error.other(origin.span, format!("the value of `{name}`")))
}

/// What the law of the region asks the sender to say of itself (4.2 of the region's own record).
pub fn sender(tree: &Tree, diagnostics: &mut Diagnostics) {
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

/// Emails that follow one another, since the same starts them, do so by their days too.
pub fn schedule(tree: &Tree, diagnostics: &mut Diagnostics) {
    let mut last: HashMap<_, (i64, Span, &str)> = HashMap::new();
    for (id, email) in tree.at("nurture.emails").into_iter().flat_map(Tree::children) {
        let Some(resolved) = email.get("day").and_then(|day| day.as_leaf()) else { continue };
        let Leaf::Int(day) = resolved.leaf else { continue };
        let span = resolved.origin.span;
        if day < 0 {
            let error = Diagnostic::error("E-DAYS", format!("the email `{id}` would be sent before it is asked for"));
            diagnostics.push(error.at(span, "").help("count the days from 0, the day of what starts it"));
            continue;
        }
        let start = (email.text_at("in"), email.text_at("for"));
        // Nothing starts both alike.
        if start == (None, None) {
            continue;
        }
        if let Some((before, place, first)) = last.insert(start, (day, span, id))
            && before > day
        {
            let message = format!("the email `{id}` follows `{first}`, and is sent on day {day}, before day {before}");
            let error = Diagnostic::error("E-DAYS", message).at(span, "").other(place, format!("the day of `{first}`"));
            diagnostics.push(error.help("let the days rise in the order of the emails, or move one with `$at`"));
        }
    }
}

/// What a partner's logo may be, by the ending of its name: what is looked at before it goes out.
const IMAGES: [&str; 5] = [".svg", ".png", ".jpg", ".jpeg", ".webp"];

pub fn logo(catalog: &Catalog, tree: &Tree, assets: &Assets, diagnostics: &mut Diagnostics) {
    let Some(logo) = tree.at("partner.brand.logo").and_then(Tree::as_leaf) else { return };
    let Some(path) = logo.leaf.source() else { return };
    let partner = catalog.settings.partner();
    let is_partners = |origin: Origin| catalog.layer(origin.layer).selector.binds(partner).is_some();
    let file = format!("assets/{}", path.strip_prefix("assets/").unwrap_or(path));
    let whose = tree.get(&file).and_then(|node| node.origin());
    let message = match assets.find(path) {
        Err(message) => Some(message),
        Ok(_) if !IMAGES.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) => {
            Some(format!("`{path}` is no image that a page can show"))
        }
        // HQ may give a partner any image; he himself only one of his own.
        Ok(_) if is_partners(logo.origin) && !whose.is_some_and(is_partners) => {
            Some(format!("`{path}` is not in the partner's own `assets/`"))
        }
        Ok(_) => None,
    };
    if let Some(message) = message {
        diagnostics.push(
            Diagnostic::error("E-ASSET", message)
                .at(logo.origin.span, "named as the logo")
                .help("put the file there, or take `logo` out: pages then show the name"),
        );
    }
}
