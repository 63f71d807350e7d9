//! Writes `manifest.json`: one line a file, straight into bytes, since every deployment has one.

use std::io::Write;

use crate::encode::json;

use super::{FORMAT, File, Head, Part};

/// Everything but its own digest.
pub(super) fn manifest(head: &Head<'_>, parts: &[&Part<'_>], files: &[File<'_>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024 + parts.len() * 256);
    put(&mut out, format_args!("{{\n  \"format\": {FORMAT},\n  \"package\": {{\"id\": "));
    string(&mut out, head.package);
    out.extend_from_slice(b", \"version\": ");
    string(&mut out, head.version);
    out.extend_from_slice(b"},\n  \"deployment\": {\"id\": ");
    string(&mut out, head.deployment);
    out.extend_from_slice(b", \"axes\": {");
    for (index, (axis, value)) in head.axes.iter().enumerate() {
        separate(&mut out, index);
        string(&mut out, axis);
        out.extend_from_slice(b": ");
        string(&mut out, value);
    }
    put(&mut out, format_args!("}}}},\n  \"policy\": \"{}\",\n  \"files\": [", head.policy));
    for (index, (part, file)) in parts.iter().zip(files).enumerate() {
        out.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
        listed(&mut out, part, file);
    }
    out.extend_from_slice(if parts.is_empty() { b"]" } else { b"\n  ]" });
    out
}

fn listed(out: &mut Vec<u8>, part: &Part<'_>, file: &File<'_>) {
    out.extend_from_slice(b"    {\"path\": ");
    string(out, file.path);
    put(out, format_args!(", \"bytes\": {}, \"digest\": \"{}\", \"kind\": ", file.bytes.len(), file.digest));
    string(out, part.kind);
    out.extend_from_slice(b", \"component\": ");
    string(out, part.component);
    out.extend_from_slice(b", \"sources\": [");
    for (index, source) in part.sources.iter().enumerate() {
        separate(out, index);
        string(out, source);
    }
    out.extend_from_slice(b"]}");
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.extend_from_slice(b", ");
    }
}

fn put(out: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    // Writing into a vector cannot fail.
    let _ = out.write_fmt(arguments);
}

fn string(out: &mut Vec<u8>, text: &str) {
    // Writing into a vector cannot fail.
    let _ = json::push_text(out, text);
}
