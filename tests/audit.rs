//! No markup of a template ships an address that was not handed out, however it is written.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use cobrand::build::{self, Options, Program, Unwatched};
use outcome::Outcome;
use small::Small;

const PAGE: &str = "master-templates/templates/page.html";
const EMAIL: &str = "master-templates/templates/email.html";
const DOCUMENT: &str = "master-templates/templates/document.html";

/// Each attribute that holds an address: its element and what else that needs, its value around the address, and what
/// is said.
const ATTRIBUTES: [(&str, &str, &str, &str); 34] = [
    ("a", "href", "ADDRESS", "E-UNTRACKED"),
    ("area", "href", "ADDRESS", "E-UNTRACKED"),
    ("a", "xlink:href", "ADDRESS", "E-UNTRACKED"),
    ("meta http-equiv=refresh", "content", "0;url=ADDRESS", "E-UNTRACKED"),
    ("meta http-equiv='&#82;efresh'", "content", "0;ADDRESS", "E-UNTRACKED"),
    ("meta name=msapplication-TileImage", "content", "ADDRESS", "E-UNTRACKED"),
    ("meta itemprop=url", "content", "ADDRESS", "E-UNTRACKED"),
    ("blockquote", "cite", "ADDRESS", "E-UNTRACKED"),
    ("img", "longdesc", "ADDRESS", "E-UNTRACKED"),
    ("link rel=stylesheet", "href", "ADDRESS", "E-UNTRACKED"),
    ("link rel=preconnect", "href", "ADDRESS", "E-UNTRACKED"),
    ("use", "href", "ADDRESS", "E-UNTRACKED"),
    ("image", "xlink:href", "ADDRESS", "E-UNTRACKED"),
    ("img", "src", "ADDRESS", "E-UNTRACKED"),
    ("script", "src", "ADDRESS", "E-UNTRACKED"),
    ("iframe", "src", "ADDRESS", "E-UNTRACKED"),
    ("embed", "src", "ADDRESS", "E-UNTRACKED"),
    ("source", "src", "ADDRESS", "E-UNTRACKED"),
    ("input type=image", "src", "ADDRESS", "E-UNTRACKED"),
    ("img", "srcset", "ADDRESS", "E-UNTRACKED"),
    ("source", "srcset", ",ADDRESS,", "E-UNTRACKED"),
    ("link", "imagesrcset", "ADDRESS", "E-UNTRACKED"),
    ("video", "poster", "ADDRESS", "E-UNTRACKED"),
    ("object", "data", "ADDRESS", "E-UNTRACKED"),
    ("object", "codebase", "ADDRESS", "E-UNTRACKED"),
    ("body", "background", "ADDRESS", "E-UNTRACKED"),
    ("html", "manifest", "ADDRESS", "E-UNTRACKED"),
    ("p", "style", "background:url(ADDRESS)", "E-UNTRACKED"),
    ("p", "style", "background:\\75rl('ADDRESS')", "E-UNTRACKED"),
    ("rect", "fill", "url(ADDRESS)", "E-UNTRACKED"),
    ("form", "action", "ADDRESS", "E-FORMACTION"),
    ("button", "formaction", "ADDRESS", "E-FORMACTION"),
    ("a", "ping", "ADDRESS", "E-FORMACTION"),
    ("img", "attributionsrc", "ADDRESS", "E-FORMACTION"),
];

