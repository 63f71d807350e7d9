use proptest::prelude::*;

use super::*;

fn addresses(text: &str) -> Vec<String> {
    Page::read(text.as_bytes()).references.into_iter().map(|reference| reference.address).collect()
}

/// How an attribute may be written.
const WRITINGS: [&str; 9] = [
    "<TAG NAME=\"VALUE\">",
    "<TAG NAME='VALUE'>",
    "<TAG NAME=VALUE>",
    "<TAG NAME = \"VALUE\" >",
    "<TAG\nclass=x\tNAME\n=\r\n'VALUE'\n>",
    "<TAG/NAME=VALUE>",
    "<TAG class=\"x>\"NAME=\"VALUE\"/>",
    "text & text <TAG disabled NAME=\"VALUE\"",
    "</p><b><TAG class=\"x\" NAME='VALUE'>",
];

#[test]
fn an_attribute_is_found_however_it_is_written() {
    let attributes = [
        ("a", "href", Role::Link),
        ("area", "href", Role::Link),
        ("link", "href", Role::Image),
        ("use", "href", Role::Load),
        ("use", "xlink:href", Role::Load),
        ("img", "src", Role::Image),
        ("iframe", "src", Role::Load),
        ("img", "srcset", Role::Image),
        ("link", "imagesrcset", Role::Image),
        ("video", "poster", Role::Image),
        ("object", "data", Role::Load),
        ("object", "codebase", Role::Load),
        ("object", "classid", Role::Load),
        ("applet", "code", Role::Load),
        ("applet", "archive", Role::Load),
        ("form", "action", Role::Post),
        ("button", "formaction", Role::Post),
        ("a", "ping", Role::Post),
        ("img", "attributionsrc", Role::Post),
        ("q", "cite", Role::Link),
        ("img", "longdesc", Role::Link),
        ("td", "background", Role::Image),
        ("html", "manifest", Role::Load),
        ("v:roundrect", "href", Role::Link),
        ("v:fill", "src", Role::Image),
    ];
    for (tag, attribute, role) in attributes {
        for writing in WRITINGS {
            for (tag, name) in [(tag.to_owned(), attribute.to_owned()), (tag.to_uppercase(), attribute.to_uppercase())]
            {
                let text = writing.replace("TAG", &tag).replace("NAME", &name).replace("VALUE", "https://a.example");
                let text = if writing.ends_with('>') { text } else { text + ">" };
                let page = Page::read(text.as_bytes());
                let found: Vec<_> = page.references.iter().map(|it| (it.role, it.attribute, &*it.address)).collect();
                assert_eq!(found, [(role, attribute, "https://a.example")], "{text}");
                assert_eq!(page.hazards, [], "{text}");
            }
        }
    }
}

#[test]
fn values_are_decoded() {
    let reads = [
        ("<a href='&#104;ttps:&#x2f;&#X2F;a.example'>", "https://a.example"),
        ("<a href=&#104ttps:&sol;/a.example>", "https://a.example"),
        ("<a href=\"a?x=1&amp;y=2&copy=3&lt\">", "a?x=1&y=2&copy=3<"),
        ("<a href='java&Tab;script&colon;a'>", "java\tscript:a"),
        ("<a href=\"a\nb\">", "a\nb"),
        ("<meta content='0;url=&#97;' HTTP-EQUIV=Refresh>", "a"),
        ("<meta property=\"og:image\" content=\"a\"><meta property=\"og:title\" content=\"b\">", "a"),
        ("<META NAME='Twitter:Player:Stream' CONTENT=a><meta name=og:image:width content=2>", "a"),
        ("<object><param NAME=Movie value='a'><param name=loop value=b></object>", "a"),
        ("<object><param name=x value='https://a.example'></object>", "https://a.example"),
        ("<p style='background:url(&quot;a&quot;)'>", "a"),
        ("<STYLE>p { background: url(a) }</STYLE>", "a"),
        ("<svg><style>p { background: url(&#97;) }</style></svg>", "a"),
        ("<svg><rect FILL='url(#a)'/></svg>", "#a"),
    ];
    for (text, address) in reads {
        assert_eq!(addresses(text), [address], "{text}");
    }
    assert_eq!(addresses("<img srcset='a 1x, b 2x'><a href=c ping='d e'>"), ["a", "b", "c", "d", "e"]);
}

