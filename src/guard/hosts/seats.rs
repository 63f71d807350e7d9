//! Who is at a host, by what he says or by what a row of a registry says of him.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::guard::accounts::{COUNTER, ENDPOINTS};
use crate::guard::claims::{Claim, Field, PRODUCT_SITE, Partners, SITE, Says, VENDOR, Who, host};
use crate::guard::identity::{MAILBOXES, OFFICER, PAGES};
use crate::schema::address::is_host_alone;
use crate::schema::{domain, kind};

use super::rights::{Given, Right, Rights, by_word};

/// What somebody has at a host.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Site,
    Mailbox,
    Form,
    Counter,
    /// A page of legal words and the like.
    Page,
}

/// What somebody who is made into layers has at a host.
pub(super) struct Here {
    pub claim: Claim,
    pub kind: Kind,
    pub host: String,
}

impl Here {
    /// What somebody has, if its host can be somebody's.
    fn of(claim: Claim, kind: Kind) -> Option<Self> {
        let host = host(&claim.text).filter(|host| !domain::owned(host).is_empty())?;
        Some(Self { claim, kind, host })
    }

    /// What can be registered of its host.
    pub fn top(&self) -> &str {
        domain::top(&self.host)
    }

    /// Whether it is by its own word no page of a host but all of it.
    pub fn is_whole(&self) -> bool {
        !self.claim.is_hq && is_host_alone(&self.claim.text)
    }

    /// Whether it claims a whole host by no more than its own word.
    pub fn is_bare(&self) -> bool {
        self.kind == Kind::Site && self.claim.who != VENDOR && self.is_whole()
    }

    /// Whether it is a partner's page that HQ gives, which is no more than something at its host.
    fn is_page_by_hq(&self) -> bool {
        self.claim.who != VENDOR && self.claim.is_hq && !is_host_alone(&self.claim.text)
    }
}

/// That somebody is at a host, and the right to it by which he is.
#[derive(Clone)]
pub(super) struct Seat {
    pub who: Who,
    pub right: Right,
    pub kind: Kind,
    said: Said,
}

/// Where he or HQ says so.
#[derive(Clone)]
enum Said {
    Here(Claim),
    InRow(Arc<str>),
}

impl Seat {
    /// What is said, which is read for messages only.
    pub fn claim(&self, partners: Partners<'_>) -> Option<Claim> {
        match &self.said {
            Said::Here(claim) => Some(claim.clone()),
            Said::InRow(path) => partners.claim_of_row(self.who, path, Says::Own),
        }
    }
}

/// Of those at a host the vendor, and those of the two companies that have the best right to it: one of them is not a third's.
#[derive(Default)]
pub(super) struct Best {
    vendor: Option<Seat>,
    partners: Vec<Seat>,
}

impl Best {
    fn add(&mut self, seat: Seat, partners: Partners<'_>) {
        let order = |seat: &Seat| (std::cmp::Reverse(seat.right), seat.who);
        if seat.who == VENDOR {
            if self.vendor.as_ref().is_none_or(|own| own.right < seat.right) {
                self.vendor = Some(seat);
            }
            return;
        }
        let company = |seat: &Seat| partners.company(seat.who);
        match self.partners.iter_mut().find(|own| company(own) == company(&seat)) {
            Some(own) if order(&seat) < order(own) => *own = seat,
            Some(_) => {}
            None => self.partners.push(seat),
        }
        self.partners.sort_by_key(order);
        self.partners.truncate(2);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Seat> {
        self.vendor.iter().chain(&self.partners)
    }
}

/// Everybody at the hosts that matter: those at which somebody has something who is made into layers, and what they lie below.
pub(super) struct Seats<'a> {
    pub rights: Rights<'a>,
    pub here: Vec<Here>,
    /// Who is at a host by a site of his, or by his id.
    pub at: HashMap<String, Best>,
    /// Who has something at or below a host that is claimed as a whole by no more than somebody's own word.
    pub below: HashMap<String, Best>,
    /// Who has a mailbox below what can be registered, where somebody has one to whose host nobody has a right.
    pub mail: HashMap<String, Best>,
}

