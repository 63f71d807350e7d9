//! Who keeps a deployment's leads (W2): the first row of `journey.leads` that fits is its `leads`.

use std::sync::Arc;

use crate::capture::{Capture, Gap, PHONE_CONSENT, Receiver, Wanted};
use crate::catalog::patch::Leaf;
use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::interpolate::Text;
use crate::package::journey::{Controller, Journey};
use crate::profiles::fields::{Case, serving};
use crate::resolve::tree::{Origin, Resolved, Tree, Value};
use crate::schema::Kind;
use crate::schema::journey::KEEPS;
use crate::schema::records::CAPABILITIES;
use crate::source::Span;
use crate::values::Values;

use super::Program;
use super::lowering::without;

/// The key of the page at which permissions are confirmed.
const CONFIRMATION: &str = "confirmation_url";
/// How `leads` says that there is such a page.
pub const BY_PAGE: &str = "page";
/// And how that a reply confirms.
pub const BY_MAIL: &str = "mail";

/// The conditions of a row, each with the value that it is about.
const CONDITIONS: [(&str, &str, &str); 3] =
    [("capability", "partner.capability", "full"), ("tier", "tier.id", ""), ("region", "region.id", "")];

/// The same for what is there for some: it may depend on who keeps leads and who sends the series, too.
const OF_ITEMS: [(&str, &str, &str); 3] =
    [("capability", "partner.capability", "full"), ("keeps", "leads.keeps", ""), ("sends", "leads.sends", "")];

/// Where such items stand: what is handed over, what is due when, and who owns what.
const ITEMS: [&[&str]; 3] = [&["journey", "records"], &["playbook", "calendar"], &["roles"]];

/// The tree without records, dates and tasks that are not of this deployment.
pub fn with_items(tree: &Arc<Tree>) -> Arc<Tree> {
    let left = |kept: Arc<Tree>, path: &&[&str]| without(&kept, path, &|item| !fits(item, tree, &OF_ITEMS));
    ITEMS.iter().fold(tree.clone(), left)
}

/// Why a record is left out that the layers say, and where it says so.
pub fn since(record: &Tree, tree: &Tree) -> Option<(String, Option<Span>)> {
    let unmet = OF_ITEMS.iter().find(|condition| !fits(record, tree, &[**condition]))?;
    let (condition, path, unless) = *unmet;
    let value = tree.text_at(path).unwrap_or(unless);
    let place = record.get(condition).and_then(|node| node.origin()).map(|origin| origin.span);
    Some((format!("its `{condition}` does not name `{value}`"), place))
}

/// The tree with `leads`: what its row says, with the record of who receives forms as `receiver`, and the mailbox for
/// questions on privacy as `contact`. Without the table nothing changes.
pub fn with_leads(tree: &Arc<Tree>) -> Result<Arc<Tree>, Diagnostic> {
    let Some(table) = tree.at("journey.leads") else { return Ok(tree.clone()) };
    let Some((_, row)) = table.children().find(|(_, row)| fits(row, tree, &CONDITIONS)) else {
        return Err(nothing_fits(table, tree));
    };
    let Value::Map(said) = row.value() else { return Ok(tree.clone()) };
    let receiver = Controller::of_forms(row.text_at("keeps").unwrap_or_default()).id();
    let is_said = |key: &str| CONDITIONS.iter().all(|(condition, ..)| *condition != key);
    let mut leads: Vec<(Arc<str>, Arc<Tree>)> =
        said.iter().filter(|(key, _)| is_said(key)).map(|(key, node)| (key.clone(), node.clone())).collect();
    if let Some(keeps) = row.get("keeps").and_then(|keeps| keeps.as_leaf()) {
        let counts = Controller::counting(keeps.leaf.source().unwrap_or_default()).id();
        leads.push(("counts".into(), made(Leaf::Str(counts.into()), keeps.origin)));
    }
    if let Some(record) = tree.get(receiver) {
        leads.push(("receiver".into(), record.clone()));
        let contacts: Vec<(Arc<str>, Arc<Tree>)> = [Controller::Partner, Controller::Vendor]
            .into_iter()
            .filter_map(|side| Some((side.id().into(), mailbox(tree, side)?)))
            .collect();
        leads.extend(contacts.iter().find(|(id, _)| **id == *receiver).map(|(_, it)| ("contact".into(), it.clone())));
        leads.push(("contacts".into(), Arc::new(Tree::of(contacts))));
        let taken = [("preferences", "preferences_url"), ("confirmation", CONFIRMATION)];
        let contact = leads.iter().find(|(key, _)| **key == *"contact").map(|(_, contact)| contact.clone());
        for (key, url) in taken {
            leads.extend(taken_at(record, url, contact.as_deref()).map(|address| (key.into(), address)));
        }
        for (key, url) in [("withdrawn_by", "preferences_url"), ("confirmed_by", CONFIRMATION)] {
            leads.extend(taken_by(record, url, contact.as_deref()).map(|way| (key.into(), way)));
        }
    }
    Ok(tree.with("leads", Arc::new(Tree::of(leads))))
}