#[test]
fn text_is_not_taken_for_tags() {
    let tag = "<a href=a id=b>";
    let texts = ["<!-- TAG -->", "<!TAG>", "<?TAG>", "<script>'TAG'</script>", "<title>TAG</title>", "&lt;a href=a>"];
    let more = ["<textarea>TAG</textarea>", "<style>/* TAG */</style>", "<iframe>TAG</iframe>", "<xmp>TAG</xmp>"];
    let rest = ["<script><!-- <script>TAG</script> TAG --></script>", "<svg><![CDATA[TAG]]></svg>", "<plaintext>TAG"];
    for text in texts.iter().chain(&more).chain(&rest) {
        let text = text.replace("TAG", tag);
        // The end of the first tag is the end of what is no comment after all.
        let page = Page::read(format!("<p id=c>{text}").as_bytes());
        assert_eq!(page, Page { ids: ["c".to_owned()].into(), ..Page::default() }, "{text}");
    }
    let page = Page::read(b"</a href=a id=b><a data-href=a hrefs=b><div data=c manifest=d action=e>");
    assert_eq!(page, Page::default());
}

/// Texts with what a tokenizer alone would get wrong: which addresses are found, and whether the page is refused.
#[test]
fn what_browsers_read_in_different_ways_is_found_or_refused() {
    let link = "<a href=a>";
    let reads = [
        // Within drawings these elements hold markup.
        ("<svg><style>LINK</style></svg>", true, true),
        ("<svg><style>p {}<!-- LINK --></style></svg>LINK", true, false),
        ("<svg><title>LINK</title></svg>", true, false),
        ("<svg><g><script>LINK</script></g></svg>", true, false),
        ("<math><mi><textarea>LINK</textarea>", true, true),
        // Behind them they hold text again.
        ("<svg><title>x</title><path/></svg><style>LINK</style>", false, false),
        ("<svg/><style>LINK</style>", false, false),
        ("<svg><![CDATA[><!--]]>LINK", true, false),
        ("<p><![CDATA[>LINK", true, false),
        // A drawing that is left in the middle, or not left at all.
        ("<svg><p><style>LINK</style>", true, true),
        ("<svg><p><style>x</style>", false, false),
        ("<svg><desc><i></svg><style>LINK</style>", true, true),
        ("<svg><foreignObject><p></svg></p></foreignObject><style>LINK</style>", true, true),
        ("<svg></g><style>LINK</style>", true, true),
        ("<svg><p><![CDATA[><!--]]>LINK-->", false, true),
        // Lists, templates and frames pass over tags in some browsers.
        ("<select><style>LINK</style></select>", true, true),
        ("<select><option>x</select><style>LINK</style>", false, false),
        ("<select><template></select></template><title>LINK</title>", true, true),
        ("<template><col><style></template>LINK</style>", true, true),
        ("<frameset><title>LINK</title>", true, true),
        ("<select><title/>LINK</select>", true, true),
        ("<select><script><!--LINK--></script>", false, true),
        ("<select><script>i < 1 && i <3</script>LINK", true, false),
        // With scripts, this ends at the first of the two ends.
        ("<noscript>LINK</noscript>", true, false),
        ("<noscript><p title=\"</noscript>LINK\"></noscript>", true, false),
        ("<noscript><!-- </noscript>LINK --></noscript>", true, false),
        ("<noscript><style></noscript>LINK</style>", true, false),
        // Outlook reads some comments.
        ("<!--[if mso]>LINK<![endif]-->", true, false),
        ("<!--[if !mso]><!-->LINK<!--<![endif]-->", true, false),
        ("<!--[if !mso]><!-- -->LINK<!--<![endif]-->", true, false),
        ("<!--[if !mso]><!---->LINK<!-- <![endif]-->", true, false),
        ("<!--[if mso]><!-- LINK <![endif]-->", false, true),
        ("<!--[if mso]><!-- - -->LINK", true, true),
        ("<!--x [if mso]>LINK<![endif]-->", false, false),
        // What bends or hides addresses.
        ("<BASE HREF=//a.example>", false, true),
        ("<base target=_blank>", false, false),
        ("<iframe srcdoc='&lt;a href=a>'></iframe>", false, true),
        ("<svg><a><set attributeName=href to=a /></a></svg>", false, true),
        ("<svg><animate attributeName='xlink:href' values='a;b'/></svg>", false, true),
        ("<svg><set attributeName='x:HREF' to=a /></svg>", false, true),
        ("<svg><animate attributeName=x to=1 /></svg>", false, false),
        ("<script type=speculationrules>{}</script>LINK", true, true),
        ("<SCRIPT TYPE=' SpeculationRules'>{}</SCRIPT>", false, true),
        ("<script type=importmap>{}</script>", false, true),
        ("<script type=webbundle>{}</script>", false, true),
        ("<script type=module>speculationrules</script>", false, false),
        ("<script type=' application/LD+json'>{}</script>", false, false),
    ];
    for (text, is_found, is_refused) in reads {
        let page = Page::read(text.replace("LINK", link).as_bytes());
        let found: Vec<_> = page.references.iter().map(|reference| &*reference.address).collect();
        assert_eq!(found, if is_found { vec!["a"] } else { vec![] }, "{text}");
        assert_eq!(!page.hazards.is_empty(), is_refused, "{text}: {:?}", page.hazards);
    }
}

