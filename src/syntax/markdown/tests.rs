use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Document {
    parse(SourceId(0), text, 0).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

fn read_patch(text: &str) -> Patch {
    parse_patch(SourceId(0), text, 0).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

/// What was found wrong: code and underlined text.
fn found<T: std::fmt::Debug>(text: &str, result: Result<T, Diagnostics>) -> Vec<(&'static str, &str)> {
    let problems = result.expect_err(text);
    let shown = |span: Span| &text[span.start as usize..span.end as usize];
    problems.iter().map(|p| (p.code.0, p.place.as_ref().map_or("", |place| shown(place.span)))).collect()
}

fn wrong(text: &str) -> Vec<(&'static str, &str)> {
    found(text, parse(SourceId(0), text, 0))
}

fn wrong_patch(text: &str) -> Vec<(&'static str, &str)> {
    found(text, parse_patch(SourceId(0), text, 0))
}

/// Each block's id, heading and body, nested ones included.
fn outline(blocks: &[Block]) -> Vec<(&str, &str, &str)> {
    let row = |block: &Block| {
        // Leaks a few bytes of a test's text, which keeps the expectations readable.
        let leak = |text: &Arc<str>| -> &'static str { Box::leak(text.to_string().into_boxed_str()) };
        let heading = block.heading.as_ref().map_or("", |heading| leak(&heading.text.value));
        (leak(&block.id.value), heading, leak(&block.body.value))
    };
    blocks.iter().flat_map(Block::walk).map(row).map(|(id, heading, body)| (id as _, heading as _, body as _)).collect()
}

/// The blocks' spans follow each other without a gap, and so do the nested ones in each.
fn assert_tiles(text: &str, blocks: &[Block], end: Option<u32>) {
    for pair in blocks.windows(2) {
        assert_eq!(pair[0].span.end, pair[1].span.start, "{text}");
    }
    if let (Some(end), Some(last)) = (end, blocks.last()) {
        assert_eq!(last.span.end, end, "{text}");
    }
    for block in blocks {
        assert_eq!(&*block.body.value, &text[block.body.span.start as usize..block.body.span.end as usize]);
        if let Some(first) = block.blocks.first() {
            assert_eq!(block.body.span.end, first.span.start, "{text}");
        }
        let behind = block.blocks.last().map_or(block.body.span.end, |last| last.span.end);
        let rest = text[behind as usize..block.span.end as usize].trim();
        assert!(rest.is_empty() || (rest.starts_with("<!-- /") && rest.ends_with("-->")), "{text}\nleft: {rest}");
        assert_tiles(text, &block.blocks, None);
    }
}

#[test]
fn a_document_is_front_matter_and_blocks() {
    let text = "---\ntitle: Recall\n---\n\n<!-- block: hero .dark -->\n# Hello\n\nText.\n<!-- /block -->\n\n\
                ## Pains *now* {#pains .cards .wide}\n\nIntro.\n\n### One {#pains/one}\nFirst.\n\n### Two {#pains/two}\n\
                Second.\n#### Deeper\nmore\n\n## Offer {#offer}\n";
    let document = read(text);
    let front = document.front.unwrap();
    assert_eq!(&**front.value.get("title").unwrap().as_text().unwrap(), "Recall");
    assert_eq!(&text[front.span.start as usize..front.span.end as usize], "title: Recall\n");
    assert_eq!(
        outline(&document.blocks),
        [
            ("hero", "", "# Hello\n\nText.\n"),
            ("pains", "Pains *now*", "\nIntro.\n\n"),
            ("pains/one", "One", "First.\n\n"),
            ("pains/two", "Two", "Second.\n#### Deeper\nmore\n\n"),
            ("offer", "Offer", ""),
        ]
    );
    assert_eq!(document.blocks[0].classes, [Arc::from("dark")]);
    assert_eq!(document.blocks[1].classes, [Arc::from("cards"), Arc::from("wide")]);
    assert_eq!(document.blocks[1].heading.as_ref().unwrap().level, 2);
    assert_tiles(text, &document.blocks, Some(text.len() as u32));
}

#[test]
fn crlf_and_offsets_keep_places_right() {
    let text = "---\r\na: b\r\n---\r\n## Ünder {#x}\r\n\r\nbody\r\n<!-- block: y -->\r\nz\r\n<!-- /block -->\r\n";
    let document = parse(SourceId(1), text, 10).unwrap();
    assert_eq!(outline(&document.blocks), [("x", "Ünder", "\r\nbody\r\n"), ("y", "", "z\r\n")]);
    let id = document.blocks[0].id.span;
    assert_eq!(&text[id.start as usize - 10..id.end as usize - 10], "x");
    assert_eq!(id.source, SourceId(1));
}

#[test]
fn code_quotes_and_lists_hold_no_blocks() {
    let text = "## A {#a}\n```md\n## B {#b}\n<!-- /block -->\n```\n> ## C {#c}\n\n- ## D {#d}\n\n    ## E {#e}\n\n`<!-- block: f -->`\n";
    assert_eq!(outline(&read(text).blocks).len(), 1);
}

#[test]
fn a_mark_lies_where_its_id_says() {
    let text = "## A {#a}\n<!-- block: a/x -->\nin\n<!-- /block -->\n<!-- block: b -->\nout\n<!-- /block: b -->\n";
    let document = read(text);
    assert_eq!(outline(&document.blocks), [("a", "A", ""), ("a/x", "", "in\n"), ("b", "", "out\n")]);
    assert_tiles(text, &document.blocks, Some(text.len() as u32));
}

#[test]
fn setext_headings_and_variables_work_in_headings() {
    let text = "For {{ product.name }} {#a}\n===\nx\n\n## by {{ vendor.name }}\ny\n";
    assert_eq!(outline(&read(text).blocks), [("a", "For {{ product.name }}", "x\n\n## by {{ vendor.name }}\ny\n")]);
}

#[test]
fn loose_text_is_refused_with_its_place() {
    assert_eq!(wrong("Hello\nyou\n## A {#a}\n"), [("E-LOOSE", "Hello")]);
    assert_eq!(wrong("## A {#a}\n### B {#a/b}\n### C\ntext\n"), [("E-LOOSE", "### C")]);
    assert_eq!(wrong("## A {#a}\n## C\ntext\n## D\nx\n"), [("E-LOOSE", "## C")]);
    assert_eq!(wrong("<!-- block: a -->\n<!-- /block -->\nbehind\n"), [("E-LOOSE", "behind")]);
    assert_eq!(
        wrong("<!-- block: a -->\n<!-- block: a/b -->\n<!-- /block -->\nbehind\n<!-- /block -->\n"),
        [("E-LOOSE", "behind")]
    );
    assert_eq!(wrong("[x]: https://a.example\n\n## A {#a}\n"), [("E-LOOSE", "[x]: https://a.example")]);
    read("<!-- a word to the reader -->\n## A {#a}\n");
}

#[test]
fn ids_are_checked() {
    assert_eq!(wrong("## A {#a}\n## B {#a}\n"), [("E-DUPID", "a")]);
    assert_eq!(wrong("## A {#a}\n### B {#b}\n"), [("E-BLOCKID", "b")]);
    assert_eq!(wrong("## A {#a/b}\n"), [("E-BLOCKID", "a/b")]);
    assert_eq!(wrong("## A {#a/b}\n## C {#a/c}\n## D {#d/e}\n"), [("E-BLOCKID", "a/b"), ("E-BLOCKID", "d/e")]);
    assert_eq!(wrong("## A\n### B {#a/b}\n### C {#a/c}\n"), [("E-LOOSE", "## A")]);
    assert_eq!(wrong("## A {#a}\n## B {#a/b}\n## C {#a/c}\n"), [("E-BLOCKID", "a/b"), ("E-BLOCKID", "a/c")]);
    assert_eq!(wrong("## A {#Große}\n"), [("E-BLOCKID", "Große")]);
    assert_eq!(wrong("<!-- block: a//b -->\n<!-- /block -->\n")[0], ("E-BLOCKID", "a//b"));
    assert_eq!(wrong("## A {#a} ##\n")[0], ("E-BLOCKID", "## A {#a} ##"));
    assert_eq!(wrong("## A {#a lang=x}\n"), [("E-BLOCKID", "## A {#a lang=x}")]);
}

#[test]
fn marks_are_checked() {
    assert_eq!(wrong("<!-- block: a -->\ntext\n"), [("E-UNCLOSED", "<!-- block: a -->")]);
    assert_eq!(wrong("## A {#a}\n<!-- /block -->\n"), [("E-UNCLOSED", "<!-- /block -->")]);
    assert_eq!(wrong("<!-- block: a -->\n<!-- /block: b -->\n"), [("E-UNCLOSED", "b")]);
    assert_eq!(wrong("<!-- blok: a -->\n"), [("E-BLOCKOP", "<!-- blok: a -->")]);
    assert_eq!(wrong("<!-- block: -->\n"), [("E-BLOCKOP", "<!-- block: -->")]);
    assert_eq!(wrong("## A {#a}\n<!-- remove: b -->\n"), [("E-BLOCKOP", "<!-- remove: b -->")]);
    assert_eq!(wrong("## A {#a}\n- x\n\n  <!-- block: b -->\n"), [("E-BLOCKOP", "<!-- block: b -->")]);
    assert_eq!(wrong("## A {#a}\nx <!-- block: b -->\n"), [("E-BLOCKOP", "<!-- block: b -->")]);
    assert_eq!(wrong("## A {#a}\n<!-- open\n## B {#b}\n"), [("E-UNCLOSED", "<!-- open")]);
    read("## A {#a}\n<!-- note: see legal -->\n<!--\nblock: x\n-->\n<!-- aside -->\n");
}

#[test]
fn front_matter_is_checked() {
    assert_eq!(wrong("---\na: b\n"), [("E-FRONT", "---")]);
    assert_eq!(wrong("---\n- a\n---\n"), [("E-FRONT", "- a")]);
    assert_eq!(wrong("---\na: 1\na: 2\n---\nloose\n"), [("E-DUPKEY", "a"), ("E-LOOSE", "loose")]);
    assert_eq!(read("---\n---\n## A {#a}\n").front.unwrap().value.entries.len(), 0);
    assert!(read("## A {#a}\n---\n").front.is_none());
}

#[test]
fn an_overlay_is_a_list_of_operations() {
    let text = "---\ntitle: New\n---\n<!-- replace: hero .dark -->\n# Ours\n\nText.\n<!-- /replace -->\n\n\
                <!-- replace-body: pains -->\nBody.\n### One {#pains/one}\nx\n\
                <!-- append: faq -->\nmore\n<!-- insert: ours after proof -->\n## Ours {#ours}\ny\n\
                <!-- remove: spotlight -->\n<!-- move: form before faq -->\n<!-- inherit: offer master -->\n\
                <!-- choose: proof proof-cost -->\n## Plain {#plain}\nz\n### Card {#plain/card}\nc\n\
                <!-- block: marked -->\nm\n<!-- /block -->\n<!-- prepend: faq -->\nless\n<!-- insert: end last -->\n";
    let patch = read_patch(text);
    assert!(patch.front.is_some());
    let shown: Vec<_> = patch.operations.iter().map(|op| (op.kind.name(), &*op.id.value)).collect();
    assert_eq!(
        shown,
        [
            ("replace", "hero"),
            ("replace-body", "pains"),
            ("append", "faq"),
            ("insert", "ours"),
            ("remove", "spotlight"),
            ("move", "form"),
            ("inherit", "offer"),
            ("choose", "proof"),
            ("replace", "plain"),
            ("replace", "marked"),
            ("prepend", "faq"),
            ("insert", "end"),
        ]
    );
    let block = |at: usize| outline(std::slice::from_ref(patch.operations[at].block.as_ref().unwrap()));
    assert_eq!(block(0), [("hero", "Ours", "\nText.\n")]);
    assert_eq!(block(1), [("pains", "", "Body.\n"), ("pains/one", "One", "x\n")]);
    assert_eq!(block(2), [("faq", "", "more\n")]);
    assert_eq!(block(3), [("ours", "Ours", "y\n")]);
    assert_eq!(block(8), [("plain", "Plain", "z\n"), ("plain/card", "Card", "c\n")]);
    assert_eq!(block(9), [("marked", "", "m\n")]);
    assert_eq!(block(11), [("end", "", "")]);
    assert!(patch.operations[4].block.is_none());
    let OperationKind::Insert(Place::After(anchor)) = &patch.operations[3].kind else { panic!("no place") };
    assert_eq!(&*anchor.value, "proof");
    let mark = patch.operations[3].mark;
    assert_eq!(&text[mark.start as usize..mark.end as usize], "<!-- insert: ours after proof -->");
}

#[test]
fn an_overlay_may_replace_a_nested_block() {
    let patch = read_patch("### First {#pains/downtime}\ntext\n");
    assert_eq!(&*patch.operations[0].id.value, "pains/downtime");
}

/// The overlay under the key `text`, with its file.
fn embedded(file: &str) -> Result<Patch, Diagnostics> {
    let root = crate::syntax::yaml::parse(SourceId(0), file, 0).unwrap();
    parse_patch_in(file, root.as_map().unwrap().get("text").unwrap())
}

#[test]
fn an_overlay_inside_yaml_keeps_its_places() {
    for ending in ["\n", "\r\n"] {
        let file =
            "id: é\ntext: |\n  ---\n  title: Ours\n  ---\n  <!-- replace: hero -->\n  ## Hi {#hero}\n\n    é\n\nx: 1\n"
                .replace('\n', ending);
        let patch = embedded(&file).unwrap();
        let shown = |span: Span| &file[span.start as usize..span.end as usize];
        let operation = &patch.operations[0];
        let block = operation.block.as_ref().unwrap();
        assert_eq!(shown(operation.mark), "<!-- replace: hero -->");
        assert_eq!(shown(block.heading.as_ref().unwrap().text.span), "Hi");
        assert!(shown(block.body.span).trim_end().ends_with('é'));
        assert_eq!(shown(patch.front.unwrap().value.get("title").unwrap().span), "Ours");
    }
    let folded = "text: >\n  <!-- remove: hero -->\n\n  loose\n";
    assert_eq!(found(folded, embedded(folded)), [("E-LOOSE", ">\n  <!-- remove: hero -->\n\n  loose")]);
    let literal = "text: |2\n    <!-- x -->\n   é loose\n\n  \n";
    assert_eq!(found(literal, embedded(literal)), [("E-LOOSE", "é loose")]);
}

#[test]
fn overlays_are_checked() {
    assert_eq!(wrong_patch("Hello\n<!-- remove: a -->\nloose\n"), [("E-LOOSE", "Hello"), ("E-LOOSE", "loose")]);
    assert_eq!(wrong_patch("## A\ntext\n"), [("E-LOOSE", "## A")]);
    assert_eq!(wrong_patch("<!-- insert: a -->\n"), [("E-BLOCKOP", "<!-- insert: a -->")]);
    assert_eq!(wrong_patch("<!-- insert: a behind b -->\n"), [("E-BLOCKOP", "<!-- insert: a behind b -->")]);
    assert_eq!(wrong_patch("<!-- repalce: a -->\n"), [("E-BLOCKOP", "<!-- repalce: a -->")]);
    assert_eq!(wrong_patch("<!-- replace: a -->\n<!-- /append -->\n"), [("E-UNCLOSED", "<!-- /append -->")]);
    assert_eq!(wrong_patch("<!-- replace: a -->\n<!-- /block -->\n"), [("E-UNCLOSED", "<!-- /block -->")]);
    assert_eq!(wrong_patch("<!-- block: a -->\nx\n"), [("E-UNCLOSED", "<!-- block: a -->")]);
    assert_eq!(wrong_patch("<!-- remove: a -->\n<!-- replace: a -->\n"), [("E-DUPID", "a")]);
    assert_eq!(wrong_patch("## A {#a}\n### B {#b}\n"), [("E-BLOCKID", "b")]);
    assert_eq!(
        wrong_patch("<!-- block: a -->\n<!-- remove: b -->\n<!-- /block -->\n"),
        [("E-BLOCKOP", "<!-- remove: b -->")]
    );
    read_patch("<!-- append: a -->\nx\n<!-- prepend: a -->\ny\n<!-- move: a first -->\n<!-- a comment -->\n");
}

#[test]
fn deep_nesting_is_refused() {
    let ids = |depth: usize| vec!["a"; depth].join("/");
    let text: String = (1..=MAX_DEPTH + 1).map(|depth| format!("<!-- block: {} -->\n", ids(depth))).collect();
    let text = text + &"<!-- /block -->\n".repeat(MAX_DEPTH + 1);
    assert_eq!(wrong(&text), [("E-DEPTH", &*ids(MAX_DEPTH + 1))]);
}

/// Lines that stress the splitting: headings, marks, fences, lists, raw HTML.
fn line() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "",
        "text",
        "```",
        "~~~",
        "> quote",
        "- item",
        "    code",
        "===",
        "---",
        "# idless",
        "<div>",
        "</div>",
        "<!-- comment -->",
        "<!--",
        "-->",
        "<!-- /block -->",
        "<!-- /replace -->",
        "<!-- replace: a -->",
        "<!-- append: b -->",
        "<!-- remove: c -->",
        "<!-- insert: d after a -->",
        "[ref]: https://a.example",
        "| a | b |",
        "|---|---|",
    ]);
    let id = prop::sample::select(vec!["a", "b", "c", "a/b", "a/c", "b/a", "a/b/c", "É", "ü/b"]);
    let heading = (1..4usize, id.clone()).prop_map(|(level, id)| format!("{} Ü {{#{id}}}", "#".repeat(level)));
    let mark = id.prop_map(|id| format!("<!-- block: {id} -->"));
    prop_oneof![3 => fixed.prop_map(str::to_owned), 2 => heading, 1 => mark]
}

