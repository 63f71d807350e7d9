//! Whose a host can be: what stands in front of a public suffix is somebody's, and what many have mailboxes, accounts or pages at
//! is nobody's.
//!
//! Public suffixes are those of the list that browsers use, <https://publicsuffix.org>.

/// Where many have mailboxes, whatever their names end with: `yahoo.fr`, `gmx.net`.
const MAIL: [&str; 14] = [
    "aol",
    "gmail",
    "gmx",
    "googlemail",
    "hotmail",
    "icloud",
    "laposte",
    "msn",
    "outlook",
    "proton",
    "protonmail",
    "tutanota",
    "yahoo",
    "yandex",
];

/// Where many have mailboxes, accounts, forms or pages, besides those of the list of suffixes. An account there is known by the
/// whole address.
const SHARED: [&str; 104] = [
    "126.com",
    "163.com",
    "activehosted.com",
    "airtable.com",
    "amazonaws.com",
    "att.net",
    "azure.com",
    "bell.net",
    "bigpond.com",
    "bit.ly",
    "bol.com.br",
    "braze.com",
    "braze.eu",
    "brevo.com",
    "btinternet.com",
    "calendly.com",
    "cleverreach.com",
    "comcast.net",
    "createsend.com",
    "customer.io",
    "docomo.ne.jp",
    "dynamics.com",
    "eloqua.com",
    "eventbrite.com",
    "exacttarget.com",
    "facebook.com",
    "fastmail.com",
    "force.com",
    "formspree.io",
    "formstack.com",
    "free.fr",
    "freenet.de",
    "freshworks.com",
    "getform.io",
    "getresponse.com",
    "github.com",
    "google.com",
    "googleapis.com",
    "hey.com",
    "hsforms.com",
    "hsforms.net",
    "hubapi.com",
    "hubspot.com",
    "ifttt.com",
    "instagram.com",
    "integromat.com",
    "iterable.com",
    "jotform.com",
    "klaviyo.com",
    "libero.it",
    "linkedin.com",
    "list-manage.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailchimp.com",
    "mailjet.com",
    "make.com",
    "marketo.com",
    "matomo.cloud",
    "me.com",
    "medium.com",
    "meetup.com",
    "microsoft.com",
    "mktoweb.com",
    "monday.com",
    "naver.com",
    "office.com",
    "onet.pl",
    "orange.fr",
    "outlook.office365.com",
    "pardot.com",
    "pipedream.net",
    "pipedrive.com",
    "plausible.io",
    "powerautomate.com",
    "qq.com",
    "rapidmail.de",
    "rogers.com",
    "salesforce.com",
    "sendgrid.com",
    "sendgrid.net",
    "sendinblue.com",
    "seznam.cz",
    "sfr.fr",
    "sharepoint.com",
    "shaw.ca",
    "sibforms.com",
    "slack.com",
    "t-online.de",
    "twitter.com",
    "typeform.com",
    "uol.com.br",
    "verizon.net",
    "wanadoo.fr",
    "web.de",
    "wordpress.com",
    "wp.pl",
    "wufoo.com",
    "xing.com",
    "youtube.com",
    "zapier.com",
    "zoho.com",
];

/// What many call a part of their own host, whatever else is called so.
const COMMON: [&str; 159] = [
    "academy",
    "account",
    "accounts",
    "admin",
    "analytics",
    "api",
    "app",
    "apps",
    "archive",
    "assets",
    "auth",
    "blog",
    "booking",
    "business",
    "calendar",
    "campaign",
    "campaigns",
    "career",
    "careers",
    "cdn",
    "chat",
    "cloud",
    "community",
    "connect",
    "contact",
    "corp",
    "crm",
    "data",
    "demo",
    "dev",
    "developer",
    "developers",
    "direct",
    "docs",
    "download",
    "downloads",
    "email",
    "events",
    "exchange",
    "extranet",
    "files",
    "form",
    "forms",
    "forum",
    "gateway",
    "global",
    "group",
    "help",
    "helpdesk",
    "home",
    "host",
    "hosting",
    "images",
    "imap",
    "img",
    "info",
    "internal",
    "international",
    "intranet",
    "job",
    "jobs",
    "lab",
    "labs",
    "lead",
    "leads",
    "learn",
    "legal",
    "link",
    "links",
    "lists",
    "live",
    "login",
    "mail",
    "mailer",
    "mailing",
    "mails",
    "market",
    "marketing",
    "media",
    "meet",
    "meeting",
    "members",
    "mobile",
    "net",
    "network",
    "news",
    "newsletter",
    "newsletters",
    "offers",
    "office",
    "online",
    "orders",
    "outlook",
    "page",
    "pages",
    "partner",
    "partners",
    "pay",
    "payments",
    "portal",
    "post",
    "press",
    "preview",
    "privacy",
    "prod",
    "product",
    "products",
    "projects",
    "promo",
    "public",
    "reports",
    "research",
    "sales",
    "search",
    "secure",
    "security",
    "server",
    "service",
    "services",
    "shop",
    "sites",
    "smtp",
    "solutions",
    "staff",
    "staging",
    "start",
    "static",
    "stats",
    "status",
    "storage",
    "store",
    "stream",
    "studio",
    "support",
    "survey",
    "system",
    "systems",
    "team",
    "tech",
    "test",
    "tickets",
    "tools",
    "track",
    "tracking",
    "training",
    "university",
    "update",
    "uploads",
    "video",
    "videos",
    "vpn",
    "web",
    "webinar",
    "webinars",
    "webmail",
    "welcome",
    "wiki",
    "work",
    "www",
];

