//! J11: a button keeps its word.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::package::journey::Request;

use super::super::{Around, Button, Lowered};
use super::Faults;

/// A key of a request that is its own, what it is called, and its value.
type Part = (&'static str, &'static str, fn(&Request) -> &Arc<str>);

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    answers(lowered, faults);
    // Several buttons with one link have one cause.
    let mut seen = BTreeSet::new();
    let buttons = around.buttons.iter().filter(|button| seen.insert((&button.link, &button.request)));
    buttons.for_each(|button| leads(lowered, button, faults));
    let parts: [Part; 4] = [
        ("label", "label", |request| &request.label),
        ("page", "page", |request| &request.page),
        ("then", "page after the form", |request| &request.then),
        ("status", "member status", |request| &request.status),
    ];
    for (key, title, part) in parts {
        for (at, request) in lowered.journey.requests.iter().enumerate() {
            let before = lowered.journey.requests.iter().take(at).find(|other| part(other) == part(request));
            if let Some(other) = before {
                let message = format!(
                    "`{}` and `{}` have one {title}, `{}`: a lead cannot tell which was asked for",
                    other.id,
                    request.id,
                    part(request)
                );
                let help = "give each request its own";
                faults.say("E-J11", format!("journey.requests[{}].{key}", request.id), message, help);
            }
        }
    }
}

/// A button that names a request leads to its form.
fn leads(lowered: &Lowered<'_>, button: &Button, faults: &mut Faults) {
    let Some(request) = lowered.journey.requests.iter().find(|it| it.id == button.request) else { return };
    if button.page.as_ref() == Some(&request.page) {
        return;
    }
    let to = button.page.as_ref().map_or("no page".to_owned(), |page| format!("`{page}`"));
    let message = format!(
        "the words of the button ask for `{}`, whose form is on `{}`, and its link `{}` leads to {to}",
        request.id, request.page, button.link
    );
    let help = "name a link that leads to the page of the request, or bind the words to what the link leads to";
    faults.say("E-J11", &*button.path, message, help);
    faults.rests_on([format!("tracking.links[{}].document", button.link), format!("tracking.links[{}]", button.link)]);
}

/// The answer to a request is an email that fulfils it.
fn answers(lowered: &Lowered<'_>, faults: &mut Faults) {
    for request in &lowered.journey.requests {
        let answer = lowered.sends.iter().find(|send| send.id == request.answer);
        if answer.is_some_and(|send| send.fulfils.as_ref() != Some(&request.id)) {
            let message = format!("`{}` is answered by `{}`, an email that is not for it", request.id, request.answer);
            let help = format!("give the email `for: {}`, or name the one that answers", request.id);
            faults.say("E-J11", format!("journey.requests[{}].answer", request.id), message, &help);
        }
    }
}