fn page() -> impl Strategy<Value = String> {
    let ending = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (prop::collection::vec(line(), 0..14), ending).prop_map(|(lines, ending)| lines.join(ending))
}

/// A block as it is going to be written.
#[derive(Clone, Debug)]
struct Draft {
    marked: bool,
    body: Vec<&'static str>,
    nested: Vec<Draft>,
}

/// Bodies that look like blocks but are none.
fn body() -> impl Strategy<Value = Vec<&'static str>> {
    let part = prop::sample::select(vec![
        "plain é",
        "",
        "```md\n## no {#no}\n<!-- /block -->\n```",
        "~~~\n# no {#no}\n~~~",
        "> ## no {#no}",
        "- item\n\n  ## no {#no}",
        "<!-- a comment -->",
        "<!--\nblock: no\n-->",
        "| a | b |\n|---|---|\n| ## c {#c} | d |",
        "`<!-- block: no -->`",
        "####### no {#no}",
        "\\## no",
        "<div>\n## no {#no}\n</div>\n",
    ]);
    prop::collection::vec(part, 0..4)
}

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let leaf = (any::<bool>(), body()).prop_map(|(marked, body)| Draft { marked, body, nested: Vec::new() });
    let draft = leaf.prop_recursive(3, 24, 4, |inner| {
        let nested = prop::collection::vec(inner, 0..4);
        (any::<bool>(), body(), nested).prop_map(|(marked, body, nested)| Draft { marked, body, nested })
    });
    prop::collection::vec(draft, 1..5)
}

