//! What is missing once all layers are merged (D2): `required` holds for the result, never for a layer.

use crate::diag::{Diagnostic, Diagnostics};
use crate::resolve::tree::Tree;
use crate::schema::Shape;
use crate::source::Span;

/// Notes every required key that the tree lacks. The place is that of the nearest thing around it.
pub fn check(tree: &Tree, shape: &Shape, path: &str, around: Option<Span>, diagnostics: &mut Diagnostics) {
    let around = tree.origin().map(|origin| origin.span).or(around);
    match (shape, tree) {
        (Shape::Map(fields), Tree::Map(entries)) => {
            for field in fields {
                let below = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
                match entries.get(field.name) {
                    Some(node) => check(node, &field.shape, &below, around, diagnostics),
                    None if field.required => diagnostics.push(missing(&below, field.doc, around)),
                    None => {}
                }
            }
        }
        (Shape::Keyed(fields), Tree::List(items)) => {
            let item_shape = Shape::Map(fields.clone());
            for (id, item) in items {
                check(item, &item_shape, &format!("{path}[{id}]"), around, diagnostics);
            }
        }
        _ => {}
    }
}

fn missing(path: &str, doc: &str, around: Option<Span>) -> Diagnostic {
    let error = Diagnostic::error("E-REQUIRED", format!("`{path}` is missing")).help(format!("give it: {doc}"));
    match around {
        Some(span) => error.at(span, "missing here"),
        None => error,
    }
}
