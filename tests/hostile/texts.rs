//! Texts that mean something to some reader. `ID` is the mark of the field that holds it, `LONG` some lines of any
//! format, and `HUGE` more than a value may hold.

/// How many of the first are tried each time.
pub const SHORT: usize = 3;

/// A text of the table as a field holds it.
pub fn filled(text: &str, mark: &str) -> String {
    text.replace("ID", mark).replace("LONG", &"ü🦀x ".repeat(50)).replace("HUGE", &"x".repeat(70_000))
}

pub const TEXTS: &[(&str, &str)] = &[
    (
        "all in one",
        "=1+1;\t@x</script></style>--><img src=x onerror=alert(1)>\"'` &lt; ]]> =?utf-8?Q?=0ABcc:_ID?= \\n ID",
    ),
    ("lines of a header", "ID\r\nBcc: eve@other.example\r\n\r\n<b>body</b>"),
    ("signs of the program", "\u{FDD0}\u{FDD4}\u{FDD3}ID\u{FDD1}"),
    ("markup", "</script></style></title></textarea>--><img src=x onerror=alert(1)><b>ID</b>"),
    ("ends of attributes", "ID\" autofocus onfocus='alert(1)' x=\"' y=` z"),
    ("entities", "ID &lt;b&gt; &amp;amp; &#60;i&#62; &notit;"),
    ("sections of XML", "]]><![CDATA[ID]]><!DOCTYPE x [<!ENTITY e 'x'>]>&e;<?x?>"),
    ("lines of a text", "ID\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:x"),
    ("an encoded word", "=?utf-8?Q?ID=0D=0ABcc:_eve@other.example?="),
    ("an address list", "ID <eve@other.example>, \"x\" <eve@other.example>;"),
    ("a formula", "=cmd|' /C calc'!A0 ID"),
    ("a formula behind a sign", "ID;=1+1\t@SUM(1),-2+3"),
    ("a formula in another width", "＝ID"),
    ("a formula behind blanks", ";\u{a0} +ID"),
    ("quotes", "\"ID\"\"; 'x' \\\" \\' \\n \\\\"),
    ("a calendar", "ID\\n\\,\\;:\"^n^' X=Y;Z:"),
    ("an expression", "{{ ID }}"),
    ("an escaped expression", "\\{{ ID }}"),
    ("a statement", "{% include 'ID' %}"),
    ("a remark of a template", "{# ID #}"),
    ("tokens of Mailchimp", "*|ID|*"),
    ("tokens of Marketing Cloud", "%%ID%%"),
    ("tokens of Salesforce", "{!ID}"),
    ("tokens of Eloqua", "${ID}"),
    ("tokens of Brevo", "[[ID]]"),
    ("tokens of ActiveCampaign", "%FIRSTNAME% ID"),
    ("code of a server", "<%= ID %>"),
    ("half a token", "*|ID %% [[ ${"),
    ("a path", "../../ID/../etc/passwd"),
    ("a path of another system", "C:\\ID\\NUL"),
    ("an address that runs", "javascript:alert('ID')"),
    ("an address", "https://other.example/?ID&utm_source=x#y"),
    ("Markdown", "[ID](https://other.example) ![x](asset:y) <!-- block: ID --> # x {#ID}"),
    ("YAML", "ID: [x, {y: *z}] # - & ! | > %"),
    ("a script", "ID\u{2028}alert(1)\u{2029}"),
    ("a mark of the program", "<!-- entries -->ID Written by `cobrand policy`"),
    ("turned text", "ID \u{202E}gnp.exe\u{202C} \u{2067}x"),
    ("isolates and joiners", "\u{2067}ID\u{2069} می\u{200C}خواهم 👩\u{200D}💻"),
    ("signs of a terminal", "ID\u{1b}[2J\u{9b}1m\u{7}"),
    ("nothing", ""),
    ("blanks", "   "),
    ("a number", "1e309"),
    ("a word of YAML", "null"),
    (
        "elements that load",
        concat!(
            "<svg onload=alert(1)><iframe srcdoc='<script>alert(1)</script>'></iframe><link rel=stylesheet href=//other.example>",
            "<meta http-equiv=refresh content=0;url=//other.example><object data=//other.example></object><base href=//other.example>ID"
        ),
    ),
    (
        "a style",
        "red;background:url(//other.example/ID)}*{color:expression(alert(1))}@import '//other.example';</style>",
    ),
    ("many lines of any format", "LONGID"),
    ("more than any value holds", "ID HUGE"),
    (
        "the longest",
        concat!(
            "ID ",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ü"
        ),
    ),
];
