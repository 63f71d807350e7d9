//! The workspace that is built, and the two edits of it.

use std::fs;
use std::path::PathBuf;

use super::generate::{self, Size};
use super::workload::Workload;
use super::{files, wide};

pub struct Subject {
    pub workload: Workload,
    pub workspace: PathBuf,
}

impl Subject {
    pub fn new(workload: Workload, workspace: PathBuf) -> Result<Self, String> {
        workload.write(&workspace)?;
        Ok(Self { workload, workspace })
    }

    /// Gives one partner another phone number.
    pub fn edit_partner(&self, edition: usize) -> Result<(), String> {
        match self.workload {
            Workload::Wide(at) => wide::edit_partner(at, &self.workspace, edition),
            Workload::Generated(at) => {
                let size = Size::of(at);
                generate::partner(&self.workspace, size.partners / 2, size, edition)
            }
            Workload::Sample | Workload::Own(_) => self.edit_some_partner(edition),
        }
    }

    /// The first that has a folder of its own and a phone.
    fn edit_some_partner(&self, edition: usize) -> Result<(), String> {
        let folders = fs::read_dir(self.workspace.join("partners")).map_err(|error| error.to_string())?;
        let records = folders.filter_map(Result::ok).map(|entry| entry.path().join("partner.yaml"));
        let mut records: Vec<PathBuf> = records.filter(|record| record.is_file()).collect();
        records.sort();
        for path in records {
            if let Some(new) = renumbered(&files::read(&path)?, edition) {
                return files::write(&path, &new);
            }
        }
        Err("no partner has a phone number in its folder".to_owned())
    }

    /// Words a sentence of the master's landing page anew, in each language: one that every package shows. The block
    /// `hero` would be no such place, since each industry of the sample has its own.
    pub fn edit_master(&self, edition: usize) -> Result<(), String> {
        let master = self.workspace.join("master-templates");
        let translations = fs::read_dir(master.join("locales")).into_iter().flatten().filter_map(Result::ok);
        let mut edited = 0;
        for folder in translations.map(|entry| entry.path()).chain([master]) {
            let path = folder.join("content/landing.md");
            if let Some(new) = fs::read_to_string(&path).ok().and_then(|text| reworded(&text, edition)) {
                files::write(&path, &new)?;
                edited += 1;
            }
        }
        if edited == 0 {
            Err("the landing page has no block `pillars` with a text of its own".to_owned())
        } else {
            Ok(())
        }
    }
}

/// With another number in the place of the first phone number.
fn renumbered(text: &str, edition: usize) -> Option<String> {
    let (before, rest) = text.split_once("phone: \"")?;
    let (_, after) = rest.split_once('"')?;
    Some(format!("{before}phone: \"+1 555 {:07}\"{after}", 1_000 + edition))
}

/// With another first sentence in the block `pillars`, in place of the one that an edit before wrote.
fn reworded(text: &str, edition: usize) -> Option<String> {
    const END: &str = " of this text. ";
    let (before, rest) = text.split_once("{#pillars")?;
    let (attributes, body) = rest.split_once("}\n\n")?;
    let body = body.strip_prefix("Edition ").and_then(|old| Some(old.split_once(END)?.1)).unwrap_or(body);
    (!attributes.contains('\n')).then(|| format!("{before}{{#pillars{attributes}}}\n\nEdition {edition}{END}{body}"))
}
