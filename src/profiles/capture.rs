//! Where a form can be sent, and how: what each platform takes from a page that is not its own.
//!
//! Words for people are the master's (`strings.capture`). `{…}` in an address or a value stands for an id that is
//! given: `{form}` for that of the request, any other for one of `capture.account`.

use super::Certainty;

/// A fact with how sure we are of it.
#[derive(Clone, Copy, Debug)]
pub struct Fact<T> {
    pub is: T,
    pub certainty: Certainty,
}

/// How a request gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The page's own form, by POST. Never multipart: Account Engagement refuses it, and nothing here needs it.
    Post,
    /// A page of the platform with its own form. The package's page leads there, with what it knows in the address:
    /// the platform takes no form that it did not draw.
    Page,
    /// An email of the reader's own.
    Mail,
}

/// What the platform calls a field that it has no name of its own for.
#[derive(Clone, Copy, Debug)]
pub enum Custom {
    /// As we do: names are free there.
    Ours,
    /// As we do, between these.
    Within(&'static str, &'static str),
    /// An id between these, which only its owner knows.
    Given(&'static str, &'static str),
}

/// How it is told where to go afterwards: the field that holds the address, with what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct Back {
    pub name: &'static str,
    pub before: &'static str,
    pub after: &'static str,
}

/// Something that a form can be sent to.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub id: &'static str,
    pub name: &'static str,
    pub way: Fact<Way>,
    /// `None` where the address of each request's form is given whole.
    pub address: Option<Fact<&'static str>>,
    /// Names of fields: ours, then theirs.
    pub names: Fact<&'static [(&'static str, &'static str)]>,
    pub custom: Fact<Custom>,
    /// The most letters that it keeps of a field, by ours; of all others it keeps what people may type.
    pub letters: &'static [(&'static str, u32)],
    /// Fields that it wants besides.
    pub hidden: &'static [(&'static str, &'static str)],
    /// `None` where that is set on the platform, by a person.
    pub back: Option<Fact<Back>>,
    /// The field that people leave empty and programs fill.
    pub trap: Option<Fact<&'static str>>,
    /// Whether it can tell how long somebody took.
    pub timing: bool,
    /// What a person has to know or set there, by ids of `strings.capture.notes`.
    pub notes: &'static [Fact<&'static str>],
}

impl Target {
    /// The ids that its address and its fields are put together from.
    pub fn ids(&self) -> Vec<&'static str> {
        let texts = self.address.iter().map(|fact| fact.is);
        let texts = texts.chain(self.hidden.iter().map(|(_, value)| *value)).chain(self.trap.map(|fact| fact.is));
        let mut ids: Vec<&str> = Vec::new();
        for text in texts {
            let names = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
            names.for_each(|name| {
                if !ids.contains(&name) {
                    ids.push(name)
                }
            });
        }
        ids
    }
}

/// The target of that id.
pub fn target(id: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.id == id)
}

/// Further addresses at which platforms take the same forms.
const ALSO: [&str; 5] = [
    "https://api.hubapi.com/submissions/v3/integration/submit/{portal}/{form}",
    "https://api.hubapi.com/submissions/v3/integration/secure/submit/{portal}/{form}",
    "https://api.hsforms.com/submissions/v3/integration/submit/{portal}/{form}",
    "https://api.hsforms.com/submissions/v3/integration/secure/submit/{portal}/{form}",
    "https://forms.hsforms.com/submissions/v3/public/submit/formsnext/multipart/{portal}/{form}",
];

/// The ids in an address at which some platform takes forms, each with its name. The address is in the writing by which it is
/// compared: host and path in small letters.
pub fn ids_in(address: &str) -> Vec<(&'static str, String)> {
    let known = TARGETS.iter().filter_map(|target| Some(target.address?.is)).chain(ALSO);
    let known = known.filter_map(|pattern| matched(pattern.strip_prefix("https://")?, address)).flatten();
    known.chain(shared_portal(address).map(|portal| ("portal", portal))).collect()
}

/// How many characters tell the form in a shared address of HubSpot, behind a `1` and before its portal.
const SHARED_FORM: usize = 22;

/// The portal in an address by which HubSpot shares a form, where it is written in base 36: `share.hsforms.com/1…4du3f`.
fn shared_portal(address: &str) -> Option<String> {
    let (host, path) = address.split_once('/')?;
    let portal = path.split(['?', '/']).next()?.strip_prefix('1')?.get(SHARED_FORM..)?;
    let is_shared =
        host.starts_with("share") && end(host) == ["com", "hsforms"] && portal.starts_with(char::is_alphanumeric);
    let portal = u64::from_str_radix(portal, 36).ok().filter(|_| is_shared)?;
    Some(portal.to_string())
}

