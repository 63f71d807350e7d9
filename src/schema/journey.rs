//! `journey.yaml`: what a lead can ask for, what follows, and who owes what when.

use super::{Field, Shape, choice, flag, keyed, map, open, text, word, words};

fn lists_of_words(name: &'static str, doc: &'static str) -> Field {
    open(name, Shape::List(Box::new(Shape::Word)), doc)
}

fn request() -> Vec<Field> {
    vec![
        text("label", "the words on its buttons").required(),
        word("page", "the document with its form, an id of `documents`").required(),
        word("gives", "what a lead gets for it, an id of `library`"),
        flag("calls", "whether who asks for it wants to be called"),
        word("answer", "the email that answers it, an id of `nurture.emails`").required(),
        word("then", "the page after the form, an id of `documents`").required(),
        word("status", "the member status it sets, an id of `tracking.member_statuses`").required(),
        words("form", "the fields of its form").required(),
        words("asks", "the purposes that its form asks permission for"),
    ]
}

fn state() -> Vec<Field> {
    vec![
        word("who", "who owes something here, an id of `qualification.owners`; nobody at rest"),
        word("within", "how long until it is late, in working hours: `8h`"),
        word("record", "what is handed over on the way in, an id of `journey.records`"),
        words("contact", "the channels by which the lead is contacted here: `phone`, `email`"),
        word("sends", "the email that goes out on the way in, an id of `nurture.emails`"),
        words("same", "events of the machine that change nothing here"),
        open("to", Shape::Word, "the state that follows on each event"),
    ]
}

pub fn schema() -> Field {
    map(
        "journey",
        [
            keyed(
                "purposes",
                [
                    choice("controller", &["partner", "vendor"], "who answers for it").required(),
                    map(
                        "unused",
                        [text("why", "the reason").required(), word("owner", "who knows of it").required()],
                        "why nothing here uses it",
                    ),
                ],
                "what permission is asked for",
            ),
            keyed("requests", request(), "what a lead can ask for"),
            keyed(
                "sequences",
                [
                    word("purpose", "the permission its emails need, an id of `journey.purposes`").required(),
                    word("starts", "the event that starts it; `given` is that of its purpose").required(),
                    lists_of_words("while", "the states of machines in which it goes on"),
                ],
                "emails that follow each other; an email says by `in` that it belongs to one",
            ),
            keyed(
                "happens",
                [
                    words("by", "who or what tells of it").required(),
                    choice("sure", &["strong", "weak"], "whether a person surely did it, strong unless given"),
                    word("under", "the permission without which nobody tells of it, an id of `journey.purposes`"),
                ],
                "events that no form, email or state of the package causes",
            ),
            keyed("machines", [keyed("states", state(), "its states, the first one first")], "what moves with a lead"),
            keyed(
                "records",
                [
                    word("to", "who gets it, an id of `qualification.owners`").required(),
                    words("needs", "fields that have to be known").required(),
                    lists_of_words("when", "further fields that are needed once a request was made"),
                    words("may", "fields that go along where they are known"),
                ],
                "what is handed over",
            ),
        ],
        "the lead's path",
    )
}