#[test]
fn a_form_that_names_no_address_posts_to_its_own_page() {
    let reads: [(&str, &[&str]); 6] = [
        ("<form method=post>", &[""]),
        ("<form method=' Post'>", &[""]),
        ("<form method=post action=a>", &["a"]),
        ("<form action=a method=post>", &["a"]),
        ("<a href=b></a><form method=post>", &["b", ""]),
        ("<form method=get><form method=dialog><form>", &[]),
    ];
    for (text, addresses) in reads {
        let page = Page::read(text.as_bytes());
        let found: Vec<_> = page.references.iter().map(|reference| &*reference.address).collect();
        assert_eq!(found, addresses, "{text}");
    }
}

#[test]
fn properties_that_lead_outward_are_addresses() {
    let reads: [(&str, &[&str]); 7] = [
        ("name=msapplication-TileImage content=a", &["a"]),
        ("name=msapplication-square70x70logo content=a", &["a"]),
        (
            "name=MSApplication-Notification content='frequency=30; polling-uri=https://a.example;polling-uri2=b'",
            &["https://a.example"],
        ),
        ("itemprop=url content=//a.example", &["//a.example"]),
        ("name=description content='See https://a.example'", &[]),
        ("name=viewport content='width=device-width, initial-scale=1'", &[]),
        ("http-equiv=Refresh content='0;url=//a.example'", &["//a.example"]),
    ];
    for (attributes, found) in reads {
        assert_eq!(addresses(&format!("<meta {attributes}>")), found, "{attributes}");
    }
}

#[test]
fn the_words_of_an_email_are_read() {
    let reads: [(&str, &[&str]); 9] = [
        ("<p>See www.a.example/b, or https://c.example.</p>", &["www.a.example/b", "https://c.example"]),
        ("<p>ww&#119;.a<!-- -->.example</p>", &["www.a.example"]),
        ("www.a.example", &["www.a.example"]),
        ("<a href=a>www.a.example</a> www.b.example", &["a", "www.b.example"]),
        ("<A HREF=a><b>www.a.example</b></A>", &["a"]),
        ("<title>www.a.example</title><style>/* www.a.example */</style><p title='www.b.example'>", &[]),
        ("<!-- www.a.example --><!--[if mso]><p>www.b.example</p><![endif]-->", &["www.b.example"]),
        ("<select><option>www.a.example</select>", &["www.a.example"]),
        ("<p class=\"x\">www.a.example<p class=\"x\">\r\n", &["www.a.example"]),
    ];
    for (text, found) in reads {
        let page = Page::of_email(text.as_bytes());
        let addresses: Vec<_> = page.references.iter().map(|reference| &*reference.address).collect();
        assert_eq!(addresses, found, "{text}");
        let others = Page::read(text.as_bytes()).references;
        assert!(others.iter().all(|reference| reference.attribute != WORDS), "{text}");
    }
}

#[test]
fn places_are_those_of_the_tags() {
    let text = "ä&amp;\r\n<b><td class=\"x\"><!-- - --><a href=a><p>\n<style>\n</b>p {b: url(c)}</style><!--[if mso]><a href=d>\
                <![endif]--><svg><use href=\"#e\"/></svg>";
    let page = Page::read(text.as_bytes());
    let found: Vec<_> = page.references.iter().map(|it| (&*it.address, text.get(it.at..it.at + 4).unwrap())).collect();
    assert_eq!(found, [("a", "<a h"), ("c", "<sty"), ("d", "<!--"), ("#e", "<use")]);
}

#[test]
fn fields_are_told_with_the_values_they_offer() {
    let page = Page::read(
        b"<meta name=a value=a><form><input name=b value='c d'><INPUT NAME=b VALUE=e><textarea name=f></textarea>\
          <select name='g'><option>h<option value=i>j</option><optgroup><option> k <!-- --> l </optgroup></select>\
          <option value=m><button name=n>o</button><input value=p><select><option value=q></select>",
    );
    let known: Vec<_> = page.fields.iter().map(|field| (&*field.name, field.value.as_deref())).collect();
    let some = |name, value| (name, Some(value));
    let expected = [
        some("b", "c d"),
        some("b", "e"),
        ("f", None),
        ("g", None),
        some("g", "h"),
        some("g", "i"),
        some("g", "k l"),
        ("n", None),
    ];
    assert_eq!(known, expected);
    assert!(page.asks_for("f") && !page.asks_for("a"));
    assert!(page.offers("g", "i") && !page.offers("g", "j") && !page.offers("b", "i"));
}

