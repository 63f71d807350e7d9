//! Emails, as HTML, as text and as a message.

use std::sync::Arc;

use crate::components::nurture::Message;
use crate::components::{ComponentKind, File};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::document::plan::{Email, EmailOutput};
use crate::document::scope::PageScope;
use crate::links::LinkKind;
use crate::paths::OutputPath;

use super::super::prepared::{Prepared, Shown};
use super::Maker;

/// An email as it is put together.
struct Letter {
    from_name: String,
    from_email: String,
    subject: String,
    html: String,
    text: String,
}

impl Maker<'_, '_> {
    pub fn email(&mut self, email: &Email, output: &EmailOutput) {
        let item_path = format!("nurture.emails[{}]", email.id);
        let parts = [&*email.content, "strings", &item_path];
        let locale = self.language_of(&parts, output.locale, &format!("the email `{}`", email.id));
        let slug = self.prepared.program.catalog().locale(output.locale).slug();
        let EmailOutput { html: html_path, text: text_path, message: eml_path, .. } = output;
        let rendered = match self.prepared.shown(locale) {
            Some(shown) => self.prepared.letter(email, html_path, &shown),
            None => return,
        };
        let Some(Some((letter, scope))) = self.noted(rendered) else { return };
        self.keep_used(&scope);
        self.trace(html_path, &letter.html, locale, |prepared, shown| {
            Some(prepared.letter(email, html_path, shown).ok()??.0.html)
        });
        self.trace(text_path, &letter.text, locale, |prepared, shown| {
            Some(prepared.letter(email, html_path, shown).ok()??.0.text)
        });
        let Letter { from_name, from_email, subject, html, text } = letter;
        let message = Message {
            from_name: &from_name,
            from_email: &from_email,
            subject: &subject,
            html: &html,
            text: &text,
            date: self.prepared.program.identity().released,
            key: &format!("{}/{slug}/{}", self.prepared.deployment.id, email.id),
        };
        let message = message.bytes();
        let sources = self.prepared.content_sources(Some(&email.content), locale, &email.html);
        for (path, bytes) in [(html_path, html.into_bytes()), (text_path, text.into_bytes()), (eml_path, message)] {
            let file =
                File { path: path.clone(), bytes: bytes.into(), component: ComponentKind::NURTURE, kind: "email" };
            self.files.push((file, sources.clone()));
        }
    }
}

impl Prepared<'_> {
    /// An email's parts; `None` if the sequence has no such email.
    fn letter(
        &self,
        email: &Email,
        html_path: &OutputPath,
        shown: &Shown<'_>,
    ) -> Result<Option<(Letter, Arc<PageScope>)>, Diagnostics> {
        let root = Data::Map(shown.root.clone());
        let is_meant = |item: &&Data| item.get("id").and_then(Data::as_str) == Some(&*email.id);
        let item = root.at("nurture.emails").and_then(|list| list.items().iter().find(is_meant)?.as_map().cloned());
        let Some(mut entries) = item else { return Ok(None) };
        entries.insert("number".into(), Data::Int(email.number as i64));
        entries.insert("file".into(), Data::from(html_path.file_name()));
        let prefix = root.at("region.legal.subject_prefix").and_then(Data::as_str).unwrap_or_default();
        let subject = entries.get("subject").and_then(Data::as_str).unwrap_or_default();
        let subject = if prefix.is_empty() { subject.to_owned() } else { format!("{prefix} {subject}") };
        entries.insert("subject".into(), Data::from(subject.clone()));
        let word = |path: &str| root.at(path).and_then(Data::as_str).unwrap_or_default().to_owned();
        let facts = (&*email.id, ComponentKind::NURTURE, html_path, &[][..]);
        let (scope, page) = self.page(facts, LinkKind::Email, shown, Some(&email.content), true)?;
        let extra = [("page", page), ("email", Data::Map(Arc::new(entries)))];
        let html = self.template(&email.html, shown, &scope, &extra);
        let text = self.template(&email.text, shown, &scope, &extra);
        match (html, text) {
            (Ok(html), Ok(text)) => {
                let (from_name, from_email) = (word("nurture.sender.name"), word("nurture.sender.email"));
                Ok(Some((Letter { from_name, from_email, subject, html, text }, scope)))
            }
            (html, text) => {
                let mut errors = Diagnostics::default();
                html.err().into_iter().chain(text.err()).for_each(|found| errors.append(found));
                Err(errors)
            }
        }
    }
}
