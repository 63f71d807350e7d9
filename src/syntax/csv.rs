//! Registries: a CSV row becomes a record.
