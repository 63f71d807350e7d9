//! What is missing once all layers are merged (D2): `required` holds for the result, never for a layer.

use crate::diag::{Diagnostic, Diagnostics};
use crate::resolve::tree::{Question, Tree, Value};
use crate::schema::Shape;
use crate::source::Span;

/// Tells where a layer took away the item at a path.
pub type Removal<'r> = &'r dyn Fn(&str) -> Option<Span>;

/// Notes every required key that the tree lacks. The place is that of the nearest thing around it. An item that one layer
/// took away, and of which another says a part, is one error, with the line that took it away.
pub fn check(
    tree: &Tree,
    shape: &Shape,
    path: &str,
    around: Option<Span>,
    removal: Removal<'_>,
    diagnostics: &mut Diagnostics,
) {
    if tree.holds(Question::IsComplete, || is_complete(tree, shape)) {
        return;
    }
    let around = tree.origin().map(|origin| origin.span).or(around);
    match (shape, tree.value()) {
        (Shape::Map(fields), Value::Map(entries)) => {
            for field in fields.iter() {
                let below = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
                match entries.get(field.name) {
                    Some(node) => check(node, &field.shape, &below, around, removal, diagnostics),
                    None if field.required => diagnostics.push(missing(&below, field.doc, around)),
                    None => {}
                }
            }
        }
        (Shape::Keyed(fields), Value::List(items)) => {
            let item_shape = Shape::Map(fields.clone());
            for (id, item) in items.iter().filter(|(_, item)| !is_complete(item, &item_shape)) {
                let path = format!("{path}[{id}]");
                match removal(&path) {
                    Some(span) => diagnostics.push(remainder(item, &path, span)),
                    None => check(item, &item_shape, &path, around, removal, diagnostics),
                }
            }
        }
        _ => {}
    }
}

/// Whether [`check`] has nothing to note.
fn is_complete(tree: &Tree, shape: &Shape) -> bool {
    let below = |node: &Tree, shape: &Shape| node.holds(Question::IsComplete, || is_complete(node, shape));
    match (shape, tree.value()) {
        (Shape::Map(fields), Value::Map(entries)) => fields.iter().all(|field| match entries.get(field.name) {
            Some(node) => below(node, &field.shape),
            None => !field.required,
        }),
        (Shape::Keyed(fields), Value::List(items)) => {
            let item_shape = Shape::Map(fields.clone());
            items.values().all(|item| below(item, &item_shape))
        }
        _ => true,
    }
}

/// What is left of an item that was taken away.
fn remainder(item: &Tree, path: &str, removal: Span) -> Diagnostic {
    let message = format!("`{path}` was taken away, and what is said of it here does not make it whole");
    let error = Diagnostic::error("E-REQUIRED", message).other(removal, "taken away here");
    let error = error.help("take out what is said of it here, or let the item stay there");
    match item.origin() {
        Some(origin) => error.at(origin.span, "a part of it"),
        None => error,
    }
}

fn missing(path: &str, doc: &str, around: Option<Span>) -> Diagnostic {
    let error = Diagnostic::error("E-REQUIRED", format!("`{path}` is missing")).help(format!("give it: {doc}"));
    match around {
        Some(span) => error.at(span, "missing here"),
        None => error,
    }
}