/// Conditions on what there is not: such a row never fits, and nobody would see why.
pub fn unknown_conditions(program: &Program, tree: &Tree) -> Vec<Diagnostic> {
    let catalog = program.catalog();
    let mut unknown = Vec::new();
    let rows = tree.at("journey.leads").into_iter().flat_map(Tree::children).map(|row| (row, &CONDITIONS[..]));
    let items = ITEMS.iter().filter_map(|path| tree.at(&path.join("."))).flat_map(Tree::children);
    for ((_, row), conditions) in rows.chain(items.map(|row| (row, &OF_ITEMS[..]))) {
        for &(condition, ..) in conditions {
            let Some(resolved) = row.get(condition).and_then(|node| node.as_leaf()) else { continue };
            let Leaf::Seq(words) = &resolved.leaf else { continue };
            let axis = catalog.settings.axis_named(condition);
            let known: Vec<&str> = match axis {
                Some(axis) => catalog.axes[axis.0].iter().map(|value| &*value.id).collect(),
                None if condition == "keeps" => KEEPS.to_vec(),
                None if condition == "sends" => [Controller::Partner, Controller::Vendor].map(Controller::id).to_vec(),
                None => CAPABILITIES.to_vec(),
            };
            for word in words.iter().filter_map(Leaf::source).filter(|word| !known.contains(word)) {
                let what = match condition {
                    "keeps" => "way of keeping leads",
                    "sends" => "sender",
                    other => other,
                };
                let error = Diagnostic::error("E-LEADS", format!("there is no {what} `{word}`"))
                    .at(resolved.origin.span, "this row never fits");
                unknown.push(match nearest(word, known.iter().copied()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("take it out, or name one that there is"),
                });
            }
        }
    }
    unknown
}

fn fits(row: &Tree, tree: &Tree, conditions: &[(&str, &str, &str)]) -> bool {
    conditions.iter().all(|&(condition, path, unless)| {
        let Some(Leaf::Seq(words)) = row.get(condition).and_then(|node| Some(&node.as_leaf()?.leaf)) else {
            return true;
        };
        let value = tree.text_at(path).unwrap_or(unless);
        words.is_empty() || words.iter().any(|word| word.source() == Some(value))
    })
}

fn nothing_fits(table: &Tree, tree: &Tree) -> Diagnostic {
    let value = |&(condition, path, unless): &(&str, &str, &'static str)| {
        Some(format!("{condition} `{}`", tree.text_at(path).unwrap_or(unless))).filter(|text| !text.ends_with("``"))
    };
    let values: Vec<String> = CONDITIONS.iter().filter_map(value).collect();
    let error = Diagnostic::error("E-LEADS", format!("no row of `journey.leads` fits {}", values.join(", ")))
        .help("end the table with a row that has no condition");
    match table.origin() {
        Some(origin) => error.at(origin.span, "the first of its rows"),
        None => error,
    }
}

