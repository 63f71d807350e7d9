//! Addresses that lead around a form (J14): those of the site itself, in whatever way they are written. A page of the
//! package is named by its document, so what stands behind a form is known; an address says nothing of that.

use crate::capture::Capture;
use crate::catalog::Catalog;
use crate::catalog::patch::Leaf;
use crate::components::Finding;
use crate::deployment::Deployment;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::plan::{Document, Plan};
use crate::journey::Path;
use crate::package::tracking::{Link, Tracking};
use crate::resolve::tree::Tree;
use crate::schema::address::{below, host};

use super::mender::Mender;

/// The folder of a package that is published.
const SITE: &str = "site/";

/// The pages of a deployment, and of the others of its site, which are made alike.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The pattern of all deployments' addresses.
    pattern: &'a str,
    deployment: &'a Deployment,
    plan: &'a Plan,
    /// The folders of all locales: another deployment has its pages in others.
    folders: &'a [String],
}

impl<'a> Site<'a> {
    pub fn new(catalog: &'a Catalog, deployment: &'a Deployment, plan: &'a Plan, folders: &'a [String]) -> Self {
        Self { pattern: &catalog.settings.base_url, deployment, plan, folders }
    }

    /// The page that an address leads to, in this deployment or in another one.
    fn page(self, address: &str) -> Option<&'a Document> {
        let path = self.in_any_locale(&below(self.pattern, address)?);
        let files = [format!("{path}.html"), format!("{path}/index.html").trim_start_matches('/').to_owned(), path];
        let is_there = |file: &str| files.iter().any(|named| named == file);
        let is_page = |document: &&Document| {
            let mut paths = document.outputs.iter().filter_map(|output| output.path.as_str().strip_prefix(SITE));
            paths.any(|path| is_there(&self.in_any_locale(path)))
        };
        self.plan.documents.iter().find(is_page)
    }

    /// A path of the site without its locale.
    fn in_any_locale(self, path: &str) -> String {
        let is_locale = |part: &str| self.folders.iter().any(|folder| folder.eq_ignore_ascii_case(part));
        let parts = path.split('/').filter(|part| !is_locale(part));
        parts.collect::<Vec<_>>().join("/")
    }

    /// Notes links of the table that lead past a form by their address.
    pub fn check_links(self, tracking: &Tracking, path: &Path, mender: Mender<'_>, diagnostics: &mut Diagnostics) {
        let gates = path.gates().behind();
        let past = |link: &Link| {
            let page = self.page(link.url.as_deref()?)?;
            let behind = gates.iter().find(|behind| behind.page == page.id)?;
            let at = format!("tracking.links[{}].url", link.id);
            let message = format!("the link leads past the form of `{}`, to `{}`", behind.request, page.id);
            let help = "give the address of another site; HQ names a page of the package by `document`";
            let rests_on = filled_from(mender.tree, &at);
            Some(("E-J14", Finding::new(at, message, help).resting_on(rests_on)))
        };
        if !gates.is_empty() {
            diagnostics.extend(mender.merged(tracking.links.iter().filter_map(past)));
        }
    }

    /// Notes an address of `capture` that is no system's: a page takes no form, and leading there instead would lead past
    /// what it asks for.
    pub fn check_capture(self, capture: &Capture, tree: &Tree, diagnostics: &mut Diagnostics) {
        // A partner keeps no leads at the site, at whatever path; HQ may have its own endpoint beside it.
        let host = host(&self.deployment.url);
        let is_there = |address: &str| capture.owner() == "partner" && host.is_some() && host == self::host(address);
        let is_own = |address: &str| below(self.pattern, address).is_some() || is_there(address);
        let Some((request, address)) = capture.addresses().find(|(_, address)| is_own(address)) else { return };
        let message = format!("`capture` leads to `{address}`, a page of this site, which takes no form");
        let error = Diagnostic::error("E-FORMACTION", message)
            .help("give the address of the system that takes forms, or `target: mail`");
        let said = tree.at("leads.receiver.capture");
        let own = ["addresses", "account"].iter().zip([request, "address"]);
        let own = own.filter_map(|(key, name)| said?.get(key)?.get(name)).next();
        let about = own.map(|own| &**own).or(said).and_then(Tree::origin);
        diagnostics.push(match about {
            Some(origin) => error.at(origin.span, "who receives forms"),
            None => error,
        });
    }
}

/// The values that a text is filled from.
fn filled_from(tree: &Tree, path: &str) -> Vec<String> {
    match tree.at(path).and_then(Tree::as_leaf).map(|resolved| &resolved.leaf) {
        Some(Leaf::Text { text, .. }) => text.variables().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
