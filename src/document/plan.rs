//! Every document and email with its output paths, before anything is rendered.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::artifact::{self, Job, Order};
use crate::catalog::locales::{LocaleId, Locales};
use crate::components::ComponentKind;
use crate::diag::{Diagnostic, Diagnostics};
use crate::html::kinds;
use crate::links::{DocumentOutput, Documents, LinkKind};
use crate::paths::OutputPath;
use crate::resolve::tree::Tree;
use crate::source::Span;
use crate::template::{self, Engine};

/// Folders in which what is made for a deployment's first locale stands at the top, and what for others below it.
const HOMES: [&str; 6] = ["site/", "sales/", "playbook/", "qualification/", "tracking/", "proof/"];

/// The pattern of an output for a deployment's default locale, which has no folder of its own in some ([`HOMES`]).
pub fn of_default_locale(pattern: &str) -> String {
    let is_home = HOMES.iter().any(|home| pattern.starts_with(home));
    if is_home { pattern.replace("{locale}/", "") } else { pattern.to_owned() }
}

/// A document of `package.yaml`.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: Arc<str>,
    pub component: ComponentKind,
    pub template: Arc<str>,
    /// The Markdown file whose blocks it shows.
    pub content: Option<Arc<str>>,
    pub outputs: Vec<Output>,
}

/// One file that a document is rendered to.
#[derive(Clone, Debug)]
pub struct Output {
    pub path: OutputPath,
    pub locale: LocaleId,
}

/// An email of `nurture.yaml`.
#[derive(Clone, Debug)]
pub struct Email {
    pub id: Arc<str>,
    /// From 1, in the order of the sequence.
    pub number: usize,
    pub html: Arc<str>,
    pub text: Arc<str>,
    pub content: Arc<str>,
    pub outputs: Vec<EmailOutput>,
}

/// The three files of an email in one locale.
#[derive(Clone, Debug)]
pub struct EmailOutput {
    pub locale: LocaleId,
    pub html: OutputPath,
    pub text: OutputPath,
    /// The message that opens as a draft.
    pub message: OutputPath,
}

/// All that is rendered for the deployments of one base.
#[derive(Clone, Debug)]
pub struct Plan {
    pub documents: Vec<Document>,
    pub emails: Vec<Email>,
    /// Where links lead.
    pub targets: Arc<Documents>,
    /// The files of both, to which a deployment adds its own.
    pub files: artifact::Planner,
}

impl Document {
    pub fn link_kind(&self) -> LinkKind {
        self.component.link_kind()
    }
}

impl Plan {
    /// The plan without the files of some documents. Links may still name them: who prints one finds that it leads nowhere.
    #[must_use]
    pub fn without(&self, ids: &[&str]) -> Self {
        let (mut documents, mut files) = (self.documents.clone(), self.files.clone());
        // Jobs know documents by their place in the list.
        for document in documents.iter_mut().filter(|document| ids.contains(&&*document.id)) {
            document.outputs.drain(..).for_each(|output| files.leave_out(&output.path));
        }
        Self { documents, emails: self.emails.clone(), targets: self.targets.clone(), files }
    }

    /// Plans for the given locales, the first of which is the default. Two outputs with one path, a
    /// template or a content file that is not there, and a component without documents are errors; `removal` tells
    /// where a layer took a content file away.
    pub fn new(
        tree: &Tree,
        locales: &Locales,
        chosen: &[LocaleId],
        engine: &dyn Engine,
        removal: &dyn Fn(&str) -> Option<Span>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let files = artifact::Planner::default();
        let mut planner = Planner { tree, locales, chosen, engine, removal, diagnostics, files };
        let documents = planner.documents();
        let emails = planner.emails();
        planner.missing_components(&documents, &emails);
        let Planner { mut files, diagnostics, .. } = planner;
        files.tell(diagnostics);
        let target = |document: &Document| {
            let each = document.outputs.len() > 1 || document.link_kind() == LinkKind::Site;
            let outputs = document.outputs.iter().map(|output| DocumentOutput {
                locale: each.then(|| locales.get(output.locale).tag.clone()),
                path: output.path.clone(),
            });
            (document.id.clone(), outputs.collect())
        };
        let targets = Arc::new(documents.iter().map(target).collect());
        Self { documents, emails, targets, files }
    }