/// Whether a label before a name tells of nobody, since many have such a one.
pub fn is_common(label: &str) -> bool {
    COMMON.binary_search(&label).is_ok()
}

/// A host and all that it lies below which can be somebody's: no suffix, and nothing at a host of many.
pub fn owned(host: &str) -> Vec<String> {
    let Some(top) = registrable(host).filter(|top| !is_of_many(host, top)) else { return Vec::new() };
    let rest = &host[..host.len() - top.len()];
    let below = rest.match_indices('.').map(|(at, _)| &host[at + 1..]);
    std::iter::once(host).chain(below).map(str::to_owned).collect()
}

/// What can be registered of a host: `acme.co.uk` of `forms.acme.co.uk`.
pub fn top(host: &str) -> &str {
    registrable(host).unwrap_or(host)
}

/// The name in front of the suffix, without what lies below it: `acme` of `forms.acme.co.uk`.
pub fn name(host: &str) -> &str {
    top(host).split('.').next().unwrap_or_default()
}

/// The labels before that name: `b` and `a` of `b.a.acme.co.uk`.
pub fn before(host: &str) -> impl Iterator<Item = &str> {
    host.strip_suffix(top(host)).unwrap_or_default().split('.').filter(|label| !label.is_empty())
}

/// A host, and what it lies below.
pub fn above(host: &str) -> impl Iterator<Item = &str> {
    std::iter::once(host).chain(host.match_indices('.').map(|(at, _)| &host[at + 1..]))
}

/// Whether hosts end so.
pub fn is_end(label: &str) -> bool {
    let ascii = idna::domain_to_ascii(label).unwrap_or_default();
    psl::suffix(ascii.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// The part of a host that somebody can hold: one label before the suffix, which is the last label where the list has none.
fn registrable(host: &str) -> Option<&str> {
    let ascii = idna::domain_to_ascii(host).ok()?;
    // The list is of ASCII; a host has as many labels in every writing.
    let labels = psl::domain_str(&ascii)?.split('.').count();
    let start = host.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    host.get(start..)
}

fn is_of_many(host: &str, top: &str) -> bool {
    let is_below = |shared: &str| host.strip_suffix(shared).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_mail = top.split_once('.').is_some_and(|(name, end)| MAIL.binary_search(&name).is_ok() && is_end(end));
    is_mail || SHARED.iter().any(|shared| is_below(shared))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, MAIL, SHARED, above, before, is_end, name, owned};

    #[test]
    fn a_host_lies_below_all_its_ends_that_can_be_somebodys() {
        assert_eq!(owned("forms.acme.example"), ["forms.acme.example", "acme.example"]);
        assert_eq!(owned("a.b.acme.co.uk"), ["a.b.acme.co.uk", "b.acme.co.uk", "acme.co.uk"]);
        assert_eq!(owned("a.bücher.example"), ["a.bücher.example", "bücher.example"]);
        assert_eq!(owned("acme.github.io"), ["acme.github.io"]);
        for nobodys in ["co.uk", "com", "example", "github.io", "gmail.com", "yahoo.co.jp", "hooks.zapier.com"] {
            assert!(owned(nobodys).is_empty(), "{nobodys}");
        }
        assert_eq!(owned("nozapier.com"), ["nozapier.com"]);
    }

    #[test]
    fn the_name_in_front_of_the_suffix_is_whose_a_host_is() {
        for (host, expected) in
            [("acme.example", "acme"), ("forms.acme.co.uk", "acme"), ("x.acme.github.io", "acme"), ("co.uk", "co")]
        {
            assert_eq!(name(host), expected, "{host}");
        }
        assert!(before("b.a.acme.co.uk").eq(["b", "a"]) && before("acme.co.uk").next().is_none());
        assert!(above("b.a.com").eq(["b.a.com", "a.com", "com"]));
    }

    #[test]
    fn ends_of_hosts_are_known_in_every_writing() {
        for end in ["com", "de", "shopping", "finance", "tokyo", "рф", "xn--p1ai", "COM"] {
            assert!(is_end(end), "{end}");
        }
        for other in ["pdf", "js", "gallen", "example", "b", ""] {
            assert!(!is_end(other), "{other}");
        }
        assert!(MAIL.is_sorted() && SHARED.is_sorted() && COMMON.is_sorted());
    }
}
