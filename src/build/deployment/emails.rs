//! Emails, as HTML, as text and as a message.

use crate::components::ComponentKind;
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::document::plan::{Email, EmailOutput};
use crate::document::scope::Used;
use crate::encode::Content;
use crate::encode::mail::Message;
use crate::links::LinkKind;
use crate::paths::OutputPath;

use super::super::prepared::{Prepared, Shown};
use super::super::trace::{Traced, Tracing};
use super::job::Rendered;

/// An email as it is put together.
struct Letter {
    from_name: String,
    from_email: String,
    subject: String,
    html: String,
    text: String,
}

impl Letter {
    /// What its message says above its text, for a reader who knows the encodings of headers.
    fn head(&self) -> String {
        format!("{}\n{}\n", self.from_name, self.subject)
    }
}

impl Prepared<'_> {
    /// The files of an email; none if the sequence has no such email.
    pub fn email(&self, email: &Email, output: &EmailOutput) -> Result<Vec<Rendered>, Diagnostics> {
        let locale = self.made_in(&output.html, output.locale);
        let slug = self.program.catalog().locale(output.locale).slug();
        let EmailOutput { html: html_path, text: text_path, message: eml_path, .. } = output;
        let Some(shown) = self.shown(locale) else { return Ok(Vec::new()) };
        let Some((letter, used)) = self.letter(email, html_path, &shown)? else { return Ok(Vec::new()) };
        let head = Used { head: Some(letter.head()), ..Used::default() };
        let Letter { from_name, from_email, subject, html, text } = letter;
        let message = Message {
            from_name: &from_name,
            from_email: &from_email,
            subject: &subject,
            html: &html,
            text: &text,
            date: self.program.identity().released,
            key: &format!("{}/{slug}/{}", self.deployment.id, email.id),
        };
        let message = message.content();
        let sources = self.content_sources(Some(&email.content), locale, &email.html);
        let rendered = |path: &OutputPath, bytes: Content, used| {
            let file = self.planned(path.as_str())?.made(bytes);
            Some(Rendered { file, sources: sources.clone(), used })
        };
        let files = [
            rendered(html_path, Content::rendered(html), used),
            rendered(text_path, Content::rendered(text), Used::default()),
            rendered(eml_path, message, head),
        ];
        Ok(files.into_iter().flatten().collect())
    }

    /// Maps the forms of an email that are wanted.
    pub fn trace_email(&self, email: &Email, output: &EmailOutput, tracing: &mut Tracing<'_>) -> Vec<Traced> {
        let locale = self.made_in(&output.html, output.locale);
        let letter = |shown: &Shown<'_>| Some(self.letter(email, &output.html, shown).ok()??.0);
        let html = self.trace(&output.html, locale, tracing, |shown| Some(letter(shown)?.html));
        let text = self.trace(&output.text, locale, tracing, |shown| Some(letter(shown)?.text));
        let head = self.trace(&output.message, locale, tracing, |shown| Some(letter(shown)?.head()));
        html.into_iter().chain(text).chain(head).collect()
    }

    /// An email's parts; `None` if the sequence has no such email.
    fn letter(
        &self,
        email: &Email,
        html_path: &OutputPath,
        shown: &Shown<'_>,
    ) -> Result<Option<(Letter, Used)>, Diagnostics> {
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
        let (from_name, from_email) = (word("nurture.sender.name"), word("nurture.sender.email"));
        let facts = (&*email.id, ComponentKind::NURTURE, html_path, &[][..]);
        let (scope, page) = self.page(facts, LinkKind::Email, shown, Some(&email.content), true)?;
        let extra = [("page", page), ("email", Data::Map(entries.into()))];
        let html = self.template(&email.html, shown, &scope, &extra);
        let text = self.template(&email.text, shown, &scope, &extra);
        match (html, text) {
            (Ok(html), Ok(text)) => {
                let links = [html.links, text.links].concat();
                let used = self.used(&scope, shown, Some(&email.content), &links);
                Ok(Some((Letter { from_name, from_email, subject, html: html.text, text: text.text }, used)))
            }
            (html, text) => {
                let mut errors = Diagnostics::default();
                html.err().into_iter().chain(text.err()).for_each(|found| errors.append(found));
                Err(errors)
            }
        }
    }
}