/// What stands in an address for the ids of a pattern. A platform has hosts of many regions.
fn matched(pattern: &'static str, address: &str) -> Option<Vec<(&'static str, String)>> {
    let (pattern, address) = (pattern.split('?').next()?, address.split('?').next()?);
    let (mut parts, mut given) = (pattern.split('/'), address.split('/'));
    let (host, own) = (parts.next()?, given.next()?);
    let mut found = Vec::new();
    if host.contains('{') {
        let (host, own): (Vec<&str>, Vec<&str>) = (host.split('.').collect(), own.split('.').collect());
        (host.len() == own.len()).then_some(())?;
        for (part, own) in host.into_iter().zip(own) {
            found.extend(filled(part, own)?);
        }
    } else if end(host) != end(own) {
        return None;
    }
    for part in parts {
        found.extend(filled(part, given.next()?)?);
    }
    Some(found)
}

/// The last two labels of a host.
fn end(host: &str) -> Vec<&str> {
    host.rsplit('.').take(2).collect()
}

/// What stands for the id of a part such as `s{site}`, if the other is one of these.
fn filled(part: &'static str, other: &str) -> Option<Option<(&'static str, String)>> {
    let Some((before, rest)) = part.split_once('{') else {
        return part.eq_ignore_ascii_case(other).then_some(None);
    };
    let (name, behind) = rest.split_once('}')?;
    let is = other.strip_prefix(before)?.strip_suffix(behind)?;
    Some(Some((name, is.to_owned())))
}

const fn verified<T: Copy>(is: T) -> Fact<T> {
    Fact { is, certainty: Certainty::Verified }
}

const fn second_hand<T: Copy>(is: T) -> Fact<T> {
    Fact { is, certainty: Certainty::SecondHand }
}

const fn unverified<T: Copy>(is: T) -> Fact<T> {
    Fact { is, certainty: Certainty::Unverified }
}

const fn plain(name: &'static str) -> Back {
    Back { name, before: "", after: "" }
}

/// A platform's page that takes values of its hidden fields from its address.
const PAGE: Target = Target {
    id: "",
    name: "",
    way: verified(Way::Page),
    address: None,
    names: unverified(&[]),
    custom: second_hand(Custom::Ours),
    hidden: &[],
    back: None,
    trap: None,
    letters: &[],
    timing: false,
    notes: &[],
};