/// A start tag with one attribute, written in every way.
fn written(element: &str, name: &str, value: &str) -> Vec<String> {
    let quoted = value.replace('\'', "&#39;");
    let encoded = |form: &dyn Fn(u32) -> String| value.chars().map(|c| form(c.into())).collect::<String>();
    let (decimal, hexadecimal) = (encoded(&|c| format!("&#{c};")), encoded(&|c| format!("&#x{c:X}")));
    let (tag, more) = element.split_once(' ').unwrap_or((element, ""));
    let (upper_tag, upper_name) = (tag.to_uppercase(), name.to_uppercase());
    vec![
        format!("<{element} {name}=\"{value}\">"),
        format!("<{element} {name}='{quoted}'>"),
        format!("<{element} {name}={quoted}>"),
        format!("<{upper_tag} {upper_name}=\"{value}\" {more}>"),
        format!("<{element} {name} = \"{value}\">"),
        format!("<{element}\n{name}\t=\n{quoted}\n>"),
        format!("<{tag}/{name}={quoted} {more}>"),
        format!("<{tag} title=\">\"{name}=\"{value}\"{more} />"),
        format!("<{element} {name}=\"{decimal}\">"),
        format!("<{element} {name}={hexadecimal} >"),
    ]
}

/// The small workspace with more markup in one of its templates, before the end of its body.
fn with(template: &str, markup: &str) -> Small {
    let base = Small::base();
    let text = base.text(template).to_owned();
    let end = if text.contains("</body>") { "</body>" } else { "{% endblock %}" };
    let (before, after) = text.rsplit_once(end).unwrap();
    base.with(template, format!("{before}{markup}\n{end}{after}"))
}

/// What is said of markup in a template, as `CODE message`; each line once.
fn said(template: &str, markup: &str) -> Vec<String> {
    let outcome = Outcome::check(&with(template, markup).memory());
    outcome.said.iter().map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.message)).collect()
}

/// Every snippet has to be answered with its code and with the host that stands in it.
fn every_one_is_refused(template: &str, snippets: &[(String, String, &str)]) {
    // No comment, script or drawing may swallow what follows.
    let closed = |text: &str| format!("{text}</script></iframe></object>\n");
    let markup: String = snippets.iter().map(|(text, ..)| closed(text)).collect();
    let said = said(template, &markup);
    for (text, host, code) in snippets {
        let is_said = said.iter().any(|line| line.starts_with(code) && line.contains(host));
        assert!(is_said, "{template}: nothing is said of {text:?}");
    }
    let unexpected: Vec<&String> = said.iter().filter(|line| !line.contains(".example")).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
}

#[test]
fn no_attribute_ships_an_address_however_it_is_written() {
    let mut snippets = Vec::new();
    for (element, name, value, code) in ATTRIBUTES {
        for writing in 0..written(element, name, value).len() {
            let host = format!("a{}.example", snippets.len());
            let value = value.replace("ADDRESS", &format!("https://{host}/"));
            snippets.push((written(element, name, &value).swap_remove(writing), host, code));
        }
    }
    assert!(snippets.len() >= 320);
    every_one_is_refused(PAGE, &snippets);
    every_one_is_refused(EMAIL, &snippets);
}

#[test]
fn no_writing_of_an_address_hides_its_host() {
    let addresses = [
        "https://HOST/",
        "HTTPS://HOST/",
        "http:HOST/",
        "https:/HOST/",
        "https:\\\\HOST\\",
        "//HOST/",
        "\\\\HOST/",
        "/\\HOST/",
        "/\t/HOST/",
        "ht\ttps://HOST/",
        "https:\n//HOST/",
        "\u{1} https://HOST/",
        "&NewLine;&Tab;//HOST",
        "https&colon;&sol;&sol;HOST",
    ];
    let places = [
        ("<a href=\"ADDRESS\">", "E-UNTRACKED"),
        ("<img src='ADDRESS'>", "E-UNTRACKED"),
        ("<svg><a xlink:href=\"ADDRESS\"></a></svg>", "E-UNTRACKED"),
        ("<meta http-equiv=\"REFRESH\" content=\"1; URL = 'ADDRESS'\">", "E-UNTRACKED"),
        ("<form action=\"ADDRESS\"></form>", "E-FORMACTION"),
        ("<input formaction=\"ADDRESS\">", "E-FORMACTION"),
    ];
    let mut snippets = Vec::new();
    for address in addresses {
        for (place, code) in places {
            let host = format!("a{}.example", snippets.len());
            snippets.push((place.replace("ADDRESS", &address.replace("HOST", &host)), host, code));
        }
    }
    every_one_is_refused(PAGE, &snippets);
    every_one_is_refused(EMAIL, &snippets);
}