/// Writes the drafts; notes each block's id and body.
fn write(drafts: &[Draft], parent: &str, level: usize, text: &mut String, expected: &mut Vec<(String, String)>) {
    for (number, draft) in drafts.iter().enumerate() {
        let id = if parent.is_empty() { format!("b{number}") } else { format!("{parent}/b{number}") };
        let body: String = draft.body.iter().map(|part| format!("{part}\n")).collect();
        match draft.marked {
            true => text.push_str(&format!("<!-- block: {id} -->\n{body}")),
            false => text.push_str(&format!("{} Ü *b* {{#{id}}}\n{body}", "#".repeat(level))),
        }
        expected.push((id.clone(), body));
        write(&draft.nested, &id, level + 1, text, expected);
        if draft.marked {
            text.push_str("<!-- /block -->\n\n");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_written_is_read(drafts in drafts()) {
        let (mut text, mut expected) = (String::new(), Vec::new());
        write(&drafts, "", 1, &mut text, &mut expected);
        let document = parse(SourceId(0), &text, 0);
        prop_assert!(document.is_ok(), "{}\n{:?}", text, document);
        let blocks = document.map(|document| document.blocks).unwrap_or_default();
        let found: Vec<_> =
            blocks.iter().flat_map(Block::walk).map(|b| (b.id.value.to_string(), b.body.value.to_string())).collect();
        prop_assert_eq!(found, expected, "{}", text);
        assert_tiles(&text, &blocks, Some(text.len() as u32));
        let patch = parse_patch(SourceId(0), &text, 0);
        prop_assert_eq!(patch.map(|patch| patch.operations.len()), Ok(drafts.len()));
    }

    #[test]
    fn split_and_joined_is_the_same(text in page()) {
        if let Ok(document) = parse(SourceId(0), &text, 0) {
            assert_tiles(&text, &document.blocks, Some(text.len() as u32));
            let before = document.blocks.first().map_or(text.len(), |block| block.span.start as usize);
            let before = if document.front.is_some() { "" } else { &text[..before] };
            let page = Page { source: SourceId(0), text: before, base: 0 };
            prop_assert_eq!(page.loose_text(0..before.len()), None);
        }
    }

    #[test]
    fn an_overlay_loses_nothing(text in page()) {
        let result = parse_patch(SourceId(0), &text, 0);
        let Ok(patch) = result else { return Ok(()) };
        for pair in patch.operations.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        for operation in &patch.operations {
            prop_assert_eq!(operation.block.is_some(), operation.kind.has_content());
            if let Some(block) = &operation.block {
                prop_assert_eq!(&block.id.value, &operation.id.value);
                assert_tiles(&text, &block.blocks, None);
            }
        }
    }

    #[test]
    fn places_inside_yaml_are_places(text in page(), keep in prop::sample::select(vec!["|2", "|2+", ">2", ">2-"])) {
        let lines: String = text.lines().map(|line| format!("  {line}\n")).collect();
        let file = format!("text: {keep}\n{lines}\nnext: é\n");
        // A carriage return that stands alone ends a line for YAML; such a file may be no map.
        let Ok(root) = crate::syntax::yaml::parse(SourceId(0), &file, 0) else { return Ok(()) };
        let Some(scalar) = root.as_map().and_then(|map| map.get("text")) else { return Ok(()) };
        let spans: Vec<Span> = match parse_patch_in(&file, scalar) {
            Ok(patch) => patch.operations.iter().flat_map(|operation| [operation.mark, operation.span]).collect(),
            Err(problems) => problems.iter().flat_map(|p| p.place.iter().chain(&p.others).map(|l| l.span)).collect(),
        };
        for span in spans {
            prop_assert!(file.get(span.start as usize..span.end as usize).is_some(), "{:?} of {:?}", span, file);
        }
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in "(?s)[#{}<!a\\-/ :>\n\r`\"é🦀]{0,60}|\\PC{0,40}") {
        for problems in [parse(SourceId(0), &text, 0).err(), parse_patch(SourceId(0), &text, 0).err()] {
            for label in problems.iter().flat_map(Diagnostics::iter).flat_map(|p| p.place.iter().chain(&p.others)) {
                prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some());
            }
        }
    }
}