/// All of them.
pub static TARGETS: &[Target] = &[
    Target {
        id: "webhook",
        name: "Webhook",
        way: verified(Way::Post),
        address: Some(verified("{address}")),
        names: verified(&[]),
        custom: verified(Custom::Ours),
        hidden: &[],
        back: Some(verified(plain("return_to"))),
        trap: Some(verified("homepage")),
        letters: &[],
        timing: true,
        notes: &[unverified("reply-303")],
    },
    Target {
        id: "hubspot",
        name: "HubSpot",
        way: verified(Way::Post),
        // The plain post carries no legal consent: texts, versions and times go as fields like any other.
        address: Some(verified("https://forms.hubspot.com/uploads/form/v2/{portal}/{form}")),
        names: second_hand(&[("first_name", "firstname"), ("last_name", "lastname")]),
        // A field that is not on the form is refused, so there is no trap either.
        custom: verified(Custom::Ours),
        hidden: &[],
        back: Some(second_hand(Back { name: "hs_context", before: "{\"redirectUrl\":\"", after: "\"}" })),
        trap: None,
        letters: &[],
        timing: false,
        notes: &[verified("no-legal-consent"), verified("fields-on-form")],
    },
    Target {
        id: "salesforce",
        name: "Salesforce Web-to-Lead",
        way: verified(Way::Post),
        address: Some(second_hand("https://webto.salesforce.com/servlet/servlet.WebToLead?encoding=UTF-8&orgId={org}")),
        names: second_hand(&[
            ("first_name", "first_name"),
            ("last_name", "last_name"),
            ("company", "company"),
            ("email", "email"),
            ("phone", "phone"),
        ]),
        custom: second_hand(Custom::Given("", "")),
        hidden: &[("oid", "{org}")],
        back: Some(second_hand(plain("retURL"))),
        trap: None,
        // As its standard fields of a lead are known; of a company it keeps more than anybody may type.
        letters: &[("first_name", 40), ("last_name", 80), ("email", 80), ("phone", 40), ("company", 255)],
        timing: false,
        notes: &[second_hand("captcha-needs-scripts"), verified("daily-limit")],
    },
    Target {
        id: "account-engagement",
        name: "Account Engagement",
        way: verified(Way::Post),
        address: None,
        names: unverified(&[]),
        custom: unverified(Custom::Ours),
        hidden: &[],
        back: Some(second_hand(plain("success_location"))),
        trap: Some(second_hand("pardot_extra_field")),
        letters: &[],
        timing: false,
        notes: &[verified("never-multipart"), verified("own-confirmation")],
    },
    Target {
        id: "marketo",
        name: "Marketo Engage",
        notes: &[verified("never-posted"), verified("own-confirmation")],
        ..PAGE
    },
    Target {
        id: "dynamics",
        name: "Dynamics 365 Customer Insights",
        custom: unverified(Custom::Ours),
        notes: &[verified("needs-script")],
        ..PAGE
    },
    Target {
        id: "brevo",
        name: "Brevo",
        way: second_hand(Way::Post),
        address: None,
        names: second_hand(&[("email", "EMAIL"), ("locale", "locale")]),
        custom: unverified(Custom::Given("", "")),
        hidden: &[("html_type", "simple")],
        back: None,
        trap: Some(second_hand("email_address_check")),
        letters: &[],
        timing: false,
        notes: &[second_hand("paste-address")],
    },
    Target {
        id: "activecampaign",
        name: "ActiveCampaign",
        way: second_hand(Way::Post),
        address: Some(second_hand("https://{account}.activehosted.com/proc.php")),
        names: second_hand(&[
            ("first_name", "firstname"),
            ("last_name", "lastname"),
            ("email", "email"),
            ("phone", "phone"),
        ]),
        custom: second_hand(Custom::Given("field[", "]")),
        hidden: &[("u", "{form}"), ("f", "{form}"), ("s", ""), ("c", "0"), ("m", "0"), ("act", "sub"), ("v", "2")],
        back: None,
        trap: None,
        letters: &[],
        timing: false,
        notes: &[verified("confirmation-on")],
    },
    Target {
        id: "mailchimp",
        name: "Mailchimp",
        way: second_hand(Way::Post),
        address: Some(second_hand(
            "https://{account}.{datacenter}.list-manage.com/subscribe/post?u={user}&id={audience}",
        )),
        names: second_hand(&[("email", "EMAIL"), ("first_name", "FNAME"), ("last_name", "LNAME"), ("phone", "PHONE")]),
        custom: second_hand(Custom::Given("", "")),
        hidden: &[],
        back: None,
        trap: Some(second_hand("b_{user}_{audience}")),
        letters: &[],
        timing: false,
        notes: &[verified("captcha-needs-scripts")],
    },
    Target {
        id: "eloqua",
        name: "Oracle Eloqua",
        way: second_hand(Way::Post),
        address: Some(second_hand("https://s{site}.t.eloqua.com/e/f2")),
        names: unverified(&[]),
        custom: unverified(Custom::Ours),
        hidden: &[("elqFormName", "{form}"), ("elqSiteId", "{site}"), ("elqCustomerGUID", ""), ("elqCookieWrite", "0")],
        back: None,
        trap: None,
        letters: &[],
        timing: false,
        notes: &[second_hand("allow-domain")],
    },
    Target {
        id: "mautic",
        name: "Mautic",
        way: second_hand(Way::Post),
        address: Some(second_hand("{address}/form/submit?formId={form}")),
        names: second_hand(&[]),
        custom: verified(Custom::Within("mauticform[", "]")),
        hidden: &[("mauticform[formId]", "{form}")],
        back: Some(verified(plain("mauticform[return]"))),
        trap: None,
        letters: &[],
        timing: false,
        notes: &[],
    },
    Target {
        id: "mail",
        name: "Email",
        way: verified(Way::Mail),
        names: verified(&[]),
        custom: verified(Custom::Ours),
        ..PAGE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::capture;

    #[test]
    fn what_can_be_written_is_what_there_is() {
        assert!(TARGETS.iter().map(|target| target.id).eq(capture::TARGETS.iter().copied()));
        assert!(TARGETS.iter().all(|it| target(it.id).is_some_and(|found| found.name == it.name)));
    }

    #[test]
    fn ids_are_found_where_they_stand() {
        let ids = |id: &str| target(id).unwrap().ids();
        assert_eq!(ids("hubspot"), ["portal", "form"]);
        assert_eq!(ids("mailchimp"), ["account", "datacenter", "user", "audience"]);
        assert_eq!(ids("salesforce"), ["org"]);
        assert!(ids("account-engagement").is_empty());
    }

    #[test]
    fn ids_are_read_from_addresses() {
        for address in [
            "forms-eu1.hubspot.com/uploads/form/v2/12/ab",
            "api.hsforms.com/submissions/v3/integration/submit/12/ab",
            "api.hubapi.com/submissions/v3/integration/secure/submit/12/ab",
        ] {
            assert_eq!(ids_in(address), [("portal", "12".to_owned()), ("form", "ab".to_owned())], "{address}");
        }
        for address in
            ["share.hsforms.com/10olxqk0ftjoongjntmkfyq4du3f", "share-eu1.hsforms.com/1-_lxqk0ftjoongjntmkfyq4du3f?a=b"]
        {
            assert_eq!(ids_in(address), [("portal", "7363995".to_owned())], "{address}");
        }
        assert_eq!(ids_in("acme.activehosted.com/proc.php"), [("account", "acme".to_owned())]);
        assert_eq!(ids_in("s12.t.eloqua.com/e/f2/x"), [("site", "12".to_owned())]);
        for address in [
            "forms.hubspot.com/uploads/form",
            "acme.example/uploads/form/v2/12/ab",
            "x.acme.activehosted.com/proc.php",
            "share.hsforms.com/10olxqk0ftjoongjntmkfyq",
            "share.acme.com/10olxqk0ftjoongjntmkfyq4du3f",
        ] {
            assert!(ids_in(address).is_empty(), "{address}");
        }
    }

    #[test]
    fn what_draws_its_own_form_is_never_posted_to() {
        let page = |id: &str| target(id).unwrap().way.is;
        assert_eq!([page("marketo"), page("dynamics"), page("mail")], [Way::Page, Way::Page, Way::Mail]);
    }
}