#[test]
fn nothing_runs_from_an_address() {
    let addresses = [
        "javascript:a",
        "JavaScript:a",
        "&#x6a;avascript:a",
        "java\nscript:a",
        "java&Tab;script:a",
        " \u{1}javascript:a",
        "vbscript:a",
        "data:text/html,a",
        "blob:a",
        "file:///a",
        "ftp://a.example",
    ];
    for place in ["<a href=\"ADDRESS\">", "<form action=\"ADDRESS\"></form>", "<iframe src=\"ADDRESS\"></iframe>"] {
        for address in addresses {
            let said = said(PAGE, &place.replace("ADDRESS", address));
            assert!(!said.is_empty() && said.iter().all(|line| line.starts_with("E-URL ")), "{address:?}: {said:#?}");
        }
    }
    let said = said(PAGE, "<script src='data:text/javascript,a'></script><img src='mailto:a@a.example'>");
    assert_eq!(said.len(), 2, "each once, though on two pages: {said:#?}");
}

/// The values of properties and rules from which a style may take an address.
#[test]
fn no_style_ships_an_address_wherever_it_stands_in_it() {
    let places = [
        "<p style=\"background:image-set(env(z,'ADDRESS') 1x)\">",
        "<p style=\"--a:'ADDRESS'\">",
        "<p style=\"background:image-set(var(--z,'ADDRESS') 1x)\">",
        "<p style=\"background:image-set(attr(data-x type(<string>),'ADDRESS') 1x)\">",
        "<p style=\"content:image-set(var(--z,'ADDRESS') 1x)\">",
        "<style>@property --b{syntax:'*';inherits:true;initial-value:'ADDRESS'}</style>",
        "<style>@function --f(){result:'ADDRESS'}</style>",
        "<svg><rect fill=\"var(--z,'ADDRESS')\"/></svg>",
    ];
    let mut snippets = Vec::new();
    for place in places {
        for address in ["https://HOST/x.png", "http:HOST/x.png", "//HOST/x.png", "&Tab;HTTPS:\\5cHOST"] {
            let host = format!("s{}.example", snippets.len());
            let is_entity = address.starts_with('&') && place.starts_with("<style");
            let address = if is_entity { address.replace("&Tab;", "\t") } else { address.to_owned() };
            // An escape takes the blank behind it along.
            let address = address.replace("\\5cHOST", "\\5c HOST");
            snippets.push((place.replace("ADDRESS", &address.replace("HOST", &host)), host, "E-UNTRACKED"));
        }
    }
    every_one_is_refused(PAGE, &snippets);
    every_one_is_refused(EMAIL, &snippets);
}

/// Files of `assets/` with addresses that a browser finds in them by their kind.
#[test]
fn no_asset_ships_an_address_whatever_its_kind() {
    let svg = "xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'";
    let xhtml = "xmlns:h='http://www.w3.org/1999/xhtml'";
    let files = [
        ("a.svg", format!("<svg {svg} xmlns:x='http://www.w3.org/1999/xlink'><a x:href='https://a.example'/></svg>")),
        ("b.svg", format!("<?xml-stylesheet href='https://b.example/x.css'?><svg {svg}/>")),
        ("c.svg", "<s:svg xmlns:s='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><s:style>@import url(https://c.example);</s:style></s:svg>".to_owned()),
        ("d.svg", format!("<svg {svg} {xhtml}><h:meta http-equiv='refresh' content='0;url=https://d.example'/></svg>")),
        ("e.svg", format!("<svg {svg} {xhtml}><h:form action='https://e.example'/></svg>")),
        ("f.svg", format!("<svg {svg} {xhtml}><h:object data='https://f.example/x'/></svg>")),
        ("g.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><script/><body><a href='https://g.example'>x</a></body></html>".to_owned()),
        ("h.xml", "<h:a xmlns:h='http://www.w3.org/1999/xhtml' href='https://h.example'/>".to_owned()),
        ("i.webmanifest", "{\"start_url\":\"https://i.example/\"}".to_owned()),
        ("j.xml", "<rss><link>https://j.example</link></rss>".to_owned()),
    ];
    let base = files
        .iter()
        .fold(Small::base(), |base, (name, text)| base.with(&format!("master-templates/assets/{name}"), text.clone()));
    let outcome = Outcome::check(&base.memory());
    for (name, _) in &files {
        let code = match *name {
            "b.svg" => "E-MARKUP",
            "e.svg" => "E-FORMACTION",
            _ => "E-UNTRACKED",
        };
        let place = format!(": {code} master-templates/assets/{name}:");
        assert!(outcome.told().lines().any(|line| line.contains(&place)), "{name}: {}", outcome.told());
    }
    assert_eq!(outcome.said.len(), files.len(), "{}", outcome.told());
}

