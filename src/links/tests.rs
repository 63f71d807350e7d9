use super::*;
use crate::package::tracking::{Campaign, KindTags, Kinds, Medium, Placement, Source};

fn link(id: &str, document: Option<&str>, url: Option<&str>) -> Link {
    Link {
        id: id.into(),
        document: document.map(Into::into),
        fragment: None,
        url: url.map(Into::into),
        untracked: None,
    }
}

fn tracking() -> Tracking {
    let medium = |id: &str, channel: &str| Medium { id: id.into(), channel: channel.into() };
    let kind = |medium: &str| KindTags { medium: medium.into() };
    let mut form = link("form", Some("landing"), None);
    form.fragment = Some("form".into());
    let mut privacy = link("privacy", None, Some("https://halvorn.example/privacy"));
    privacy.untracked = Some("legal text".into());
    Tracking {
        campaign: Campaign {
            delimiter: "_".into(),
            facets: ["period", "motion", "event", "region"].map(Into::into).into(),
        },
        mediums: vec![medium("email", "Email"), medium("referral", "Referral"), medium("social", "Organic Social")],
        sources: vec![Source { id: "linkedin".into(), kind: Some("social".into()), cosell: None }],
        kinds: Kinds { site: kind("referral"), email: kind("email"), document: kind("email") },
        links: vec![
            link("landing", Some("landing"), None),
            link("report", Some("report"), None),
            link("playbook", Some("playbook"), None),
            form,
            privacy,
            link("product", None, Some("https://halvorn.example/recall?lang=en#top")),
            link("mail", None, Some("mailto:a@halvorn.example")),
        ],
        placements: vec![Placement {
            id: "linkedin-launch".into(),
            title: "Launch post".into(),
            link: "landing".into(),
            source: "linkedin".into(),
            medium: "social".into(),
            qr: false,
        }],
        hierarchy: Vec::new(),
        member_statuses: Vec::new(),
        fields: Vec::new(),
    }
}

fn facts() -> Facts {
    let code = |name: &str, code: &str| (Arc::from(name), Arc::from(code));
    Facts {
        id: "lakeshore/launch/healthcare/canada".into(),
        partner: "lakeshore".into(),
        codes: vec![code("region", "canada"), code("period", "FY27Q1"), code("motion", "launch")],
        base_url: "https://go.halvorn.example/lakeshore/launch-canada/".into(),
        locales: vec!["en-CA".into(), "fr-CA".into()],
    }
}

fn path(text: &str) -> OutputPath {
    OutputPath::new(text).unwrap()
}

fn documents() -> Documents {
    let each = |name: &str| {
        let output = |locale: &str, file: String| DocumentOutput { locale: Some(locale.into()), path: path(&file) };
        vec![output("en-CA", format!("site/{name}")), output("fr-CA", format!("site/fr-ca/{name}"))]
    };
    let once = |file: &str| vec![DocumentOutput { locale: None, path: path(file) }];
    BTreeMap::from([
        ("landing".into(), each("index.html")),
        ("report".into(), each("report.html")),
        ("playbook".into(), once("playbook/index.html")),
    ])
}

fn links_with(tracking: Tracking) -> Result<Links, Vec<LinkError>> {
    Links::new(tracking.into(), facts(), documents().into())
}

fn href(kind: LinkKind, output: &str, locale: &str, id: &str) -> Href {
    let output = path(output);
    let from = LinkFrom { document: "here", component: "nurture", kind, output: &output, locale };
    links_with(tracking()).unwrap().href(&from, id, "text").unwrap()
}

#[test]
fn inside_the_site_links_are_relative_and_untagged() {
    let site = |id| href(LinkKind::Site, "site/report.html", "en-CA", id);
    assert_eq!(site("form"), Href { url: "index.html#form".into(), row: None });
    assert_eq!(href(LinkKind::Site, "site/fr-ca/index.html", "fr-CA", "form").url, "#form");
    assert_eq!(href(LinkKind::Site, "site/fr-ca/index.html", "fr-CA", "report").url, "report.html");
    assert_eq!(href(LinkKind::Document, "proof/index.html", "en-US", "playbook").url, "../playbook/index.html");
}

#[test]
fn from_outside_the_site_links_are_absolute_and_tagged() {
    let email = href(LinkKind::Email, "emails/en-ca/01-welcome.html", "en-CA", "form");
    let row = email.row.unwrap();
    let query = format!(
        "utm_source=lakeshore&utm_medium=email&utm_campaign=fy27q1_launch_canada&utm_id={}&utm_content=here-text-form",
        row.id
    );
    assert_eq!(email.url, format!("https://go.halvorn.example/lakeshore/launch-canada/?{query}#form"));
    assert_eq!((&*row.base_url, &*row.channel), ("https://go.halvorn.example/lakeshore/launch-canada/#form", "Email"));
}

