//! `tracking/gtm-container.json`: a container of Google Tag Manager, for import.
//!
//! Its shape is that of containers which others exported. It holds no custom HTML and no custom script, so a page's
//! policy stays strict: one Google tag, a tag and a trigger for each event, and variables that read what pages tell.

use serde_json::{Value, json};

use super::super::Input;
use crate::analytics::{Analytics, COMMON, Event, PAGE_VIEW};
use crate::diag::Diagnostic;
use crate::encode::{Content, json as encode};

pub const FILE: &str = "gtm-container.json";

/// The built-in trigger of every page.
const ALL_PAGES: &str = "2147479553";

/// A new container takes its own numbers when it is imported.
const NOBODY: &str = "0";

/// The address of a page without what is nobody's business: as pages tell it.
const LOCATION: &str = "page_location";

const MEASUREMENT: &str = "GA4 measurement id";

/// Whether there is a container for it.
pub fn is_for(analytics: &Analytics) -> bool {
    &*analytics.profile == "gtm"
}

pub fn json(input: &Input<'_>, analytics: &Analytics) -> Result<Content, Diagnostic> {
    // A day has to stand there; that of the package keeps the bytes the same.
    let time = format!("{} 00:00:00", input.package.program.released);
    encode::marked(&container(analytics, &time))
        .map_err(|error| Diagnostic::error("E-OUTPUT", format!("the container cannot be written as JSON: {error}")))
}

pub fn container(analytics: &Analytics, time: &str) -> Value {
    let told: Vec<&Event> = analytics.events.iter().filter(|event| &*event.id != PAGE_VIEW).collect();
    let mut tags = vec![google_tag()];
    let mut triggers = Vec::new();
    for (at, event) in told.iter().enumerate() {
        let trigger = (at + 1).to_string();
        tags.push(event_tag(at + 2, event, &trigger));
        triggers.push(custom_event(&trigger, event));
    }
    json!({
        "exportFormatVersion": 2,
        "exportTime": time,
        "containerVersion": {
            "path": "accounts/0/containers/0/versions/0",
            "accountId": NOBODY,
            "containerId": NOBODY,
            "containerVersionId": "0",
            "container": {
                "path": "accounts/0/containers/0",
                "accountId": NOBODY,
                "containerId": NOBODY,
                "name": "cobrand",
                "publicId": &*analytics.ids.container,
                "usageContext": ["WEB"],
            },
            "tag": tags,
            "trigger": triggers,
            "variable": variables(analytics, &told),
            "folder": [],
            "builtInVariable": [{"accountId": NOBODY, "containerId": NOBODY, "type": "EVENT", "name": "Event"}],
        },
    })
}

fn text(key: &str, value: &str) -> Value {
    json!({"type": "TEMPLATE", "key": key, "value": value})
}

fn truth(key: &str, value: bool) -> Value {
    json!({"type": "BOOLEAN", "key": key, "value": if value { "true" } else { "false" }})
}

/// What a variable of the container is written as.
fn filled(variable: &str) -> String {
    format!("{{{{{variable}}}}}")
}

/// Parameters with the variables that hold them.
fn table(key: &str, names: impl Iterator<Item = String>) -> Value {
    let row = |name: String| json!({"type": "MAP", "map": [text("parameter", &name), text("parameterValue", &filled(&name))]});
    json!({"type": "LIST", "key": key, "list": names.map(row).collect::<Vec<_>>()})
}

fn tag(number: usize, name: &str, kind: &str, parameters: &[Value], trigger: &str) -> Value {
    json!({
        "accountId": NOBODY,
        "containerId": NOBODY,
        "tagId": number.to_string(),
        "name": name,
        "type": kind,
        "parameter": parameters,
        "firingTriggerId": [trigger],
        "tagFiringOption": "ONCE_PER_EVENT",
        "monitoringMetadata": {"type": "MAP"},
        "consentSettings": {
            "consentStatus": "NEEDED",
            "consentType": {"type": "LIST", "list": [{"type": "TEMPLATE", "value": "analytics_storage"}]},
        },
    })
}

/// It counts page views by itself.
fn google_tag() -> Value {
    let names = COMMON.iter().chain([&LOCATION]).map(|name| (*name).to_owned());
    let parameters = [text("tagId", &filled(MEASUREMENT)), table("configSettingsTable", names)];
    tag(1, "Google tag", "googtag", &parameters, ALL_PAGES)
}

fn event_tag(number: usize, event: &Event, trigger: &str) -> Value {
    let names = COMMON.iter().copied().chain(event.parameters.iter().map(|name| &**name)).map(str::to_owned);
    let parameters = [
        truth("sendEcommerceData", false),
        text("eventName", &event.name),
        text("measurementIdOverride", &filled(MEASUREMENT)),
        table("eventSettingsTable", names),
    ];
    tag(number, &format!("GA4 {}", event.name), "gaawe", &parameters, trigger)
}

fn custom_event(number: &str, event: &Event) -> Value {
    json!({
        "accountId": NOBODY,
        "containerId": NOBODY,
        "triggerId": number,
        "name": format!("Event {}", event.name),
        "type": "CUSTOM_EVENT",
        "customEventFilter": [
            {"type": "EQUALS", "parameter": [text("arg0", "{{_event}}"), text("arg1", &event.name)]},
        ],
    })
}

fn variables(analytics: &Analytics, told: &[&Event]) -> Vec<Value> {
    let mut names: Vec<&str> = COMMON.iter().copied().chain([LOCATION]).collect();
    for name in told.iter().flat_map(|event| &event.parameters) {
        if !names.contains(&&**name) {
            names.push(name);
        }
    }
    let own = |(at, name): (usize, &&str)| {
        let parameters = [
            json!({"type": "INTEGER", "key": "dataLayerVersion", "value": "2"}),
            truth("setDefaultValue", false),
            text("name", name),
        ];
        variable(at + 2, name, "v", &parameters)
    };
    let constant = variable(1, MEASUREMENT, "c", &[text("value", &analytics.ids.measurement)]);
    std::iter::once(constant).chain(names.iter().enumerate().map(own)).collect()
}

fn variable(number: usize, name: &str, kind: &str, parameters: &[Value]) -> Value {
    json!({
        "accountId": NOBODY,
        "containerId": NOBODY,
        "variableId": number.to_string(),
        "name": name,
        "type": kind,
        "parameter": parameters,
    })
}
