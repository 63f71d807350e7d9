use super::*;
use crate::data::Data;
use crate::profiles::analytics::TOOLS;

fn pages() -> Pages {
    let asked = |id: &str, page: &str, is_posted, gives: Option<(&str, &str)>| Asked {
        id: id.into(),
        page: page.into(),
        is_posted,
        gives: gives.map(|(piece, page)| (piece.into(), page.into())),
    };
    Pages {
        all: ["landing", "ask-talk", "report", "check"].map(Arc::from).into(),
        requests: vec![
            asked("report", "landing", true, Some(("report", "report"))),
            asked("talk", "ask-talk", false, None),
        ],
        checks: BTreeSet::from(["check".into()]),
    }
}

fn of(keys: &[(&'static str, Data)], permission: Option<&str>) -> Analytics {
    let keys = Data::map(keys.iter().cloned());
    let said = Said {
        keys: &keys,
        owner: "partner",
        file: "partners/a/tracking.yaml".into(),
        below: "analytics.",
        permission,
        storage: None,
    };
    Analytics::new(&said, &pages())
}

/// All that a tool needs, and the keys of the others too, as an overlay may leave them behind.
fn whole(profile: &'static str) -> Vec<(&'static str, Data)> {
    vec![
        ("profile", profile.into()),
        ("address", "https://stats.a.example/in".into()),
        ("domain", "a.example".into()),
        ("website", "1b4e28ba-2fa1-41d2-883f-0016d3cca427".into()),
        ("site", Data::Int(7)),
        ("container", "GTM-ABC1234".into()),
        ("measurement", "G-ABC1234567".into()),
    ]
}

#[test]
fn nothing_counts_unless_somebody_chose_a_tool() {
    for keys in [&[][..], &[("profile", "none".into())], &whole("none")[..]] {
        let none = of(keys, None);
        assert!(!none.on && none.events.is_empty() && none.gaps.is_empty() && &*none.profile == "none");
        assert_eq!((none.sources, &*none.address), (Sources::default(), ""));
    }
}

#[test]
fn what_a_tool_needs_is_a_gap_of_whoever_chose_it() {
    for tool in TOOLS {
        let all = of(&whole(tool.id), None);
        assert!(all.on && all.gaps.is_empty(), "{}", tool.id);
        for need in tool.needs {
            let keys: Vec<_> = whole(tool.id).into_iter().filter(|(key, _)| key != need).collect();
            let lacking = of(&keys, None);
            let [gap] = &lacking.gaps[..] else { panic!("{}: {:?}", tool.id, lacking.gaps) };
            assert_eq!((&*gap.owner, &*gap.need, &*gap.key), ("partner", *need, &*format!("analytics.{need}")));
            // As without a tool: no byte of a page changes.
            assert!(!lacking.on && lacking.events.is_empty() && lacking.sources == Sources::default());
        }
    }
}

#[test]
fn a_page_lets_through_what_its_tool_needs_and_no_more() {
    let sources = |id| of(&whole(id), None).sources;
    for id in ["plausible", "umami", "matomo"] {
        let Sources { scripts, images, sends } = sources(id);
        assert!(scripts.is_empty() && images.is_empty() && sends == ["https://stats.a.example/in".into()], "{id}");
    }
    let Sources { scripts, sends, .. } = sources("gtm");
    assert_eq!(scripts, ["https://www.googletagmanager.com".into()]);
    assert!(sends.iter().all(|source| !source.contains("a.example")), "{sends:?}");
    let cloud: Vec<_> = whole("plausible").into_iter().filter(|(key, _)| *key != "address").collect();
    assert_eq!(&*of(&cloud, None).address, "https://plausible.io/api/event");
}

#[test]
fn what_sets_cookies_asks_first_whatever_the_region_says() {
    let permission = |id, said| of(&whole(id), said).permission;
    assert_eq!(
        [permission("plausible", None), permission("plausible", Some("objection"))],
        ["consent".into(), "objection".into()]
    );
    assert_eq!(&*permission("gtm", Some("objection")), "consent");
}

#[test]
fn the_dictionary_holds_what_pages_cause_and_nothing_else() {
    let plausible = of(&whole("plausible"), None);
    let event = |id: &str| plausible.events.iter().find(|event| &*event.id == id).unwrap();
    assert_eq!(plausible.events.iter().map(|event| &*event.id).collect::<Vec<_>>(), EVENTS);
    assert_eq!((event(PAGE_VIEW).pages.len(), &*event(PAGE_VIEW).name), (4, "pageview"));
    // A request whose form stands elsewhere is never seen to be sent.
    assert_eq!(
        (event(LEAD).pages.clone(), event(LEAD).requests.clone()),
        (vec!["landing".into()], vec!["report".into()])
    );
    assert_eq!(
        (event(DOWNLOAD).pages.clone(), event(CHECKED).pages.clone()),
        (vec!["report".into()], vec!["check".into()])
    );
    let keys = Data::map(whole("gtm"));
    let said = Said { keys: &keys, owner: "vendor", file: "".into(), below: "", permission: None, storage: None };
    let bare = Analytics::new(&said, &Pages { all: vec!["landing".into()], ..Pages::default() });
    assert_eq!(bare.events.iter().map(|event| &*event.name).collect::<Vec<_>>(), [PAGE_VIEW, "site_exit"]);
    assert!(bare.counts(PAGE_VIEW) && !bare.counts(LEAD));
}

/// What components read is what was made.
#[test]
fn what_templates_see_is_read_back() {
    for tool in TOOLS {
        let made = of(&whole(tool.id), None);
        assert_eq!(crate::package::read::<Analytics>(&made.data(), "analytics").unwrap(), made);
    }
}