    /// The documents for the partner's people, each in a locale or else in its first.
    pub fn for_partners(&self, locale: Option<LocaleId>) -> impl Iterator<Item = (&str, &OutputPath)> {
        let documents = self.documents.iter().filter(|document| !document.component.is_public());
        documents.filter_map(move |document| {
            let own = document.outputs.iter().find(|output| Some(output.locale) == locale);
            Some((&*document.id, &own.or_else(|| document.outputs.first())?.path))
        })
    }

    /// The Markdown files that pages show, and whether they are shown as plain text too.
    pub fn contents(&self) -> BTreeMap<Arc<str>, bool> {
        let pages = self.documents.iter().filter_map(|document| Some((document.content.clone()?, false)));
        let emails = self.emails.iter().map(|email| (email.content.clone(), true));
        pages.chain(emails).collect()
    }
}

struct Planner<'a> {
    tree: &'a Tree,
    locales: &'a Locales,
    chosen: &'a [LocaleId],
    engine: &'a dyn Engine,
    removal: &'a dyn Fn(&str) -> Option<Span>,
    diagnostics: &'a mut Diagnostics,
    files: artifact::Planner,
}

impl Planner<'_> {
    fn documents(&mut self) -> Vec<Document> {
        let mut documents = Vec::new();
        let Some(list) = self.tree.get("documents").cloned() else { return documents };
        for (id, item) in list.children() {
            documents.extend(self.document(documents.len(), id, item));
        }
        documents
    }

    fn document(&mut self, number: usize, id: &Arc<str>, item: &Tree) -> Option<Document> {
        let word = |key: &str| item.text_at(key).map(Arc::<str>::from);
        let component = ComponentKind::from_id(&word("component")?)?;
        let template = word("template")?;
        self.template_exists(&template, item, "template");
        let content = word("content");
        if let Some(content) = &content {
            self.content_exists(content, item);
        }
        let pattern = word("output")?;
        let each = item.text_at("each") == Some("locale");
        let source = [self.locales.source()];
        let locales = if each { self.chosen } else { &source };
        let mut outputs = Vec::new();
        for &locale in locales {
            let job = Job::Page { document: number, output: outputs.len() };
            outputs.extend(self.output(&pattern, (locale, component, job), item));
        }
        Some(Document { id: id.clone(), component, template, content, outputs })
    }

    /// The pattern with `{locale}` filled; in some folders the default locale has none of its own ([`HOMES`]).
    fn output(
        &mut self,
        pattern: &str,
        (locale, component, job): (LocaleId, ComponentKind, Job),
        item: &Tree,
    ) -> Option<Output> {
        let is_default = self.chosen.first() == Some(&locale);
        let path = match is_default {
            true => of_default_locale(pattern),
            false => pattern.to_owned(),
        };
        let path = path.replace("{locale}", &self.locales.get(locale).slug());
        let span = item.at("output").and_then(Tree::origin)?.span;
        self.kind(&path, item, span);
        let order =
            Order { component, kind: artifact::PAGE, locale: Some(locale), asked_by: Some(span), job, reads: None };
        Some(Output { path: self.files.add_at(&path, order)?, locale })
    }

    /// Whether the audit knows how to read what a document comes to, and its template escapes what it prints there.
    fn kind(&mut self, path: &str, item: &Tree, span: Span) {
        let kind = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, kind)| kind);
        let template = item.text_at("template").unwrap_or_default();
        let error = if !kinds::of_documents().any(|known| known == kind) {
            let known: Vec<&str> = kinds::of_documents().collect();
            Diagnostic::error("E-OUTPUT", format!("`{path}` is of a kind that no document may have"))
                .help(format!("let it end with {}", known.join(", ")))
        } else if kinds::MARKUP.contains(&kind) && !template::escapes_html(template) {
            let message = format!("`{path}` is markup, and the template `{template}` puts values in as they are");
            Diagnostic::error("E-OUTPUT", message)
                .help(format!("let the template's name end with {}: then it escapes them", kinds::MARKUP.join(", ")))
        } else if !template::encodes(kind, template) {
            let message = format!("`{path}` is a `.{kind}`, and the template `{template}` encodes no values for it");
            Diagnostic::error("E-OUTPUT", message)
                .help(format!("let the template's name end with `.{kind}`: then each value has to be encoded for it"))
        } else {
            return;
        };
        self.diagnostics.push(error.at(span, ""));
    }

    fn template_exists(&mut self, template: &str, item: &Tree, key: &str) {
        let place = item.at(key).and_then(Tree::origin);
        if let Some(place) = place.filter(|_| !self.engine.has(template)) {
            self.diagnostics.push(
                Diagnostic::error("E-TEMPLATE", format!("there is no template `{template}`"))
                    .at(place.span, "")
                    .help(format!("write `master-templates/templates/{template}`, or name another")),
            );
        }
    }

    fn content_exists(&mut self, content: &str, item: &Tree) {
        let place = item.at("content").and_then(Tree::origin);
        if let Some(place) = place.filter(|_| self.tree.get(content).is_none()) {
            let error = Diagnostic::error("E-CONTENT", format!("there is no content file `{content}`"));
            self.diagnostics.push(match (self.removal)(content) {
                Some(span) => error
                    .at(span, "taken away here")
                    .other(place.span, "asked for here")
                    .help("leave it, and replace its blocks; or take away what asks for it, too"),
                None => error.at(place.span, "").help(format!("write `master-templates/{content}`, or name another")),
            });
        }
    }

    fn emails(&mut self) -> Vec<Email> {
        let Some(nurture) = self.tree.get("nurture").cloned() else { return Vec::new() };
        let Some(list) = nurture.get("emails").cloned() else { return Vec::new() };
        if let Some(templates) = nurture.get("templates") {
            for key in ["html", "text"] {
                let name = templates.text_at(key).map(str::to_owned);
                name.iter().for_each(|name| self.template_exists(name, templates, key));
            }
        }
        let mut email = |number: usize, position: usize, id: &Arc<str>, item: &Arc<Tree>| {
            let content: Arc<str> = item.text_at("content")?.into();
            self.content_exists(&content, item);
            let own = item.text_at("template").map(Arc::<str>::from);
            own.iter().for_each(|name| self.template_exists(name, item, "template"));
            let outputs = self.email_outputs(number, position, id, item);
            Some(Email {
                id: id.clone(),
                number: position,
                html: own.or_else(|| nurture.text_at("templates.html").map(Into::into))?,
                text: nurture.text_at("templates.text")?.into(),
                content,
                outputs,
            })
        };
        let mut emails = Vec::new();
        for (index, (id, item)) in list.children().enumerate() {
            emails.extend(email(emails.len(), index + 1, id, item));
        }
        emails
    }

    /// `emails/de-de/01-welcome.html` and the others, for each locale, of the email of a number in the plan.
    fn email_outputs(&mut self, number: usize, position: usize, id: &str, item: &Tree) -> Vec<EmailOutput> {
        let asked_by = item.origin().map(|origin| origin.span);
        if id.contains(['/', '.']) {
            let error = Diagnostic::error("E-OUTPUT", format!("`{id}` is no name for the files of an email"))
                .help("lower-case ASCII letters, digits and `-`");
            self.diagnostics.push(match asked_by {
                Some(span) => error.at(span, ""),
                None => error,
            });
            return Vec::new();
        }
        let mut outputs = Vec::new();
        for &locale in self.chosen {
            let slug = self.locales.get(locale).slug();
            let order = Order {
                component: ComponentKind::NURTURE,
                kind: artifact::EMAIL,
                locale: Some(locale),
                asked_by,
                job: Job::Email { email: number, output: outputs.len() },
                reads: None,
            };
            let mut planned = |extension: &str| {
                self.files.add_at(&format!("emails/{slug}/{position:02}-{id}.{extension}"), order.clone())
            };
            if let (Some(html), Some(text), Some(message)) = (planned("html"), planned("txt"), planned("eml")) {
                outputs.push(EmailOutput { locale, html, text, message });
            }
        }
        outputs
    }

    fn missing_components(&mut self, documents: &[Document], emails: &[Email]) {
        let place = self.tree.get("documents").and_then(|list| list.origin());
        for kind in ComponentKind::ALL {
            let has_emails = kind.has_emails() && !emails.is_empty();
            let there = has_emails || documents.iter().any(|document| document.component == kind);
            if !there {
                let error =
                    Diagnostic::error("E-COMPONENT", format!("the package has no {}", kind.title().to_lowercase()))
                        .help(format!(
                            "every package has all seven components: add a document with `component: {kind}`"
                        ));
                self.diagnostics.push(match place {
                    Some(place) => error.at(place.span, ""),
                    None => error,
                });
            }
        }
    }
}
