//! What takes place once for several packages of a partner: for how many, and that all of them say the same of it.

use crate::catalog::Catalog;
use crate::catalog::patch::Leaf;
use crate::catalog::settings::AxisId;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::Program;

/// What activities name as the axes that they take place once for, with the item.
fn lists(tree: &Tree) -> impl Iterator<Item = (&str, &Tree, Vec<&str>, Span)> {
    let items = tree.at("proof.activities").into_iter().flat_map(Tree::children);
    items.filter_map(|(id, item)| {
        let once = item.get("once")?.as_leaf()?;
        let Leaf::Seq(axes) = &once.leaf else { return None };
        Some((&**id, &**item, axes.iter().filter_map(Leaf::source).collect(), once.origin.span))
    })
}

/// For each such list, how many packages have the same values on its axes.
pub fn together(program: &Program, values: &[Option<usize>], tree: &Tree) -> Vec<(String, usize)> {
    let catalog = program.catalog();
    let mut counted: Vec<(String, usize)> = Vec::new();
    for (_, _, names, _) in lists(tree) {
        let joined = names.join(",");
        if counted.iter().all(|(known, _)| *known != joined) {
            let axes: Vec<AxisId> = names.iter().filter_map(|name| catalog.settings.axis_named(name)).collect();
            counted.push((joined, program.matrix().together(catalog, values, &axes)));
        }
    }
    counted
}

/// What packages would tell otherwise though it is one thing (A3): a layer of another axis than those it takes place once for
/// must not change it.
pub fn check(catalog: &Catalog, tree: &Tree, diagnostics: &mut Diagnostics) {
    let settings = &catalog.settings;
    for (id, item, names, place) in lists(tree) {
        for name in names.iter().filter(|name| settings.axis_named(name).is_none()) {
            diagnostics.push(no_axis(catalog, name, place));
        }
        let is_own = |axis: AxisId| {
            let axis = settings.axis(axis);
            axis.from.is_some() || names.contains(&&*axis.name)
        };
        // The id is the same for all, or it would be another item.
        for (key, node) in item.children().filter(|(key, _)| &***key != "id") {
            let Some(origin) = node.origin() else { continue };
            let bindings = catalog.layer(origin.layer).selector.bindings();
            let other = bindings.iter().find(|bound| bound.axis != settings.partner() && !is_own(bound.axis));
            if let Some(other) = other {
                let axis = &settings.axis(other.axis).name;
                let message =
                    format!("`{id}` takes place once for several packages, and `{key}` is another for each {axis}");
                let error = Diagnostic::error("E-A3", message).at(origin.span, "");
                let help = format!("change it where all of these packages are meant, or add `{axis}` to `once`");
                diagnostics.push(error.other(place, "once for these axes").help(help));
            }
        }
    }
}

fn no_axis(catalog: &Catalog, name: &str, place: Span) -> Diagnostic {
    let axes = catalog.settings.matrix_axes().map(|axis| &*catalog.settings.axis(axis).name);
    let axes: Vec<&str> = axes.collect();
    let help = match nearest(name, axes.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use some of {}", axes.join(", ")),
    };
    Diagnostic::error("E-A3", format!("there is no axis `{name}`")).at(place, "").help(help)
}