/// Where permission is taken back or confirmed: at an address of whoever keeps the leads, or else by an email to it.
fn taken_at(record: &Tree, url: &str, contact: Option<&Tree>) -> Option<Arc<Tree>> {
    if let Some(address) = record.get(url) {
        return Some(address.clone());
    }
    let resolved = contact?.as_leaf()?;
    let source: Arc<str> = format!("mailto:{}", resolved.leaf.source()?).into();
    // What is filled into a mailbox is filled into its address too.
    let leaf = match &resolved.leaf {
        Leaf::Text { kind, .. } => {
            let text = Arc::new(Text::compile(&source, resolved.origin.span).ok()?);
            Leaf::Text { source, text, kind: kind.map(|_| Kind::Address) }
        }
        _ => Leaf::Str(source),
    };
    Some(made(leaf, resolved.origin))
}

/// How permission is taken back or confirmed: at a `page`, or by a `mail` to whoever keeps the leads.
fn taken_by(record: &Tree, url: &str, contact: Option<&Tree>) -> Option<Arc<Tree>> {
    let page = record.get(url);
    let origin = page.map(|page| &**page).or(contact)?.as_leaf()?.origin;
    let leaf = Leaf::Str(if page.is_some() { BY_PAGE } else { BY_MAIL }.into());
    Some(made(leaf, origin))
}

/// A value that no layer says, of which another one is the cause: an address, or a word that is the same in each language.
pub(super) fn made(leaf: Leaf, origin: Origin) -> Arc<Tree> {
    let resolved = Resolved { leaf, origin, translated: false, hides: Vec::new(), dropped: None, amended: Vec::new() };
    Arc::new(Value::Leaf(resolved).into())
}

/// The one mailbox of a side for what leads ask of it.
fn mailbox(tree: &Tree, side: Controller) -> Option<Arc<Tree>> {
    let said = tree.at("journey.holders").and_then(|holders| holders.get(side.id())?.get("contact"));
    said.or_else(|| privacy(tree.get(side.id())?)).cloned()
}

/// Who answers questions on privacy, as a record says it.
fn privacy(record: &Tree) -> Option<&Arc<Tree>> {
    let legal = record.get("legal");
    let officer = legal.and_then(|legal| legal.get("dpo")?.get("email"));
    officer.or_else(|| legal?.get("email")).or_else(|| record.get("contact")?.get("email"))
}

/// How the forms of whoever keeps the leads are posted; `None` where nothing says who does.
pub fn capture(program: &Program, values: &Values<'_>) -> Option<Capture> {
    let tree = values.tree();
    let leads = tree.get("leads")?;
    let record = leads.get("receiver")?;
    let owner = Controller::of_forms(leads.text_at("keeps").unwrap_or_default()).id();
    let bound = values.bind(record).ok()?;
    let file = record.origin().map_or("", |origin| program.sources().get(origin.span.source).path.as_str());
    let receiver = Receiver { owner, record: &bound, file: file.into() };
    let requests = values.bind(tree.get("journey")?.get("requests")?).ok()?;
    let fields = tree.at("tracking.fields").map(ids).unwrap_or_default();
    let boxes = tree.at("region.consent.boxes").map(ids).unwrap_or_default();
    let wanted: Vec<Wanted> = requests.items().iter().filter_map(|request| wanted(request, &fields, &boxes)).collect();
    let gaps = publisher(program, values, &receiver).into_iter().chain(confirming(values, &receiver));
    Some(Capture::new(&receiver, &wanted).owing(gaps))
}

/// The page at which a permission is confirmed, where the region asks for that and nobody has given it: until then a reply
/// does it.
fn confirming(values: &Values<'_>, receiver: &Receiver<'_>) -> Option<Gap> {
    let tree = values.tree();
    let asks = tree.at("nurture.emails")?.children().any(|(_, email)| email.get("confirms").is_some());
    let is_given = receiver.record.at(CONFIRMATION).is_some();
    let gap = || Gap {
        owner: receiver.owner.into(),
        need: "confirmation".into(),
        about: None,
        file: receiver.file.clone(),
        key: CONFIRMATION.into(),
    };
    (asks && !is_given).then(gap)
}