#[test]
fn no_mail_program_makes_a_link_of_what_was_not_handed_out() {
    let markup = "<p>www.a0.example/x</p><p>See https://a1.example.</p><p>ww&#119;.a2.example</p>\
                  <!--[if mso]><p>www.a3.example</p><![endif]--><table><td>//a.b HTTP://a4.example</table>";
    let said = said(EMAIL, markup);
    for host in 0..5 {
        let is_said = |line: &String| line.starts_with("E-UNTRACKED") && line.contains(&format!("a{host}.example"));
        assert!(said.iter().any(is_said), "a{host}: {said:#?}");
    }
    assert_eq!(said.len(), 5, "{said:#?}");
}

#[test]
fn a_button_for_outlook_is_a_link() {
    let button = "<!--[if mso]><v:roundrect xmlns:v=\"urn:schemas-microsoft-com:vml\" href=\"ADDRESS\"><v:fill \
                  src=\"{{ email_asset(path='logo.svg') }}\"/></v:roundrect><![endif]-->";
    let granted = button.replace("ADDRESS", "{{ link(\"vendor\", \"mso\") }}");
    assert_eq!(said(EMAIL, &granted), Vec::<String>::new());
    let said = said(EMAIL, &button.replace("ADDRESS", "https://a.example"));
    assert!(said.iter().all(|line| line.starts_with("E-UNTRACKED") && line.contains("links to `https://a.example`")));
    assert!(!said.is_empty());
}

#[test]
fn markup_that_hides_addresses_is_refused() {
    let hiding = [
        "<base href=\"https://a.example/\">",
        "<BASE\nHREF=/>",
        "<iframe srcdoc=\"&lt;a href=https://a.example>\"></iframe>",
        "<svg><a><set attributeName=href to=https://a.example /></a></svg>",
        "<select><title><a href=\"#form\"></title></select>",
        "<svg><p><style><i></style>",
        "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"https://a.example/\"]}]}</script>",
    ];
    for markup in hiding {
        let said = said(PAGE, markup);
        assert!(!said.is_empty() && said.iter().all(|line| line.starts_with("E-MARKUP ")), "{markup}: {said:#?}");
    }
}

#[test]
fn what_is_no_markup_says_nothing() {
    let everywhere = "<!-- <a href=https://a.example> --><script>\"<a href='https://a.example'>\"</script>\
                  <style>/* url(https://a.example) */ a[href^='https://a.example']::after{content:'https://a.example'}</style>\
                  <p title='<a href=https://a.example>'>a</p><div data=https://a.example></div>\
                  <meta name=description content='See https://a.example'>";
    let on_pages = "<textarea><a href=https://a.example></textarea><p>https://a.example &lt;a href=https://a.example></p>\
                    <svg><title>a</title><![CDATA[<a href=https://a.example>]]></svg><p>www.a.example</p>";
    for template in [PAGE, EMAIL, DOCUMENT] {
        assert_eq!(said(template, everywhere), Vec::<String>::new(), "{template}");
    }
    for template in [PAGE, DOCUMENT] {
        assert_eq!(said(template, on_pages), Vec::<String>::new(), "{template}");
    }
}