const TAGS: &[&str] = &[
    "<p",
    "</p",
    "<td class=\"a b\"",
    "</td",
    "<h1",
    "<svg",
    "</svg",
    "<math",
    "<select",
    "</select",
    "<option",
    "</option",
    "<style",
    "</style",
    "<title",
    "</title",
    "<script",
    "</script",
    "<textarea",
    "</textarea",
    "<noscript",
    "</noscript",
    "<template",
    "</template",
    "<g",
    "</g",
    "<foreignobject",
    "</foreignobject",
    "<p class=\"<a\"",
    "<p class=\"x\" title=\"<a\" hidden lang=\"y\"",
    "<p style=\"a: b(c)\" lang=\"\"",
    "<p style=\"a: url(z)\"",
    "<p style=\"a: ur&#108;(z)\"",
    "<p lang=\"x\"id=\"y\"",
    "<p lang=x id=\"y\"",
    "<meta name=\"x\" content=\"y\"",
    "<meta name=\"x\" content=\"//y\"",
    "<meta name=\"msapplication-TileImage\" content=\"y\"",
    "<p style=\"a: b('//z')\"",
    "<p style=\"content: 'http:z'\"",
    "<p style=\"--a: 'z'; b: c('\thttp\t:z')\"",
    "<p type=\"speculationrules\"",
    "<script type=\"speculationrules\"",
    "<form method=\"post\"",
    "<form method=\"POST\" action=\"z\"",
    "<form method=\"get\"",
    "<v:rect href=\"z\"",
    "<a",
    "</a",
    "<meta name=\"robots\" content=\"noindex\"",
    "<meta content=\"0;url=z\" http-equiv=\"refresh\"",
    "<a class=\"",
    "<xmp",
    "</xmp",
    "<b1",
    "<p class=\"x\" id=\"y\"",
    "<a href=\"z\"",
    "<img src='z'",
    "<select name=\"n\"",
    "<option value=\"x\"",
    "<input name=\"n\" value=\"x\" required",
    "<input name=\"n\" value=\"x&amp;y\"",
    "<img src=\"z\" alt=\"\"",
    "<a href=\"x\" href=\"y\r\"",
    "<path d=\"M0 0\" fill=\"url(#z)\"",
    "<desc",
    "</desc",
    "<set attributename=\"href\" to=\"x\"",
    "<g fill=\"none\"/",
    "<path d=\"M0 0\" /",
    "<svg/",
];
const OTHERS: &[&str] = &[
    "<1",
    "</1",
    "text",
    " www.z",
    "http://z ",
    "&#46;z",
    "w",
    "&amp;",
    "&",
    "<",
    "<!-- x -->",
    "<!--[if x]>",
    "-->",
    "<![CDATA[",
    "]]>",
    "\r\n",
    "\"",
    "\0",
];

fn piece() -> impl Strategy<Value = (&'static str, bool)> {
    prop_oneof![
        3 => prop::sample::select(TAGS).prop_map(|tag| (tag, true)),
        1 => prop::sample::select(OTHERS).prop_map(|text| (text, false)),
    ]
}

proptest! {
    /// A tag with two blanks before its end is the tokenizer's.
    #[test]
    fn who_reads_a_tag_makes_no_difference(pieces in prop::collection::vec(piece(), 0..40)) {
        let with = |end: &str| -> String {
            let whole = |&(text, is_tag): &(&str, bool)| match text.strip_suffix('/') {
                Some(open) => format!("{open}{}", end.replace('>', "/>")),
                None => text.to_owned() + if is_tag { end } else { "" },
            };
            pieces.iter().map(whole).collect()
        };
        let read = |read: fn(&[u8]) -> Page, text: String| {
            let mut page = read(text.as_bytes());
            page.references.iter_mut().for_each(|reference| reference.at = 0);
            page.hazards.iter_mut().for_each(|(at, _)| *at = 0);
            page
        };
        for by in [Page::read, Page::of_email] {
            prop_assert_eq!(read(by, with(">")), read(by, with("  >")));
        }
    }

    #[test]
    fn whatever_a_page_holds_is_read(text in "(<|>|[a-z\"'=&;/!\\[\\]{}-]|svg|style|select| |\\PC){0,60}") {
        Page::read(text.as_bytes());
        Page::of_email(text.as_bytes());
        for kind in kinds::of_assets() {
            Page::of(kind, text.as_bytes());
        }
    }
}