/// The prefix that a system wants before the names of new fields, where nobody has given it.
fn publisher(program: &Program, values: &Values<'_>, receiver: &Receiver<'_>) -> Option<Gap> {
    const PREFIX: &str = "publisher.prefix";
    let wants = |word: Option<&str>| word.and_then(serving).is_some_and(|platform| platform.case == Case::Prefixed);
    let gap = |owner: &str, file: Arc<str>| Gap {
        owner: owner.into(),
        need: "publisher".into(),
        about: None,
        file,
        key: PREFIX.into(),
    };
    let target = receiver.record.at("capture.target").and_then(Data::as_str);
    if wants(target) {
        return receiver.record.at(PREFIX).is_none().then(|| gap(receiver.owner, receiver.file.clone()));
    }
    let partner = values.tree().get("partner")?;
    let own = ["platforms.email", "platforms.crm"].map(|path| partner.text_at(path));
    if !own.into_iter().any(wants) || partner.at(PREFIX).is_some() {
        return None;
    }
    let file = partner.origin().map_or("", |origin| program.sources().get(origin.span.source).path.as_str());
    Some(gap(Controller::Partner.id(), file.into()))
}

fn ids(list: &Tree) -> Vec<String> {
    list.children().map(|(id, _)| id.to_string()).collect()
}

/// Hidden fields without which nobody knows what was asked for, and where.
const TELLING: [&str; 2] = ["request", "deployment_id"];

fn wanted(request: &Data, fields: &[String], boxes: &[String]) -> Option<Wanted> {
    let words = |key: &str| request.get(key).map_or(&[][..], Data::items).iter().filter_map(Data::as_str);
    let mut needs: Vec<String> = ["first_name", "last_name"].map(str::to_owned).into();
    needs.extend(words("form").map(str::to_owned));
    needs.extend(words("asks").filter(|id| boxes.iter().any(|it| it == id)).map(|id| format!("consent_{id}")));
    let is_telling = |field: &&String| TELLING.contains(&field.as_str());
    // The words beside a number to call at are told of where one is asked for.
    let is_called = matches!(request.get("calls"), Some(Data::Bool(true)));
    let is_here = |field: &&String| is_called || field.as_str() != PHONE_CONSENT;
    needs.extend(fields.iter().filter(is_telling).cloned());
    let takes = fields.iter().filter(|field| !is_telling(field)).filter(is_here).cloned().collect();
    Some(Wanted { request: request.get("id")?.as_str()?.into(), needs, takes })
}

/// Under `--release`, gaps of which the path dies: where no form can ask for the permission of a sequence, its emails are
/// never sent, whatever the proof says.
pub fn check_release(journey: &Journey, capture: &Capture, tree: &Tree, diagnostics: &mut Diagnostics) {
    for sequence in &journey.sequences {
        let purpose = &sequence.purpose;
        let asking = journey.requests.iter().filter(|request| request.asks.contains(purpose));
        if asking.into_iter().any(|request| capture.is_sent(&request.id)) {
            continue;
        }
        // Where no page confirms, a reply does: a form is sent all the same.
        let of_forms = capture.gaps().iter().filter(|gap| *gap.key != *CONFIRMATION);
        let keys: Vec<String> = of_forms.map(|gap| format!("`{}`", gap.key)).collect();
        let why = match keys.is_empty() {
            true => "`capture.target` is `mail`".to_owned(),
            false => format!("there is no {}", keys.join(", ")),
        };
        let about = tree.at("leads.receiver.capture").or_else(|| tree.at("leads.receiver")).and_then(Tree::origin);
        let message = format!("no form can ask for the permission `{purpose}`, since {why}");
        let error = Diagnostic::error("E-GAP", message)
            .help("give what is missing, or release without this deployment: until then its pages offer an email");
        diagnostics.push(match about {
            Some(origin) => error.at(origin.span, "who receives forms"),
            None => error,
        });
    }
}