#[test]
fn what_was_handed_out_may_be_written_in_any_way() {
    let markup = "<A HREF='{{ link(\"vendor\", \"one\") }}'>a</A><a href = '\n{{ link(\"vendor\", \"two\") }} '>a</a>\
                  <img SRC='{{ asset(\"logo.svg\") }}' srcset='{{ asset(\"logo.svg\") }} 2x'>\
                  <form ACTION = '{{ tracking.form.endpoint }}'><button formaction='{{ tracking.form.endpoint }}'></form>\
                  <a href='mailto:a@a.example'>a</a><a href=TEL:1>a</a><img src='data:image/gif;base64,R0'>\
                  <link rel=canonical href='{{ page.url }}'><a href='{{ deployment.url }}#form'>a</a>\
                  <svg><defs><path id=b /></defs><use href=#b /><rect fill='url(#b)'/></svg>";
    assert_eq!(said(PAGE, markup), Vec::<String>::new());
}

#[test]
fn addresses_of_the_package_lead_to_files_and_places_of_it() {
    let dangling = [
        ("<img src=assets/none.svg>", "leads to `assets/none.svg`, which is not in the package"),
        ("<img srcset='assets/logo.svg 1x, assets/none.svg 2x'>", "leads to `assets/none.svg`"),
        ("<p style='background: url(assets/none.svg)'>", "leads to `assets/none.svg`"),
        ("<A HREF=none.html>", "leads to `none.html`"),
        ("<a href=\"\">", "holds an empty link"),
        ("<a href = #none>", "leads to `#none`"),
        ("<use xlink:href=#none>", "leads to `#none`"),
        ("<a href='/none.html'>", "leads to `/none.html`"),
        ("<a href='{{ deployment.url }}none.html'>", "none.html`, which is not in the package"),
        ("<a href='{{ deployment.url }}../none/'>", "../none/`, which is not in the package"),
        ("<a href='{{ deployment.url }}#none'>", "#none` in `site/index.html`"),
        ("<a href='../proof/index.html'>", "leads to `../proof/index.html`, which is not published"),
        ("<a href='../../none.html'>", "leads to `../../none.html`, which is not in the package"),
        ("<a href='*|UNSUBSCRIBE|*'>", "leads to `*|UNSUBSCRIBE|*`"),
    ];
    for (markup, message) in dangling {
        let said = said(PAGE, markup);
        let fits = |line: &String| line.starts_with("E-DANGLING ") && line.contains(message);
        assert!(!said.is_empty() && said.iter().all(fits), "{markup}: {said:#?}");
    }
    for own in ["<form action=''></form>", "<form method=post></form>"] {
        let said = said(PAGE, own);
        let fits = |line: &String| line.starts_with("E-FORMACTION ") && line.contains("sends a form to its own page");
        assert!(!said.is_empty() && said.iter().all(fits), "{own}: {said:#?}");
    }
    let said = said(EMAIL, "<a href='../../site/index.html'>");
    assert!(!said.is_empty() && said.iter().all(|line| line.contains("which an email leaves behind")), "{said:#?}");
}

#[test]
fn documents_for_partners_may_lead_elsewhere_but_load_and_send_nothing() {
    assert_eq!(
        said(DOCUMENT, "<a href='https://a.example/'>a</a><q cite=http://a.example>a</q>"),
        Vec::<String>::new()
    );
    for (markup, code) in [
        ("<img src=https://a.example/>", "E-UNTRACKED"),
        ("<a href=//a.example>a</a>", "E-UNTRACKED"),
        ("<a href=javascript:a>a</a>", "E-URL"),
        ("<form action=https://a.example/></form>", "E-FORMACTION"),
    ] {
        let said = said(DOCUMENT, markup);
        assert!(!said.is_empty() && said.iter().all(|line| line.starts_with(code)), "{markup}: {said:#?}");
    }
}