impl<'a> Seats<'a> {
    pub fn of(partners: Partners<'a>) -> Self {
        let mut here = Vec::new();
        for (kind, field) in fields().chain(PAGES.map(|field| (Kind::Page, field))) {
            partners.layers(field, &mut |claim| {
                // That an officer for data protection, who works for many, has a mailbox somewhere tells nothing of whose the host is.
                let is_officers = claim.who == VENDOR && field.of_vendor == OFFICER.of_vendor;
                here.extend(Here::of(claim, kind).filter(|_| !is_officers));
            });
        }
        let pages = partners.pages_of_all().and_then(|claim| Here::of(claim, Kind::Site));
        here.extend(pages);
        // The page of a product may lie where others have theirs, too.
        partners.layers(PRODUCT_SITE, &mut |claim| {
            let kind = if is_host_alone(&claim.text) { Kind::Site } else { Kind::Page };
            here.extend(Here::of(claim, kind));
        });
        let hosts = here.iter().flat_map(|it| domain::owned(&it.host)).collect();
        let bare: HashSet<String> = here.iter().filter(|it| it.is_bare()).map(|it| it.host.clone()).collect();
        let rights = given(partners, &hosts, &here);
        let mut seats = Seats { rights, here, at: HashMap::new(), below: HashMap::new(), mail: HashMap::new() };
        seats.below.extend(bare.into_iter().map(|host| (host, Best::default())));
        seats.add_here(partners);
        seats.add_rows(partners, &hosts);
        seats.add_mail(partners);
        seats
    }

    /// Notes who else has a mailbox where somebody has one by no more than his own word.
    fn add_mail(&mut self, partners: Partners<'_>) {
        let mailboxes = || self.here.iter().filter(|it| it.kind == Kind::Mailbox && it.claim.who != VENDOR);
        let is_nobodys = |it: &&Here| partners.is_asked(it.claim.who) && self.rights.of_claim(&it.claim) == Right::None;
        let mut mail: HashMap<String, Best> =
            mailboxes().filter(is_nobodys).map(|it| (it.top().to_owned(), Best::default())).collect();
        if mail.is_empty() {
            return;
        }
        let rows = partners.in_rows(&MAILBOXES, |_, row, found| {
            let is_silent = !partners.catalog.speaks(partners.axis, row.who as usize);
            let host = host(row.text).filter(|host| is_silent && domain::above(host).any(|it| mail.contains_key(it)));
            found.extend(host.map(|host| (row.who, host, row.path.clone())));
        });
        let mut add = |who: Who, host: &str, said: Said| {
            if let Some(best) =
                domain::above(host).find(|above| mail.contains_key(*above)).and_then(|top| mail.get_mut(top))
            {
                best.add(Seat { who, right: self.rights.against(who, host), kind: Kind::Mailbox, said }, partners);
            }
        };
        for it in mailboxes() {
            add(it.claim.who, &it.host, Said::Here(it.claim.clone()));
        }
        for (who, host, path) in rows {
            add(who, &host, Said::InRow(path));
        }
        self.mail = mail;
    }

    fn add_here(&mut self, partners: Partners<'_>) {
        for it in &self.here {
            let (claim, kind) = (&it.claim, it.kind);
            let seat = |right| Seat { who: claim.who, right, kind, said: Said::Here(claim.clone()) };
            let right = self.rights.against(claim.who, &it.host);
            let is_vendors = claim.who == VENDOR && right > Right::None && kind != Kind::Counter;
            if kind == Kind::Site && (right > Right::None || it.is_bare())
                || kind == Kind::Mailbox && partners.names_host(claim.who, &it.host)
                || is_vendors
            {
                self.at.entry(it.host.clone()).or_default().add(seat(right), partners);
            }
            // A page of legal words may lie at a host of many, and tells of nobody that he is there.
            if kind == Kind::Site && !it.is_page_by_hq() || kind == Kind::Page && claim.who != VENDOR {
                continue;
            }
            for above in domain::above(&it.host) {
                let right = self.rights.against(claim.who, above);
                // The vendor has accounts at hosts of others, too.
                if claim.who == VENDOR && kind != Kind::Mailbox && right == Right::None {
                    continue;
                }
                if let Some(best) = self.below.get_mut(above) {
                    let is_said = claim.is_hq && claim.who != VENDOR && above == it.host;
                    best.add(seat(right.max(by_word(is_said))), partners);
                }
            }
        }
    }

