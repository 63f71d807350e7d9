//! Whose a host is, and who has something there.
//!
//! A right to a host comes from HQ: from a site that is all of a host and that it gives, in a registry or as the vendor's own, for
//! the host and all below it, the nearest one first; for the vendor also from where the packages lie, and, less, from its
//! mailboxes, endpoints and pages; or from an id, which begins the name that can be registered, as a word of its own or with some
//! letters, or is a label before it. What a partner says of himself makes no right: his site, and a mailbox at a host that is
//! called as he is, tell where he is, and no more.
//!
//! Whoever is at a host, or above it, and has the better right to it, is not passed for: mailboxes, endpoints and counters of
//! others there are refused, and so is a site that claims all of it by no more than a word. Rights are compared at the very host
//! at which somebody has something. Where a site lies above it says nothing: to hold `group.example` is no right to
//! `thornby.group.example`, of which HQ says that it is Thornby's.
//!
//! Where nobody has a right nobody is refused, or one partner could stop another by naming his host. It is a warning, at the
//! line of each. So is an endpoint where the vendor has one at a host that nothing else of the vendor's tells to be its own: that
//! may be a platform's.
//!
//! A page of legal words speaks for whose host it lies at, as a site does: it is refused only as the host itself.
//!
//! - [`rights`]: who has what right
//! - [`seats`]: who is where

pub(super) mod rights;
mod seats;

use std::collections::HashSet;

use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::address::below;
use crate::schema::domain::above;
use crate::source::Span;

use super::claims::{Partners, VENDOR, Who};
use super::identity::MEANT;
use rights::{Right, Rights};
use seats::{Best, Here, Kind, Seat, Seats};

/// What to do about what is another's; where HQ decides.
const OWN: &str =
    "of two records of one company HQ gives one as the other's `parent`, in a registry, and the site of each there";

/// Refuses what lies at another's host, and sites that are, where nothing is `taken` already; returns the rights by which it was
/// judged, and what is refused. Of mailboxes that are `shared` themselves it is not told that their hosts are.
pub fn check<'a>(
    partners: Partners<'a>,
    taken: &HashSet<Span>,
    shared: &HashSet<Span>,
    diagnostics: &mut Diagnostics,
) -> (Rights<'a>, HashSet<Span>) {
    let seats = Seats::of(partners);
    let pages = partners.catalog.settings.base_url.split('/').take(3).collect::<Vec<_>>().join("/") + "/";
    let judge = Judge { partners, seats: &seats, pages };
    let (mut said, mut refused, mut told) = (HashSet::<Span>::new(), HashSet::new(), HashSet::<(Who, &str)>::new());
    let is_shared = |it: &&Here| it.kind == Kind::Mailbox && shared.contains(&it.claim.span);
    told.extend(seats.here.iter().filter(is_shared).map(|it| (it.claim.who, it.top())));
    let is_open = |it: &&Here| partners.is_asked(it.claim.who) && !taken.contains(&it.claim.span);
    for it in seats.here.iter().filter(is_open) {
        let found = match it.kind {
            Kind::Site => judge.of_site(it),
            Kind::Page => judge.of_page(it),
            Kind::Mailbox => judge.of_use(it).or_else(|| {
                // Of all mailboxes that somebody has at a host one is told of.
                judge.of_mailbox(it).filter(|_| told.insert((it.claim.who, it.top())))
            }),
            Kind::Form | Kind::Counter => judge.of_use(it),
        };
        if let Some(found) = found.filter(|_| said.insert(it.claim.span)) {
            refused.extend(found.is_error().then_some(it.claim.span));
            diagnostics.push(found);
        }
    }
    (seats.rights, refused)
}

struct Judge<'a> {
    partners: Partners<'a>,
    seats: &'a Seats<'a>,
    /// The host of the vendor's pages, which take no form: of them something else is said.
    pages: String,
}