#[test]
fn templates_of_the_other_engine_ship_nothing_either() {
    let markup = "<A\nHREF=&#104;ttps://a.example><form action=//b.example></form>";
    let outcome = Outcome::check(&with(PAGE, markup).in_tera().memory());
    let codes: Vec<&str> = outcome.said.iter().map(|diagnostic| diagnostic.code.0).collect();
    assert_eq!(codes, ["E-UNTRACKED", "E-FORMACTION"], "each at its line, though on two pages: {}", outcome.told());
    assert!(outcome.built.is_empty());
}

#[test]
fn a_form_of_the_landing_page_is_read_however_it_is_written() {
    let base = Small::base();
    let text = base.text(PAGE).replace(
        "<select name=\"job_role\"><option value=\"it\">IT</option><option value=\"other\">Other</option></select>",
        "<SELECT\nNAME=job_role><OPTION VALUE='it'>IT<option> other </SELECT>",
    );
    let outcome = Outcome::check(&base.clone().with(PAGE, text.clone()).memory());
    assert_eq!(outcome.told(), "");
    let hidden = text.replace("<SELECT", "<!-- <SELECT").replace("</SELECT>", "</SELECT> -->");
    let outcome = Outcome::check(&base.with(PAGE, hidden).memory());
    assert!(outcome.told().contains("the form of the landing page has no field `job_role`"), "{}", outcome.told());
}

#[test]
fn a_flaw_that_pages_share_is_looked_for_once() {
    // One thread, so that no other one looks for it at the same time.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let traced = |small: &Small| {
        let (program, _) = Program::open(&small.memory());
        let program = program.unwrap_or_else(|_| panic!("it opens"));
        let report = pool.install(|| build::check(&program, &Options::default(), &Unwatched));
        (report.tally.traced, report.tally.made)
    };
    let (whole, made) = traced(&Small::base());
    assert_eq!(whole, 0);
    // In a template that all documents have, in one that is included, and in words of HQ's that an email shows.
    for (file, text) in [
        (DOCUMENT, "<img src='https://other.example/pixel.gif' alt=''>"),
        ("master-templates/templates/layout.html", "<img src=//other.example/pixel.gif alt=''>"),
        (EMAIL, "<p>www.other.example</p>"),
        // In an address that is another one in each package.
        ("master-templates/templates/layout.html", "<a href='https://{{ deployment.slug }}.other.example/x'>x</a>"),
        (
            "master-templates/templates/layout.html",
            "<p style='background:url(https://{{ deployment.slug }}.other.example)'>",
        ),
    ] {
        let (traced, refused) = traced(&with(file, text));
        assert_eq!(refused, made);
        assert!((1..made).contains(&traced), "{file}: {traced} pages for {made} deployments");
    }
}

#[test]
fn an_address_that_differs_from_package_to_package_is_one_error() {
    for address in [
        "https://{{ partner.id }}.other.example/x",
        "{{ deployment.slug }}/{{ page.id }}.html",
        "#{{ partner.id }}",
        "{{ deployment.url }}none.html",
    ] {
        let markup = format!("<a href='{address}'>x</a>");
        let said = said("master-templates/templates/layout.html", &markup);
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].contains(&format!("`{address}`")), "{said:#?}");
    }
    for address in ["https://{{ partner.id }}.other.example/x", "https://other.example/{{ deployment.slug }}.png"] {
        for markup in
            ["<style>p{background:url(X)}</style>", "<p style=\"background:url('X')\">", "<img src=\"X\" alt=\"\">"]
        {
            let said = said("master-templates/templates/layout.html", &markup.replace('X', address));
            assert_eq!(said.len(), 1, "{said:#?}");
            assert!(said[0].contains(&format!("`{address}`")), "{said:#?}");
        }
    }
    let whole =
        said("master-templates/templates/layout.html", "<a href=\"{{ 'https://x.example/' ~ partner.id }}\">x</a>");
    assert_eq!(whole.len(), 1, "{whole:#?}");
}
