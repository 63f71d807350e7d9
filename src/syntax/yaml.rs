//! YAML text to a spanned tree.