impl Judge<'_> {
    /// What is wrong with what somebody has at a host where another is, the nearest one first.
    fn of_use(&self, it: &Here) -> Option<Diagnostic> {
        let own = self.seats.rights.of_claim(&it.claim);
        let others = || {
            let seats = above(&it.host).filter_map(|host| self.seats.at.get(host));
            self.others(it, seats).filter(|seat| self.counts(it, seat))
        };
        let is_better = |seat: &&Seat| seat.right.beats(own);
        if let Some(seat) = others().filter(is_better).find(|seat| !Self::is_undecided(it, seat)) {
            return self.refused(it, seat);
        }
        // Whose id no more than names a label has no more right than another of whom it is as true.
        let is_as_good = |seat: &Seat| seat.right == own && matches!(own, Right::Label(_));
        let seat = others().find(|seat| is_better(seat) || own == Right::None || is_as_good(seat))?;
        let message = format!("`{}` lies at the host of {}", it.claim.text, self.named(seat));
        match it.kind {
            Kind::Page => self.shared(message, it, seat),
            _ => self.undecided(message, it, seat),
        }
    }

    /// Whether it may stand at a host to which another has the better right: a page beside that one's, and an endpoint beside the
    /// vendor's.
    fn is_undecided(it: &Here, seat: &Seat) -> bool {
        it.kind == Kind::Page || it.kind == Kind::Form && seat.right == Right::There
    }

    /// What is wrong with a page of legal words that is another's host, or lies there.
    fn of_page(&self, it: &Here) -> Option<Diagnostic> {
        let own = self.seats.rights.of_claim(&it.claim);
        let here = self.others(it, self.seats.at.get(&it.host)).find(|seat| seat.right.beats(own));
        match here.filter(|_| it.is_whole()) {
            Some(seat) => self.refused(it, seat),
            None => self.of_use(it),
        }
    }

    /// What is to be told of a mailbox at a host at which others have theirs, and nobody a right.
    fn of_mailbox(&self, it: &Here) -> Option<Diagnostic> {
        let is_nobodys = self.seats.rights.of_claim(&it.claim) == Right::None;
        let seat = self.others(it, self.seats.mail.get(it.top()).filter(|_| is_nobodys)).next()?;
        let message = format!("`{}` lies at a host at which {} has a mailbox, too", it.claim.text, self.named(seat));
        self.undecided(message, it, seat)
    }

    /// What is wrong with a site that claims all of a host by its own word, at which others are.
    fn of_site(&self, it: &Here) -> Option<Diagnostic> {
        if !it.is_bare() {
            return None;
        }
        let own = self.seats.rights.of(it.claim.who, &it.host);
        let below = || self.others(it, self.seats.below.get(&it.host));
        match self.others(it, self.seats.at.get(&it.host)).chain(below()).find(|seat| seat.right.beats(own)) {
            Some(seat) => self.refused(it, seat),
            None => {
                let seat = below().find(|seat| seat.right >= own)?;
                let warning = format!("`{}` is a host at which {} is, too", it.claim.text, self.named(seat));
                self.undecided(warning, it, seat)
            }
        }
    }

    fn others<'s>(&self, it: &Here, at: impl IntoIterator<Item = &'s Best>) -> impl Iterator<Item = &'s Seat> {
        let (partners, who) = (self.partners, it.claim.who);
        let seats = at.into_iter().flat_map(Best::iter);
        seats.filter(move |seat| seat.who != who && !partners.is_one_company(seat.who, who))
    }

    /// Whether it counts at another's. What the vendor takes for a partner HQ says, in its registry; what it counts on its
    /// pages it may count at its own host for everybody.
    fn counts(&self, it: &Here, seat: &Seat) -> bool {
        match it.kind {
            Kind::Form => seat.who != VENDOR || !it.claim.is_hq && below(&self.pages, &it.claim.text).is_none(),
            Kind::Page => seat.who != VENDOR || !it.claim.is_hq,
            Kind::Counter => seat.who != VENDOR,
            Kind::Site | Kind::Mailbox => true,
        }
    }

    fn named(&self, seat: &Seat) -> String {
        self.partners.named(seat.who)
    }

    fn refused(&self, it: &Here, seat: &Seat) -> Option<Diagnostic> {
        let (text, whose) = (&it.claim.text, self.named(seat));
        let (code, message, why, own) = match it.kind {
            Kind::Site => (
                "E-ALIKE",
                format!("`{text}` is a host of {whose}"),
                "the site would be taken for the other's",
                "write the address of the partner's own site",
            ),
            Kind::Page => (
                "E-ALIKE",
                format!("`{text}` is a host of {whose}"),
                "the page would speak for the other",
                "write the address of the partner's own page",
            ),
            Kind::Mailbox => (
                "E-ALIKE",
                format!("`{text}` is a mailbox at the host of {whose}"),
                "its mail would be taken for the other's",
                "write a mailbox of its own",
            ),
            Kind::Form | Kind::Counter => (
                "E-ACCOUNT",
                format!("`{text}` lies at the host of {whose}"),
                "what belongs to two would be one there",
                "write an account of its own",
            ),
        };
        let error = Diagnostic::error(code, message).at(it.claim.span, why);
        Some(self.beside(error, seat).help(format!("{own}; {OWN}")))
    }

    fn undecided(&self, message: String, it: &Here, seat: &Seat) -> Option<Diagnostic> {
        let warning = Diagnostic::warning("W-SHARED", message).at(it.claim.span, "nobody but HQ can say whose it is");
        Some(self.beside(warning, seat).help("HQ gives the site of whose it is in a registry; what is meant may stay"))
    }

    fn shared(&self, message: String, it: &Here, seat: &Seat) -> Option<Diagnostic> {
        let warning = Diagnostic::warning("W-SHARED", message).at(it.claim.span, "the page speaks for the other");
        Some(self.beside(warning, seat).help(MEANT))
    }

    fn beside(&self, found: Diagnostic, seat: &Seat) -> Diagnostic {
        let what = if seat.kind == Kind::Site { "its site" } else { "what it has there" };
        match seat.claim(self.partners) {
            Some(claim) => found.other(claim.span, what),
            None => found,
        }
    }
}
