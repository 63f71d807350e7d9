//! Who has what right to a host.

use std::collections::HashMap;

use crate::guard::alike::letters;
use crate::guard::claims::{Claim, Partners, VENDOR, Who, host, is_below};
use crate::schema::domain;

/// The right that somebody has to a host, the lesser ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::guard) enum Right {
    /// He has no more than his own word.
    None,
    /// His id is a label before the name that can be registered: `acme.group.example`.
    Label(usize),
    /// His id is that name or begins it, so far.
    Name(usize),
    /// He is the vendor, and has an account or a page at that very host: so may many have.
    There,
    /// HQ says that he has something there.
    Said,
    /// HQ says that his site is there, or above it, with the length of that host: the nearest site is the best.
    Site(usize),
}

impl Right {
    /// Whether it is the better one. That HQ names a mailbox somewhere says nothing against those of whom the host may be by an
    /// id: many may have mailboxes there.
    pub fn beats(self, other: Self) -> bool {
        self > other && (!matches!(self, Self::There | Self::Said) || other == Self::None)
    }
}

/// The hosts that HQ gives, which with ids make all rights.
pub(in crate::guard) struct Rights<'a> {
    partners: Partners<'a>,
    given: Given,
}

/// The hosts of what HQ gives.
#[derive(Default)]
pub(in crate::guard) struct Given {
    /// Of sites that are all of a host, and of what the vendor's pages lie at.
    pub sites: HashMap<Who, Vec<String>>,
    /// Of single pages, and of the vendor's endpoints: of the very host no more is said than that somebody has something there.
    pub pages: HashMap<Who, Vec<String>>,
    /// Of the vendor's mailboxes.
    pub mail: Vec<String>,
}

impl<'a> Rights<'a> {
    pub fn new(partners: Partners<'a>, given: Given) -> Self {
        Self { partners, given }
    }

    pub fn of(&self, who: Who, host: &str) -> Right {
        self.against(who, host).max(by_word(self.has_page(who, host)))
    }

    /// The right by which a host is somebody's and no other's. At the host of a partner's page others may have theirs.
    pub fn against(&self, who: Who, host: &str) -> Right {
        let above = self.given.sites.get(&who).into_iter().flatten().filter(|site| is_below(host, site));
        above.map(|site| Right::Site(site.len())).max().unwrap_or_else(|| match who {
            VENDOR if self.given.mail.iter().any(|mail| is_below(host, mail)) => Right::Said,
            VENDOR if self.has_page(who, host) => Right::There,
            VENDOR => Right::None,
            _ => self.partners.by_id(who, host),
        })
    }

    fn has_page(&self, who: Who, host: &str) -> bool {
        self.given.pages.get(&who).into_iter().flatten().any(|page| page == host)
    }

    /// The right to the host at which somebody says that he is.
    pub fn of_claim(&self, claim: &Claim) -> Right {
        let host = host(&claim.text).unwrap_or_default();
        self.of(claim.who, &host).max(by_word(claim.is_hq))
    }
}

/// The right that HQ's word makes, or the lack of it.
pub(in crate::guard) fn by_word(is_hq: bool) -> Right {
    if is_hq { Right::Said } else { Right::None }
}

/// Letters of an id that begins a name without being a word of it: `it` begins many names of others.
const FEWEST_LETTERS: usize = 6;

/// Letters of an id that is a label before the name: `it` and `hr` are departments.
const FEWEST_OF_LABEL: usize = 3;

impl Partners<'_> {
    /// The right to a host that somebody's id gives him. The vendor has none.
    pub fn by_id(self, who: Who, host: &str) -> Right {
        if who == VENDOR {
            return Right::None;
        }
        let name = domain::name(host);
        let begun = self.begun(who, name);
        // Letters are those that HQ writes: what reads like them may be more, such as `rn` for `m`.
        let is_long = self.id(who).chars().filter(|c| c.is_alphanumeric()).count() >= FEWEST_LETTERS;
        if begun > 0 && is_long || self.is_id(who, name) {
            return Right::Name(begun);
        }
        match domain::before(host).any(|label| self.is_label(who, label)) {
            true => Right::Label(self.id(who).len()),
            false => Right::None,
        }
    }

    /// Whether somebody's id is a name of a host as a whole, so that to have anything there is to be there.
    pub fn names_host(self, who: Who, host: &str) -> bool {
        who != VENDOR
            && (self.is_id(who, domain::name(host)) || domain::before(host).any(|label| self.is_label(who, label)))
    }

    /// Whether a label below a name that can be registered is somebody's id, and not what many call a part of their own host.
    fn is_label(self, who: Who, label: &str) -> bool {
        let id = self.id(who);
        id.chars().count() >= FEWEST_OF_LABEL && !domain::is_common(id) && self.is_id(who, label)
    }

    /// Whether a label is an id, or begins with it as a word of its own: `acme`, `acme-mail`.
    fn is_id(self, who: Who, label: &str) -> bool {
        let id = self.id(who);
        letters(label) == letters(id) || label.strip_prefix(id).is_some_and(|rest| rest.starts_with('-'))
    }

    fn id(&self, who: Who) -> &str {
        &self.catalog.axes[self.axis.0].at(who as usize).id
    }
}
