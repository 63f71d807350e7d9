//! Whether an address may stand where it stands.

use std::collections::BTreeSet;

use crate::artifact::File;
use crate::components::ComponentKind;
use crate::html::{Address, Page, Reference, Role, WORDS, host_of, mailbox_of, plain, resolved};
use crate::schema::domain;

use super::{Allowed, Behind, Pages};

/// The folder that is published, at the deployment's own address.
const SITE: &str = "site/";

/// The code of what leads nowhere.
pub const DANGLING: &str = "E-DANGLING";

/// What is wrong with an address.
pub struct Fault {
    pub code: &'static str,
    pub what: String,
    /// The address in that, if it is about one.
    pub address: Option<String>,
    pub help: &'static str,
}

/// Knows the package and what it may lead to.
pub struct Judge<'a> {
    pub allowed: Allowed<'a>,
    pub paths: &'a BTreeSet<&'a str>,
    pub pages: &'a Pages,
}

impl Judge<'_> {
    pub fn fault(&self, file: &File, reference: &Reference) -> Option<Fault> {
        let address = &*plain(&reference.address);
        let token = self.allowed.token(file, address.as_bytes());
        if reference.role == Role::Link && token.is_some_and(|token| token.code == address) {
            return None;
        }
        if reference.attribute == WORDS
            && let Some(mailbox) = mailbox_of(address)
        {
            return (!self.is_known_mailbox(&mailbox)).then(|| untracked(address, reference));
        }
        if reference.attribute == WORDS
            && let Some(host) = host_of(address)
        {
            return (!self.is_known(&host)).then(|| untracked(address, reference));
        }
        match (Address::of(address), reference.role) {
            (Address::Empty, Role::Post) => Some(own_page()),
            (Address::Empty, _) => Some(dangling("holds an empty link".into(), "give it a link of `tracking.links`")),
            (Address::Contact, Role::Link) | (Address::Picture, Role::Image) => None,
            (Address::Unusable | Address::Contact | Address::Picture, _) => Some(unusable(address, reference)),
            (_, Role::Post) => (!self.allowed.endpoints.contains(address)).then(|| misdirected(address, reference)),
            (Address::Web, _) => self.web(file, address, reference),
            // A host without a scheme, of which mail programs make a link.
            (Address::Relative { .. }, _) if reference.attribute == WORDS => self.web(file, address, reference),
            (Address::Rooted, _) => self.rooted(file, address),
            (Address::Relative { path, fragment }, _) => self.relative(file, address, path, fragment),
        }
    }

    /// Whether a mailbox is one of HQ's or the partner's own, or at a known host.
    fn is_known_mailbox(&self, mailbox: &str) -> bool {
        let is_at_host = || mailbox.rsplit_once('@').is_some_and(|(_, host)| self.is_known(host));
        self.allowed.hosts.contains(mailbox) || is_at_host()
    }

    /// Whether a host is HQ's or the partner's own, or lies below one of these, or above it as far as it can be somebody's.
    fn is_known(&self, host: &str) -> bool {
        let is_below =
            |one: &str, other: &str| one.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let is_above = |known: &str| is_below(known, host) && !domain::owned(host).is_empty();
        self.allowed.hosts.iter().any(|known| is_below(host, known) || is_above(known))
    }

    /// What first leads on from a page: to another one of the site, or by a form.
    pub fn leads_on<'p>(&self, file: &File, page: &'p Page) -> Option<&'p Reference> {
        let leads_on = |reference: &Reference| match reference.role {
            Role::Post => true,
            Role::Link => self.target(file, reference).is_some_and(|it| is_page(&it) && it != file.path.as_str()),
            Role::Image | Role::Load => false,
        };
        page.references.iter().find(|reference| is_published(file) && leads_on(reference))
    }

    /// Whether a page loads a file of the package.
    pub fn loads(&self, file: &File, page: &Page, path: &str) -> bool {
        let loaded = page.references.iter().filter(|reference| reference.role == Role::Load);
        loaded.filter_map(|reference| self.target(file, reference)).any(|target| target == path)
    }

    /// The file of the package that an address on a page leads to.
    fn target(&self, file: &File, reference: &Reference) -> Option<String> {
        let address = &*plain(&reference.address);
        match Address::of(address) {
            Address::Web => self.published(address),
            Address::Rooted => self.published(&format!("{}{address}", self.host())),
            Address::Relative { path, .. } if !path.is_empty() => {
                resolved(file.path.folder(), path).filter(|target| self.paths.contains(&**target))
            }
            _ => None,
        }
    }

    fn web(&self, file: &File, address: &str, reference: &Reference) -> Option<Fault> {
        // A link is there to be followed; what is loaded has to stand in the package, whoever handed the address out.
        let is_granted = reference.role == Role::Link && self.allowed.granted.contains(address);
        if !address.starts_with(self.allowed.base_url) {
            let is_free = !is_public(file) && reference.role == Role::Link && address.contains("://");
            return (!is_granted && !is_free).then(|| untracked(address, reference));
        }
        match self.published(address) {
            Some(target) => self.within(file, &target, fragment(address)),
            // The table of links may know of files that others publish there.
            None => (!is_granted).then(|| missing(address)),
        }
    }

    fn rooted(&self, file: &File, address: &str) -> Option<Fault> {
        match self.published(&format!("{}{address}", self.host())) {
            Some(target) => self.within(file, &target, fragment(address)),
            None => Some(missing(address)),
        }
    }

    /// The file of the package that is published at an address.
    fn published(&self, address: &str) -> Option<String> {
        let path = match Address::of(address.strip_prefix(self.allowed.base_url)?) {
            Address::Empty => "",
            Address::Relative { path, .. } => path,
            _ => return None,
        };
        Some(format!("{SITE}{}", resolved("", path)?)).filter(|target| self.paths.contains(&**target))
    }

    fn relative(&self, file: &File, address: &str, path: &str, fragment: Option<&str>) -> Option<Fault> {
        if path.is_empty() {
            return self.own_place(file, fragment);
        }
        if file.component == ComponentKind::NURTURE {
            let what = format!("leads to `{}`, which an email leaves behind", shown(address));
            return Some(dangling(what, "use `link(id, placement)` or `email_asset(path)`").about(address));
        }
        let Some(target) = resolved(file.path.folder(), path) else {
            // Out of the package, only documents lead: to the catalogue.
            return is_public(file).then(|| missing(address));
        };
        if !self.paths.contains(&*target) {
            return Some(missing(address));
        }
        if is_published(file) && !target.starts_with(SITE) {
            let what = format!("leads to `{}`, which is not published", shown(address));
            return Some(dangling(what, "link to a document below `site/`").about(address));
        }
        self.within(file, &target, fragment)
    }

    /// Another file of the package.
    fn within(&self, file: &File, target: &str, fragment: Option<&str>) -> Option<Fault> {
        let behind = self.allowed.gates.behind.get(target).filter(|_| is_public(file));
        match behind {
            Some(behind) if !behind.from.contains(file.path.as_str()) => Some(bypassed(behind)),
            _ => self.place(target, fragment),
        }
    }

    /// A place in a file that is there.
    fn place(&self, target: &str, fragment: Option<&str>) -> Option<Fault> {
        let id = self.lacking(target, fragment)?;
        let what = format!("leads to `#{id}` in `{target}`, which has no such place");
        Some(dangling(what, "name the id of a block of that page").about(&format!("#{id}")))
    }

    /// A place of the page itself: the same is said whichever page it is.
    fn own_place(&self, file: &File, fragment: Option<&str>) -> Option<Fault> {
        let id = self.lacking(file.path.as_str(), fragment)?;
        let what = format!("leads to `#{id}`, and the page itself has no such place");
        Some(dangling(what, "name the id of a block of that page").about(&format!("#{id}")))
    }

    /// The id that a page does not have.
    fn lacking<'f>(&self, target: &str, fragment: Option<&'f str>) -> Option<&'f str> {
        let id = fragment.filter(|id| !id.is_empty())?;
        (!self.pages.get(target)?.ids.contains(id)).then_some(id)
    }

    /// Scheme and host of the deployment's own address.
    fn host(&self) -> &str {
        let base = self.allowed.base_url;
        let path = base.find("://").and_then(|at| Some(at + 3 + base.get(at + 3..)?.find('/')?));
        path.and_then(|path| base.get(..path)).unwrap_or(base)
    }
}