#[test]
fn further_locales_lead_to_their_own_pages_under_their_own_name() {
    let french = href(LinkKind::Email, "emails/fr-ca/01-welcome.html", "fr-CA", "report").row.unwrap();
    assert_eq!(&*french.base_url, "https://go.halvorn.example/lakeshore/launch-canada/fr-ca/report.html");
    assert_eq!(&*french.content, "here-text-report-fr-ca");
    // A partner document is written in the master's locale, which the deployment may not have.
    let document = href(LinkKind::Document, "playbook/index.html", "en-US", "report").row.unwrap();
    assert_eq!(&*document.base_url, "https://go.halvorn.example/lakeshore/launch-canada/report.html");
}

#[test]
fn outside_links_are_tagged_unless_they_say_why_not() {
    let product = href(LinkKind::Site, "site/index.html", "en-CA", "product");
    assert!(
        product.url.starts_with("https://halvorn.example/recall?lang=en&utm_source=lakeshore&utm_medium=referral&")
    );
    assert!(product.url.ends_with("utm_content=here-text-product#top"));
    assert_eq!(href(LinkKind::Site, "site/index.html", "en-CA", "privacy").url, "https://halvorn.example/privacy");
    assert_eq!(href(LinkKind::Email, "emails/en-ca/a.html", "en-CA", "mail").url, "mailto:a@halvorn.example");
}

#[test]
fn placements_have_a_row_in_each_locale() {
    let rows = links_with(tracking()).unwrap().placements().unwrap();
    let contents: Vec<_> = rows.iter().map(|row| (&*row.content, &*row.channel)).collect();
    assert_eq!(
        contents,
        [("linkedin-launch-landing", "Organic Social"), ("linkedin-launch-landing-fr-ca", "Organic Social")]
    );
}

fn refused(change: impl FnOnce(&mut Tracking)) -> Vec<&'static str> {
    let mut tracking = tracking();
    change(&mut tracking);
    match links_with(tracking) {
        Ok(links) => links.placements().err().unwrap_or_default(),
        Err(errors) => errors,
    }
    .iter()
    .map(|error| error.code)
    .collect()
}

#[test]
fn a_wrong_table_is_refused_as_a_whole() {
    assert_eq!(refused(|_| {}), [] as [&str; 0]);
    assert_eq!(refused(|t| t.links[0].document = Some("landign".into())), ["E-LINK"]);
    assert_eq!(refused(|t| t.links[5].document = Some("landing".into())), ["E-LINK"]);
    assert_eq!(refused(|t| t.links[5].url = Some("halvorn.example".into())), ["E-URL"]);
    assert_eq!(refused(|t| t.mediums[0].channel = "Referral".into()), ["E-CHANNEL", "E-CHANNEL"]);
    assert_eq!(refused(|t| t.kinds.site.medium = "web".into()), ["E-UTM"]);
    assert_eq!(refused(|t| t.placements[0].link = "playbook".into()), ["E-LINK", "E-LINK"]);
    assert_eq!(refused(|t| t.placements[0].medium = "referral".into()), ["E-CHANNEL", "E-CHANNEL"]);
    assert_eq!(refused(|t| t.placements[0].source = "Linked In".into()), ["E-UTM", "E-UTM"]);
}

#[test]
fn a_shop_in_the_campaign_is_refused_with_the_reason() {
    let mut facts = facts();
    facts.codes[0].1 = "shopfloor".into();
    let errors = Links::new(tracking().into(), facts, documents().into()).unwrap_err();
    assert_eq!(errors.len(), 3);
    assert_eq!(
        errors[0].message,
        "GA4 counts source `lakeshore`, medium `referral`, campaign `fy27q1_launch_shopfloor` as Organic Shopping, not Referral"
    );
}

#[test]
fn unknown_and_unpublished_links_say_what_to_do() {
    let links = links_with(tracking()).unwrap();
    let output = path("site/index.html");
    let from =
        LinkFrom { document: "landing", component: "landing", kind: LinkKind::Site, output: &output, locale: "en-CA" };
    assert_eq!(links.href(&from, "repot", "text").unwrap_err().help, "did you mean `report`?");
    let unpublished = links.href(&from, "playbook", "text").unwrap_err();
    assert_eq!(unpublished.message, "link `playbook` leads to `playbook/index.html`, which is not published");
    assert_eq!(links.href(&from, "product", "Foot er").unwrap_err().code, "E-UTM");
    assert_eq!(links.href(&from, "product", &"x".repeat(90)).unwrap_err().code, "E-UTM");
}

#[test]
fn one_name_for_two_targets_is_refused() {
    let row = href(LinkKind::Email, "emails/en-ca/a.html", "en-CA", "report").row.unwrap();
    let other = LinkRow { placement: "elsewhere".into(), base_url: "https://x.example/".into(), ..row.clone() };
    assert_eq!(manifest(vec![row.clone(), row.clone()]), Ok(vec![row.clone()]));
    let errors = manifest(vec![row, other]).unwrap_err();
    assert_eq!((errors.len(), errors[0].code), (1, "E-UTMDUP"));
}

#[test]
fn ids_are_stable_and_never_numbers() {
    assert_eq!(utm_id("a/b"), utm_id("a/b"));
    assert_ne!(utm_id("a/b"), utm_id("a/c"));
    assert!(utm_id("a/b").starts_with('d') && utm_id("a/b").len() == 11);
}
