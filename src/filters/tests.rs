use super::*;

fn run(name: &str, value: impl Into<Data>, arguments: &[Data], locale: &str) -> Result<String, String> {
    let arguments: Vec<_> = arguments.iter().cloned().map(Some).collect();
    let result = find(name).unwrap().apply(&value.into(), &arguments, locale)?;
    Ok(print(&result).unwrap().into_owned())
}

fn ok(name: &str, value: impl Into<Data>, arguments: &[Data], locale: &str) -> String {
    run(name, value, arguments, locale).unwrap()
}

#[test]
fn the_table_is_sorted_and_its_names_are_unique() {
    assert!(FILTERS.is_sorted_by(|a, b| a.name < b.name));
}

#[test]
fn dates_follow_the_locale() {
    let date = |style: &str, locale| ok("date", "2026-11-16", &[style.into()], locale);
    assert_eq!(date("long", "en-US"), "November 16, 2026");
    assert_eq!(date("full", "en-GB"), "Monday, 16 November 2026");
    assert_eq!(date("medium", "de-DE"), "16.11.2026");
    assert_eq!(date("long", "de-DE"), "16. November 2026");
    assert_eq!(date("long", "fr-FR"), "16 novembre 2026");
    assert_eq!(date("long", "pt-BR"), "16 de novembro de 2026");
    assert_eq!(date("long", "ja-JP"), "2026年11月16日");
    assert_eq!(date("short", "en-US"), "11/16/2026");
    assert_eq!(date("iso", "ja-JP"), "2026-11-16");
    assert_eq!(ok("date", "2026-11-16T09:30:00", &["iso".into()], "en-US"), "2026-11-16");
    assert!(date("long", "ar-AE").contains("نوفمبر"));
    assert!(run("date", "soon", &[], "en-US").unwrap_err().contains("no date"));
    assert!(run("date", "2026-11-16", &["tiny".into()], "en-US").unwrap_err().contains("no date style"));
}

#[test]
fn numbers_follow_the_locale() {
    let number = |value: Data, locale| ok("number", value, &[], locale);
    assert_eq!(number(1_234_567.into(), "en-US"), "1,234,567");
    assert_eq!(number(Data::Float(1234.5), "de-DE"), "1.234,5");
    assert_eq!(number(1_234_567.into(), "fr-FR"), "1\u{202f}234\u{202f}567");
    assert_eq!(number("1250".into(), "pt-BR"), "1.250");
    assert_eq!(ok("number", Data::Float(2.345), &[2.into()], "en-GB"), "2.34");
    assert_eq!(ok("number", 2, &[2.into()], "en-GB"), "2.00");
    assert!(run("number", "many", &[], "en-US").is_err());
    assert!(run("number", 1, &[99.into()], "en-US").is_err());
}

#[test]
fn percentages_follow_the_locale() {
    assert_eq!(ok("percent", Data::Float(0.25), &[], "en-US"), "25%");
    assert_eq!(ok("percent", Data::Float(0.125), &[], "de-DE"), "12,5\u{a0}%");
    assert_eq!(ok("percent", 1, &[], "fr-FR"), "100\u{202f}%");
    assert_eq!(ok("percent", Data::Float(0.5), &[1.into()], "ja-JP"), "50.0%");
}

#[test]
fn money_follows_the_locale_and_the_currency() {
    let money = |value: Data, currency: &str, locale| ok("money", value, &[currency.into()], locale);
    assert_eq!(money(1250.into(), "USD", "en-US"), "$1,250");
    assert_eq!(money(1250.into(), "USD", "en-CA"), "US$1,250");
    assert_eq!(money(Data::Float(1250.5), "EUR", "de-DE"), "1.250,50\u{a0}€");
    assert_eq!(money(1250.into(), "EUR", "fr-FR"), "1\u{202f}250\u{a0}€");
    assert_eq!(money(1250.into(), "BRL", "pt-BR"), "R$\u{a0}1.250");
    assert_eq!(money(Data::Float(1250.4), "JPY", "ja-JP"), "¥1,250");
    assert_eq!(money(5000.into(), "AED", "en-GB"), "AED\u{a0}5,000");
    assert_eq!(money((-5).into(), "GBP", "en-GB"), "-£5");
    assert_eq!(money(5000.into(), "CHF", "de-CH"), "CHF\u{a0}5'000");
    assert!(run("money", 1, &["euro".into()], "en-US").is_err());
    assert!(run("money", 1, &[], "en-US").unwrap_err().contains("needs its argument `currency`"));
}

#[test]
fn text_filters_keep_to_the_text() {
    assert_eq!(ok("upper", "straße", &[], "de-DE"), "STRASSE");
    assert_eq!(ok("lower", "AWS Ready", &[], "en-US"), "aws ready");
    assert_eq!(ok("title", "the AWS partner's day-one", &[], "en-US"), "The AWS Partner's Day-One");
    assert_eq!(ok("trim", "  a b\n", &[], "en-US"), "a b");
    assert_eq!(ok("slug", "Über-Größe & Co. №1", &[], "en-US"), "uber-grosse-co-no1");
    assert!(run("slug", "北上", &[], "en-US").is_err());
    assert_eq!(ok("url", "a b/ü?&", &[], "en-US"), "a%20b%2F%C3%BC%3F%26");
    assert_eq!(ok("plain", Data::html("<p>a &lt; <b>b</b>\n<br>c</p>"), &[], "en-US"), "a < b c");
    assert_eq!(ok("default", Data::Null, &["x".into()], "en-US"), "x");
    assert_eq!(ok("default", "", &["x".into()], "en-US"), "");
}

#[test]
fn join_escapes_only_beside_markup() {
    let list = Data::list([Data::from("a<"), Data::Int(1)]);
    assert_eq!(ok("join", list, &[" & ".into()], "en-US"), "a< & 1");
    let list = Data::list([Data::from("a<"), Data::html("<b>x</b>")]);
    assert_eq!(ok("join", list, &[" & ".into()], "en-US"), "a&lt; &amp; <b>x</b>");
    assert!(run("join", "text", &[], "en-US").is_err());
    assert!(run("join", Data::list([Data::Null]), &[], "en-US").is_err());
}

#[test]
fn paragraphs_escape_what_they_hold() {
    let html = ok("paragraphs", "one <b>\r\ntwo\n\n\nthree & four\n", &[], "en-US");
    assert_eq!(html, "<p>one &lt;b&gt;<br>\ntwo</p>\n<p>three &amp; four</p>\n");
}

#[test]
fn json_cannot_leave_a_script_element() {
    let value =
        Data::map([("a", Data::from("</script><!-- 'x' & \"y\"\u{2028}")), ("n", Data::Float(1.5)), ("z", Data::Null)]);
    let json = ok("json", value, &[], "en-US");
    assert!(!json.contains(['<', '>', '&', '\'', '\u{2028}']), "{json}");
    let back: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(back["a"], "</script><!-- 'x' & \"y\"\u{2028}");
    assert_eq!(back["n"], 1.5);
}

#[test]
fn too_many_arguments_are_refused() {
    assert!(run("upper", "a", &["b".into()], "en-US").unwrap_err().contains("takes no argument"));
}