fn fragment(address: &str) -> Option<&str> {
    Some(address.split_once('#')?.1)
}

/// Pages and emails are for customers; documents for the partner's people may name platforms.
fn is_public(file: &File) -> bool {
    is_published(file) || file.component.is_public()
}

/// Whether people read it as a page.
fn is_page(path: &str) -> bool {
    [".html", ".htm", ".xhtml"].iter().any(|end| path.ends_with(end))
}

fn is_published(file: &File) -> bool {
    file.path.as_str().starts_with(SITE)
}

/// An address without what differs from package to package, so that one cause is one thing that is said.
fn shown(address: &str) -> String {
    match address.split_once("?utm_") {
        Some((plain, _)) => format!("{plain}?…"),
        None => address.to_owned(),
    }
}

fn dangling(what: String, help: &'static str) -> Fault {
    Fault { code: DANGLING, what, address: None, help }
}

impl Fault {
    fn about(self, address: &str) -> Self {
        Self { address: Some(shown(address)), ..self }
    }
}

fn missing(address: &str) -> Fault {
    let what = format!("leads to `{}`, which is not in the package", shown(address));
    dangling(what, "name a document or an asset that is").about(address)
}

fn untracked(address: &str, reference: &Reference) -> Fault {
    let (code, address) = ("E-UNTRACKED", shown(address));
    let about = Some(address.clone());
    match reference.role {
        Role::Link if reference.attribute == WORDS => Fault {
            code,
            what: format!("links to `{address}` without tracking"),
            address: about,
            help: "programs make a link of such a word: use `link(id, placement)` in templates and `link:ID` in text, or leave it out",
        },
        Role::Link => Fault {
            code,
            what: format!("links to `{address}` without tracking"),
            address: about,
            help: "use `link(id, placement)` in templates and `link:ID` in text",
        },
        _ => Fault {
            code,
            what: format!("loads `{address}` from elsewhere (`{}`)", reference.attribute),
            address: about,
            help: "put the file below `assets/`, and use `asset(path)`",
        },
    }
}

fn unusable(address: &str, reference: &Reference) -> Fault {
    Fault {
        code: "E-URL",
        what: format!("holds `{}`, which cannot be used here (`{}`)", shown(address), reference.attribute),
        address: Some(shown(address)),
        help: "give `tracking.links` a whole `https://`, `mailto:` or `tel:` address, and use `link(id, placement)`",
    }
}

fn bypassed(Behind { page, request, .. }: &Behind) -> Fault {
    let what = format!("leads past the form of `{request}`, to `{page}`");
    Fault { code: "E-J14", what, address: None, help: "link to the page with the form, or from what comes after it" }
}

fn own_page() -> Fault {
    Fault {
        code: "E-FORMACTION",
        what: "sends a form to its own page, which takes none".into(),
        address: None,
        help: "give it the `action` of whoever receives it, or take `method` away",
    }
}

fn misdirected(address: &str, reference: &Reference) -> Fault {
    Fault {
        code: "E-FORMACTION",
        what: format!("sends data to `{address}` (`{}`), which takes no form of this package", reference.attribute),
        address: Some(address.to_owned()),
        help: "write `{{ capture.forms[request.id].address }}`, or `{{ tracking.form.endpoint }}` without `journey.leads`",
    }
}
