//! The proof of a deployment's journey, with what the rest of its package gives it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::capture::Capture;
use crate::components::{Finding, qualification};
use crate::data::{Data, DataMap};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::assets::Assets;
use crate::journey::around::{Outcome, Status, Word, Words};
use crate::journey::gates::Piece;
use crate::journey::load::{Besides, Carried, Load, Weekly, Weeks};
use crate::journey::lower::CONFIRMED;
use crate::journey::{Around, Button, Fault, Mode, Open, Path, Proofs, Sender, Task};
use crate::matrix::Base;
use crate::package::journey::{Controller, Journey, Send};
use crate::package::qualification::{Condition, Event, Qualification, Stage, mailbox, told_of};
use crate::package::{self, Package, program};
use crate::resolve::Resolver;
use crate::resolve::tree::Tree;
use crate::schema::ACTIONS;
use crate::times::Times;

use super::base::BaseContext;
use super::checks::{note_types, placed_at};
use super::gone::Gone;
use super::mender::Mender;
use super::prepared::Prepared;
use super::tellings::Tellings;
use super::{Options, Program, duties, leads};

/// The path of a journey that closes, or a note of everything that does not. A package without one has nothing to
/// prove, and no path.
pub fn path(
    proofs: &Proofs,
    package: &Package,
    data: &DataMap,
    assets: &Assets,
    tellings: &Tellings<'_>,
    mender: Mender<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Path> {
    if *package.journey == Journey::default() {
        return None;
    }
    let Stated { journey, sends, mode, around } = Stated::of(package, data, assets, mender.tree, diagnostics)?;
    let tellings = tellings.told(&journey, diagnostics)?;
    let path = proofs.path(&journey, &sends, mode, &around, &tellings);
    let said = |faults: Vec<Fault>| {
        diagnostics.extend(mender.merged(faults.iter().map(|fault| (fault.code, finding(fault)))));
    };
    let besides = Besides { by_hand: by_hand(data), weekly: weekly(package), weeks: weeks(package) };
    let path = path.map_err(said).ok()?.carried(Load::new(&journey, &around, &besides));
    diagnostics.extend(heavy(&journey, path.load(), packages(data), mender.tree));
    Some(path)
}

/// Requests that come by email, each with the mailbox in which they are read.
fn by_hand(data: &DataMap) -> Vec<(Arc<str>, Arc<str>)> {
    let Some(capture) = data.get("capture") else { return Vec::new() };
    let mail = capture.get("mail").and_then(Data::as_str).map(|mail| Arc::from(mail.to_lowercase()));
    let forms = capture.get("forms").and_then(Data::as_map).into_iter().flatten();
    let mails = forms.filter(|(_, form)| form.get("way").and_then(Data::as_str) == Some("mail"));
    mails.filter_map(|(id, _)| Some((id.clone(), mail.clone()?))).collect()
}

/// Dates of the playbook that take somebody's time each week.
fn weekly(package: &Package) -> Vec<Weekly> {
    let items = package.playbook.calendar.iter().filter(|item| item.weekly);
    let weekly =
        items.filter_map(|it| Some(Weekly { id: it.id.clone(), role: it.owner.clone(), minutes: it.minutes? }));
    weekly.collect()
}

/// The weeks of the program's period, of the partner's people and of all others.
fn weeks(package: &Package) -> [Weeks; 2] {
    let (partner, region) = (&package.partner.calendar, &package.region.calendar);
    let period = &package.program.period;
    [partner.or(region).days(), region.days()].map(|days| Weeks::new(&days, period.start..=period.end))
}

/// How many packages the partner has.
fn packages(data: &DataMap) -> u32 {
    match data.get("deployment").and_then(|it| it.get("packages")) {
        Some(Data::Int(packages)) => u32::try_from(*packages).unwrap_or(u32::MAX),
        _ => 1,
    }
}

/// Mailboxes that carry more than HQ asks of one, at what takes most of their time: for this package, or for all of the
/// partner's if each is like it.
fn heavy(journey: &Journey, load: &Load, packages: u32, tree: &Tree) -> Vec<Diagnostic> {
    let Some(bound) = journey.load.as_ref() else { return Vec::new() };
    let told = |row: &Carried, most: u32, key: &str, takes: String| {
        let largest = row.largest()?;
        let message = format!("{takes}, and {most} are the most: {} of them to `{}`", largest.minutes, largest.about);
        let warning = Diagnostic::warning("W-LOAD", message)
            .help("let somebody with a mailbox of their own do part of it, or let it take less; `cobrand journey` shows all of it");
        let warning = placed_at(tree, warning, &largest.path());
        Some(match tree.at(&format!("journey.load.{key}")).and_then(Tree::origin) {
            Some(bound) => warning.other(bound.span, "the most is said here"),
            None => warning,
        })
    };
    let own = bound.at_most.into_iter().flat_map(|most| load.above(most).map(move |row| (row, most)));
    let own = own.filter_map(|(row, most)| {
        let week = row.fullest().map(|week| format!(" in the week from {}", week.from));
        let week = week.unwrap_or_else(|| " a week".to_owned());
        told(row, most, "at_most", format!("`{}` gives {} minutes{week} to this package", row.address, row.most()))
    });
    let all = bound.together.filter(|_| packages > 1).into_iter().flat_map(|most| {
        let is_too_much = move |row: &&Carried| row.is_partners() && row.most().saturating_mul(packages) > most;
        load.rows.iter().filter(is_too_much).map(move |row| (row, most))
    });
    let all = all.filter_map(|(row, most)| {
        let (minutes, sum) = (row.most(), row.most().saturating_mul(packages));
        let takes = format!(
            "`{}` gives {minutes} minutes a week to this package, {sum} to the partner's {packages} if each is like it",
            row.address
        );
        told(row, most, "together", takes)
    });
    own.chain(all).collect()
}

/// What a deployment says of a lead's path, and what of its package is needed to prove it.
struct Stated {
    journey: Arc<Journey>,
    sends: Vec<Send>,
    mode: Mode,
    around: Around,
}

impl Stated {
    fn of(
        package: &Package,
        data: &DataMap,
        assets: &Assets,
        tree: &Tree,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let emails = data.get("nurture").and_then(|nurture| nurture.get("emails")).cloned().unwrap_or_default();
        let sends: Result<Vec<Send>, _> = package::read(&emails, "nurture.emails");
        let sends = note_types(sends.map_err(|error| vec![error]), tree, diagnostics)?;
        let mode = data.get("region").and_then(|region| region.at("legal.consent_mode")).and_then(Data::as_str);
        let (mut journey, mode) = (package.journey.clone(), Mode::named(mode));
        let own = Arc::make_mut(&mut journey);
        // W4: nothing is confirmed where nobody asks for it.
        own.happens.retain(|it| mode == Mode::DoubleOptIn || *it.id != *CONFIRMED);
        own.stop();
        let buttons = buttons(package, data, &sends, tree);
        Some(Self { journey, sends, mode, around: around(package, data, assets, tree, buttons) })
    }
}

/// A lead's path in one deployment, as it is shown.
pub struct Shown {
    /// `None` where nothing is said of it.
    pub path: Option<Path>,
    pub open: Open,
    /// What of it is not here, and why.
    pub gone: Vec<Gone>,
}

/// The lead's path in one deployment. What refuses the deployment is noted, faults of the journey among it.
pub fn shown(program: &Program, values: &[Option<usize>], diagnostics: &mut Diagnostics) -> Option<Shown> {
    let base = Base::of_one(program.catalog(), values);
    let options = Options::default();
    let resolver = Resolver::new(program.approved());
    let context = BaseContext::new(program, &resolver, &base, &options, diagnostics)?;
    let prepared = Prepared::new(&context, values, &options, diagnostics)?;
    let Prepared { capture, analytics, times, path, package, gone, .. } = prepared;
    let open = Open {
        leads: package.leads.as_ref().clone(),
        gaps: capture.iter().flat_map(Capture::gaps).cloned().collect(),
        uncounted: analytics.gaps,
        promises: capture.iter().flat_map(Capture::promises).collect(),
        lacks: times.as_ref().map_or(&[][..], Times::lacks).to_vec(),
    };
    Some(Shown { path, open, gone })
}

/// The ids of consent texts that name the other side, by its registered name, and not the one that is given the permission.
fn misnamed(package: &Package, boxes: Option<&Data>, tree: &Tree) -> Vec<Arc<str>> {
    let named = |text: &str, side: Controller| {
        let name = tree.text_at(&format!("{}.legal.legal_name", side.id()));
        name.is_some_and(|name| text.contains(name))
    };
    let of_another = |item: &&Data| {
        let id = item.get("id").and_then(Data::as_str);
        let purpose = package.journey.purposes.iter().find(|purpose| id == Some(&*purpose.id));
        let text = item.get("text").and_then(Data::as_str).unwrap_or_default();
        purpose.is_some_and(|it| named(text, it.controller.other()) && !named(text, it.controller))
    };
    let ids = boxes.map_or(&[][..], Data::items).iter().filter(of_another);
    ids.filter_map(|item| Some(item.get("id")?.as_str()?.into())).collect()
}

fn around(package: &Package, data: &DataMap, assets: &Assets, tree: &Tree, buttons: Vec<Button>) -> Around {
    let owners = package.qualification.owners.iter();
    let fields = data.get("tracking").and_then(|tracking| tracking.get("fields"));
    let boxes = data.get("region").and_then(|region| region.at("consent.boxes"));
    let placements = package.tracking.placements.iter();
    let confirmed_by = data.get("leads").and_then(|leads| leads.get("confirmed_by"));
    let called = data.get("partner").and_then(|partner| partner.at("sla_contact.email"));
    let placed = placements.filter_map(|it| Some((it.id.clone(), page(package, &it.link)?.clone())));
    Around {
        pages: ids(data.get("documents")),
        statuses: package.tracking.member_statuses.iter().map(|status| status.id.clone()).collect(),
        unset: unset(package),
        owners: owners.map(|owner| (owner.id.clone(), address(&owner.contact))).collect(),
        boxes: boxes.map(|boxes| ids(Some(boxes))),
        misnamed: misnamed(package, boxes, tree),
        known: ids(fields),
        carried: package.tracking.carried(),
        has_trail: package.journey.trail.as_ref().is_some_and(|trail| assets.find(trail).is_ok()),
        pieces: pieces(package),
        placements: placed.collect(),
        buttons,
        roles: package.qualification.owners.iter().map(|owner| (owner.id.clone(), owner.role.clone())).collect(),
        keeper: package.leads.as_ref().as_ref().map(|leads| leads.keeps.receiver()),
        terms: duties::terms(data.get("region")),
        alike: duties::alike(fields),
        tasks: package.roles.iter().map(task).collect(),
        called_late: called.and_then(Data::as_str).map(address),
        words: words(package),
        scores: qualification::scores(&package.qualification, &package.journey.requests),
        abroad: abroad(data),
        lacks_control: data.get("region").is_some_and(|region| region.at("legal.control").is_none()),
        groundless: qualification::groundless(&package.qualification, &package.journey)
            .map(|row| format!("qualification.handoff.record[{}]", row.id).into())
            .collect(),
        has_confirming_page: confirmed_by.is_none_or(|by| by.as_str() == Some(leads::BY_PAGE)),
        sender: sender(package),
        counted: counted(package),
        noted: noted(package),
    }
}

/// Who is in none of the countries at home in the region, where that does not say what a transfer there rests on.
fn abroad(data: &DataMap) -> Vec<(Controller, Arc<str>)> {
    let legal = data.get("region").and_then(|region| region.get("legal"));
    let home =
        legal.and_then(|legal| legal.get("home")).filter(|_| legal.is_some_and(|it| it.get("transfer").is_none()));
    let country = |side: Controller| data.get(side.id())?.at("legal.country").and_then(Data::as_str);
    let is_home = |country: &str| home.is_none_or(|home| home.items().iter().any(|it| it.as_str() == Some(country)));
    let sides = [Controller::Partner, Controller::Vendor].into_iter();
    sides.filter_map(|side| Some((side, country(side).filter(|country| !is_home(country))?.into()))).collect()
}

/// From whose platform the emails of sequences go out.
fn sender(package: &Package) -> Option<Sender> {
    let id = package.partner.capability.id();
    let plan = package.playbook.capabilities.iter().find(|plan| *plan.id == *id)?;
    let side = package.leads.as_ref().as_ref().and_then(|leads| leads.sends).or(plan.sends)?;
    Some(Sender { side, path: format!("playbook.capabilities[{id}].sends").into() })
}

/// What a platform that sends emails sees, and whoever else keeps the leads does not.
const SEEN: [Event; 4] = [Event::EmailClick, Event::EmailReply, Event::OptOut, Event::Bounce];

/// The kinds of these that the model counts, each with the first place that names it.
fn counted(package: &Package) -> Vec<(Arc<str>, Arc<str>)> {
    let first = |seen: Event| {
        let (path, ..) = happenings(&package.qualification).find(|(_, event, _)| *event == seen)?;
        Some((seen.id().into(), path.into()))
    };
    SEEN.into_iter().filter_map(first).collect()
}

/// What the model counts once somebody noted it, each with every place that names it.
fn noted(package: &Package) -> Vec<(Arc<str>, Arc<str>)> {
    let recorded = happenings(&package.qualification).filter(|(_, event, _)| *event == Event::Recorded);
    recorded.filter_map(|(path, _, target)| Some((target?.clone(), format!("{path}.target").into()))).collect()
}

/// Each happening that the model looks at: the place of its condition, its kind and what it is about.
fn happenings(model: &Qualification) -> impl Iterator<Item = (String, Event, Option<&Arc<str>>)> {
    let signals = model.signals.iter().map(|it| ("signals", &it.id, &it.when));
    let negatives = model.negatives.iter().map(|it| ("negatives", &it.id, &it.when));
    let ended = model.disqualify.iter().map(|it| ("disqualify", &it.id, &it.when));
    signals.chain(negatives).chain(ended).filter_map(|(list, id, when)| match when {
        Condition::Happened { event, target } => {
            Some((format!("qualification.{list}[{id}].when"), *event, target.as_ref()))
        }
        _ => None,
    })
}

/// Statuses that are neither where a member begins nor set by somebody.
fn unset(package: &Package) -> Vec<Arc<str>> {
    let statuses = package.tracking.member_statuses.iter().filter(|status| !status.default && status.by.is_none());
    statuses.map(|status| status.id.clone()).collect()
}

/// What has names in the systems of others. A lead that is out has left the order of stages.
fn words(package: &Package) -> Words {
    let Package { qualification, tracking, .. } = package;
    let order = |stage: Stage| (stage != Stage::Disqualified).then_some(stage as u32);
    let stages = qualification.stages.iter().map(|it| Word {
        path: format!("qualification.stages[{}]", it.id.id()).into(),
        name: it.id.id().into(),
        order: order(it.id),
        called: it.called.clone(),
    });
    let statuses = tracking.member_statuses.iter().map(|it| Status {
        word: Word {
            path: format!("tracking.member_statuses[{}]", it.id).into(),
            name: it.id.clone(),
            order: Some(it.order),
            called: it.called.clone(),
        },
        label: it.label.clone(),
        responded: it.responded,
    });
    let outcomes = qualification.feedback.iter().filter(|it| it.ends.is_none()).map(|it| Outcome {
        word: Word {
            path: format!("qualification.feedback[{}]", it.id).into(),
            name: it.id.clone(),
            order: None,
            called: it.called.clone(),
        },
        after: it.after.clone(),
    });
    let machine = told_of(&qualification.feedback);
    let entering = qualification.routing.iter().filter_map(|route| {
        let (entered, state) = route.enters.as_deref()?.split_once('.')?;
        (Some(entered) == machine.as_deref()).then_some((route, state))
    });
    let enters = entering.flat_map(|(route, state)| {
        route.when.stages.iter().map(move |stage| (Arc::from(stage.id()), Arc::from(state)))
    });
    Words {
        enters: enters.collect(),
        machine,
        stages: stages.collect(),
        statuses: statuses.collect(),
        outcomes: outcomes.collect(),
    }
}

fn task(role: &program::Role) -> Task {
    let (id, function) = (role.id.clone(), role.function.clone());
    Task { id, function, task: role.task.clone(), role: role.owner.clone() }
}

/// The pieces of the library, each with its page.
fn pieces(package: &Package) -> Vec<Piece> {
    let page = |link: &Arc<str>| page(package, link).cloned();
    let piece = |piece: &program::Piece| Piece {
        id: piece.id.clone(),
        gate: piece.gate,
        page: piece.link.as_ref().and_then(page),
    };
    package.library.iter().map(piece).collect()
}

/// The buttons of emails and pages whose words are bound to a request.
fn buttons(package: &Package, data: &DataMap, sends: &[Send], tree: &Tree) -> Vec<Button> {
    let emails = sends.iter().map(|send| format!("nurture.emails[{}].cta", send.id));
    let documents = data.get("documents").map_or(&[][..], Data::items);
    let contents: BTreeSet<&str> = documents.iter().filter_map(|it| it.get("content")?.as_str()).collect();
    let of_page = |content: &str| ACTIONS.map(|(action, _)| format!("{content}@{action}"));
    let all = emails.chain(contents.into_iter().flat_map(of_page));
    all.flat_map(|button| bound(package, tree, &button)).collect()
}

/// A button for each request to which its words are bound.
fn bound(package: &Package, tree: &Tree, button: &str) -> Vec<Button> {
    let leaf = |key: &str| tree.at(&format!("{button}.{key}")).and_then(Tree::as_leaf);
    let label = leaf("label");
    let Some(link) = leaf("link").and_then(|link| link.leaf.source()) else { return Vec::new() };
    let names = label.map_or_else(Vec::new, |label| label.leaf.nodes());
    let requests = names.into_iter().filter(|name| package.journey.requests.iter().any(|it| it.id == name.value));
    requests
        .map(|name| Button {
            path: format!("{button}.link").into(),
            request: name.value.clone(),
            link: link.into(),
            page: page(package, link).cloned(),
        })
        .collect()
}

/// The page of the package to which a link leads.
fn page<'p>(package: &'p Package, link: &str) -> Option<&'p Arc<str>> {
    package.tracking.links.iter().find(|it| *it.id == *link)?.document.as_ref()
}

fn ids(items: Option<&Data>) -> Vec<Arc<str>> {
    let id = |item: &Data| item.get("id").and_then(Data::as_str).map(Arc::from);
    items.map_or(&[][..], Data::items).iter().filter_map(id).collect()
}

/// The mailbox in a contact, by which two owners are one; or else all of it.
fn address(contact: &str) -> Arc<str> {
    mailbox(contact).unwrap_or(contact).to_lowercase().into()
}

fn finding(fault: &Fault) -> Finding {
    Finding::new(fault.path.clone(), fault.message.clone(), fault.help.clone())
        .resting_on(fault.rests_on.clone())
        .by_way(fault.trail.clone())
}
