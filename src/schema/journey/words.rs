//! `journey.words`: every word that the picture and the report of a path are told with.

use super::super::{Field, Prose, Shape, map, open, text, texts};

/// Each rule that a journey is proved by, and what its sentence is about.
pub const RULES: [(&str, &str); 17] = [
    ("J1", "what is used is produced"),
    ("J2", "what is written is used"),
    ("J3", "what a record needs is known in time"),
    ("J4", "everything can be reached"),
    ("J5", "everything comes to rest"),
    ("J6", "everything is answered"),
    ("J7", "consent comes first"),
    ("J8", "there is a way out"),
    ("J9", "whoever tells of something can"),
    ("J10", "no more than agreed is passed, and it is deleted"),
    ("J11", "a button keeps its word"),
    ("J12", "the trail holds"),
    ("J13", "weak signs stay weak"),
    ("J14", "gates hold"),
    ("J15", "words map"),
    ("J16", "words are bound"),
    ("J17", "one owner for each task"),
];

fn all(name: &'static str, words: &[(&'static str, &'static str)], doc: &'static str) -> Field {
    map(name, words.iter().map(|(name, doc)| text(name, doc).required()), doc).required()
}

const PLAIN: [(&str, &str); 36] = [
    ("path", "the title of the picture"),
    ("lead", "the lane of the lead"),
    ("package", "the lane of what the package sends"),
    ("colon", "between a label and its value"),
    ("comma", "between the items of a list"),
    ("requests", "what a lead can ask for"),
    ("page", "label: the page with the form"),
    ("by_mail", "said of a request that comes by email, since no form can be posted yet"),
    ("by_page", "said of a request whose form the receiver's system draws"),
    ("by_hand", "label: the email with which whoever reads the mailbox answers"),
    ("answer", "label: the email that answers"),
    ("then", "label: the page after the form"),
    ("status", "label: the member status that is set"),
    ("calls", "said of a request by which a lead wants to be called"),
    ("asks", "label: the permissions that a form asks for"),
    ("starts", "label: what starts a sequence"),
    ("gate", "what has to hold right before each email"),
    ("permission", "label: the permission for a purpose"),
    ("goes_on", "said before the states in which a sequence goes on"),
    ("day", "label: the day of an email"),
    ("rest", "said where nobody owes anything"),
    ("from", "said of a time that counts from the one that the lead named, where it named one"),
    ("record", "label: what is handed over"),
    ("contact", "label: how the lead is contacted"),
    ("sends", "label: the email that goes out"),
    ("asked", "label: the request that was made"),
    ("sent", "label: the email that was sent"),
    ("late", "the time of a state ran out"),
    ("weak", "said of a sign that a program may have left"),
    ("ticked", "how a permission is asked for: the box was ticked"),
    ("unticked", "how it stays: the box was left empty"),
    ("confirmed", "label: the email by which it is confirmed"),
    ("anytime", "when it can be taken back"),
    ("bounced", "an address takes no more emails, or its reader reports one as spam"),
    ("expires", "label: after how many days it is deleted that nobody confirmed"),
    ("silent", "said of a permission under which nothing here is sent"),
];

const LEGEND: [(&str, &str); 3] = [
    ("open", "the colour of a permission under which emails go out"),
    ("numbers", "the numbers of states"),
    ("late", "the broken line of a clock"),
];

const WITHIN: [(&str, &str); 2] =
    [("hours", "label: how many business hours somebody has"), ("days", "label: how many working days somebody has")];

const PERMISSION: [(&str, &str); 5] = [
    ("unasked", "nobody has asked for it"),
    ("asked", "it was asked for, and not given"),
    ("pending", "it was given, and not confirmed"),
    ("given", "it is there"),
    ("withdrawn", "it was taken back"),
];

const CHANNELS: [(&str, &str); 2] = [("phone", "by phone"), ("email", "by a personal email")];

const UNDECIDED: [(&str, &str); 5] = [
    ("gate", "that the gate is asked right before each email"),
    ("contact", "that a lead is contacted by these channels only"),
    ("told", "that it is told whenever it happens, and only then"),
    ("noted", "that text and time of a ticked box are kept, whatever is sent later"),
    ("worded", "that the text beside a box allows what is done under its permission"),
];

const LOST: [(&str, &str); 2] = [
    ("scripts", "that the campaign of a lead is lost where its browser runs no scripts"),
    ("mail", "that the campaign of a lead is lost that writes an email instead of filling in a form"),
];
fn status_file() -> Field {
    let columns = open("columns", Shape::Text(Prose::Line), "what each column holds, by its name");
    let fields = [
        text("title", "its title").required(),
        texts("about", "what whoever fills it in has to know").required(),
        text("column", "label: a column").required(),
        text("value", "label: a word that may stand there").required(),
        text("meaning", "label: what it means").required(),
        text("beside", "label: the states beside which an outcome may stand").required(),
        columns.required(),
    ];
    map("status_file", fields, "what the file is explained with in which partners answer")
}

pub fn schema() -> Field {
    let by = open("by", Shape::Text(Prose::Line), "who or what tells of a happening, by the words of its `by`");
    let fields = PLAIN.iter().map(|(name, doc)| text(name, doc).required()).chain([
        all("legend", &LEGEND, "what the signs of the picture mean"),
        all("within", &WITHIN, "the time that somebody has, each a label before a number"),
        all("states", &PERMISSION, "the states of a permission"),
        all("channels", &CHANNELS, "how a person contacts a lead"),
        by.required(),
        all("rules", &RULES, "each rule in one sentence, as it holds"),
        all("undecided", &UNDECIDED, "what no proof can decide, each a sentence about a title that stands before it"),
        all("lost", &LOST, "how the campaign of a lead is lost, each a sentence about a request that stands before it"),
    ]);
    let fields = fields.chain([status_file()]);
    map("words", fields, "what the picture and the report of the path are told with").required()
}