    fn add_rows(&mut self, partners: Partners<'_>, hosts: &HashSet<String>) {
        for row in self.rows(partners, hosts) {
            let seat = |right| Seat { who: row.who, right, kind: row.kind, said: Said::InRow(row.path.clone()) };
            let right = self.rights.against(row.who, &row.host);
            if hosts.contains(&row.host)
                && (row.kind == Kind::Site && right > Right::None
                    || row.kind == Kind::Mailbox && partners.names_host(row.who, &row.host))
            {
                self.at.entry(row.host.clone()).or_default().add(seat(right), partners);
            }
            if row.is_whole_site {
                continue;
            }
            for above in domain::above(&row.host) {
                if let Some(best) = self.below.get_mut(above) {
                    let right = self.rights.against(row.who, above).max(by_word(above == row.host));
                    best.add(seat(right), partners);
                }
            }
        }
    }

    /// What rows say at hosts that matter, or below them.
    fn rows(&self, partners: Partners<'_>, hosts: &HashSet<String>) -> Vec<InRow> {
        let (kinds, fields): (Vec<Kind>, Vec<Field>) = fields().unzip();
        partners.in_rows(&fields, |number, row, found| {
            let (who, kind) = (row.who, kinds[number]);
            if kind != Kind::Site && partners.catalog.speaks(partners.axis, who as usize) {
                return;
            }
            // What is no address says nothing, asked for or not.
            let is_wrong = kind == Kind::Form && kind::Kind::Endpoint.advice(row.text).is_some();
            let Some(host) = host(row.text).filter(|_| !is_wrong) else { return };
            if hosts.contains(&host) || domain::above(&host).any(|above| self.below.contains_key(above)) {
                let is_whole_site = kind == Kind::Site && is_host_alone(row.text);
                found.push(InRow { who, kind, host, path: row.path.clone(), is_whole_site });
            }
        })
    }
}

/// What a row says of somebody at a host.
struct InRow {
    who: Who,
    kind: Kind,
    host: String,
    path: Arc<str>,
    is_whole_site: bool,
}

/// What tells of somebody at which host he is.
fn fields() -> impl Iterator<Item = (Kind, Field)> {
    let mailboxes = MAILBOXES.into_iter().map(|field| (Kind::Mailbox, field));
    let forms = ENDPOINTS.into_iter().map(|field| (Kind::Form, field));
    [(Kind::Site, SITE), (Kind::Counter, COUNTER)].into_iter().chain(mailboxes).chain(forms)
}

/// What HQ gives at some hosts, also to those who say another one themselves.
fn given<'a>(partners: Partners<'a>, hosts: &HashSet<String>, here: &[Here]) -> Rights<'a> {
    let mut given = Given::default();
    for it in here.iter().filter(|it| it.claim.who == VENDOR) {
        match it.kind {
            Kind::Site => given.sites.entry(VENDOR).or_default().push(it.host.clone()),
            Kind::Mailbox => given.mail.push(it.host.clone()),
            Kind::Form | Kind::Page => given.pages.entry(VENDOR).or_default().push(it.host.clone()),
            Kind::Counter => {}
        }
    }
    let sites = partners.in_rows(&[SITE], |_, row, found| {
        let host = host(row.text).filter(|host| hosts.contains(host));
        found.extend(host.map(|host| (row.who, host, is_host_alone(row.text))));
    });
    for (who, host, is_whole) in sites {
        let of = if is_whole { &mut given.sites } else { &mut given.pages };
        of.entry(who).or_default().push(host);
    }
    Rights::new(partners, given)
}
