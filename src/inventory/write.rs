//! Writes an inventory: one line for each package and file, since it is compared by people too.

use super::Inventory;
use crate::digest;

impl Inventory {
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let mut out = format!("{{\n  \"format\": {}", self.format);
        let members = [("program", &self.program), ("version", &self.version), ("released", &self.released)];
        for (name, value) in members.into_iter().chain([("folder", &self.folder)]) {
            out += &format!(",\n  \"{name}\": {}", text(value));
        }
        let packages = self
            .packages
            .iter()
            .map(|listed| format!("{{\"path\": {}, \"digest\": \"{}\"}}", text(&listed.path), listed.digest));
        list(&mut out, "packages", packages);
        let files = self.files.iter().map(|listed| {
            format!(
                "{{\"path\": {}, \"bytes\": {}, \"digest\": \"{}\"}}",
                text(&listed.path),
                listed.bytes,
                listed.digest
            )
        });
        list(&mut out, "files", files);
        let mut bytes = out.into_bytes();
        digest::seal(&mut bytes);
        bytes
    }
}

fn list(out: &mut String, name: &str, lines: impl Iterator<Item = String>) {
    *out += &format!(",\n  \"{name}\": [");
    let mut is_empty = true;
    for line in lines {
        *out += if is_empty { "\n    " } else { ",\n    " };
        *out += &line;
        is_empty = false;
    }
    *out += if is_empty { "]" } else { "\n  ]" };
}
