//! In which encoding a file is read. Whoever takes it for another one than UTF-8 finds other tags and addresses in it than
//! were looked at: in ISO-2022-JP the letters behind a control character are signs of Japanese, and no markup.

use std::ops::Range;

use super::Hazard;

/// How UTF-8 is named.
const NAMES: [&str; 2] = ["utf-8", "utf8"];

/// The tag in which a page tells its encoding.
const TELLS: &[u8] = b"<meta";

/// Whether a name that a file gives to its encoding is that of UTF-8, or none.
pub fn is_utf8(name: &str) -> bool {
    let name = name.trim_ascii();
    name.is_empty() || NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// What is wrong with a file that names another encoding.
pub fn told(name: &str) -> String {
    format!("no UTF-8, by its own words: it is encoded in `{}`", name.trim_ascii())
}

pub fn other(name: &str) -> Hazard {
    Hazard::Unread(told(name))
}

/// The name of the encoding that a document of XML says it has, if it is not UTF-8.
pub fn of_xml(text: &str) -> Option<Range<usize>> {
    const MARK: &str = "encoding";
    let declaration = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(inside, _)| inside)?;
    declaration.match_indices(MARK).find_map(|(at, _)| {
        let value = declaration.get(at + MARK.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let name = value.get(1..)?.split(quote).next()?;
        let start = "<?xml".len() + declaration.len() - value.len() + 1;
        (!name.eq_ignore_ascii_case(NAMES[0])).then(|| start..start + name.len())
    })
}

/// Why a page is not sure to be read as UTF-8, and where that stands.
pub fn of_page(text: &[u8]) -> Option<(usize, Hazard)> {
    let told = || tags(text).find_map(|at| Some((at, other(&named(text.get(at + TELLS.len()..)?)?))));
    of_bytes(text).or_else(|| instruction(text)).or_else(told)
}

/// The same of a style sheet, which tells its encoding in its first bytes.
pub fn of_style(text: &[u8]) -> Option<(usize, Hazard)> {
    const MARK: &[u8] = b"@charset \"";
    let told = || {
        let (start, rest) = text.split_at_checked(MARK.len())?;
        let name = rest.split(|byte| *byte == b'"').next().filter(|_| start.eq_ignore_ascii_case(MARK))?;
        let name = String::from_utf8_lossy(name);
        (!is_utf8(&name)).then(|| (0, other(&name)))
    };
    of_bytes(text).or_else(told)
}

/// Bytes by which programs guess that a text is encoded otherwise, whatever it says.
fn of_bytes(text: &[u8]) -> Option<(usize, Hazard)> {
    const ESCAPE: u8 = 0x1b;
    let unread = |at, why: &str| (at, Hazard::Unread(why.to_owned()));
    if let Some(at) = memchr::memchr2(ESCAPE, 0, text) {
        return Some(unread(at, "not read alike by everybody: a control character in it belongs to another encoding"));
    }
    std::str::from_utf8(text).err().map(|error| unread(error.valid_up_to(), "no UTF-8"))
}

/// What XML begins with counts in a page too.
fn instruction(text: &[u8]) -> Option<(usize, Hazard)> {
    let text = std::str::from_utf8(text).ok()?;
    let at = of_xml(text)?;
    Some((at.start, other(text.get(at.clone())?)))
}

/// Where tags stand that may tell it. Browsers look for them before they know what is text: in a title, a script, a
/// comment that others end elsewhere.
fn tags(text: &[u8]) -> impl Iterator<Item = usize> {
    let tells = |&at: &usize| {
        let tag = text.get(at..).and_then(|rest| rest.split_at_checked(TELLS.len()));
        tag.is_some_and(|(name, rest)| {
            name.eq_ignore_ascii_case(TELLS)
                && rest.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
        })
    };
    memchr::memchr_iter(b'<', text).filter(tells)
}

/// The other encoding that a tag names, from the first of its attributes on.
fn named(tag: &[u8]) -> Option<String> {
    let mut found = None;
    let mut content = None;
    let mut is_type = false;
    let mut attributes = Attributes(tag);
    while let Some((name, value)) = attributes.next() {
        match &*name.to_ascii_lowercase() {
            b"charset" => found = Some(String::from_utf8_lossy(value).into_owned()),
            b"content" => content = within(&String::from_utf8_lossy(value)),
            b"http-equiv" => is_type = value.trim_ascii().eq_ignore_ascii_case(b"content-type"),
            _ => {}
        }
    }
    found.or(content.filter(|_| is_type)).filter(|name| !is_utf8(name))
}

/// The encoding that the type of a content names: `text/html; charset=utf-8`.
pub fn within(content: &str) -> Option<String> {
    const MARK: &str = "charset";
    let lower = content.to_ascii_lowercase();
    let mut rests = lower.match_indices(MARK).filter_map(|(at, _)| content.get(at + MARK.len()..));
    let value = rests.find_map(|rest| rest.trim_ascii_start().strip_prefix('='))?.trim_ascii_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let name = match quote {
        Some(quote) => value.get(1..)?.split(quote).next(),
        None => value.split(|c: char| c.is_ascii_whitespace() || c == ';').next(),
    };
    name.map(str::to_owned)
}

/// The attributes of a tag as browsers read them before they know the encoding: nothing stands for anything else.
struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    fn next(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.take(|byte| byte.is_ascii_whitespace() || byte == b'/');
        if matches!(self.0.first(), None | Some(b'>')) {
            return None;
        }
        // What begins with `=` is a name all the same.
        let length = 1 + position(self.0.get(1..)?, |byte| byte.is_ascii_whitespace() || b"=/>".contains(&byte));
        let (name, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        self.take(|byte| byte.is_ascii_whitespace());
        let Some(rest) = self.0.strip_prefix(b"=") else { return Some((name, b"")) };
        self.0 = rest;
        self.take(|byte| byte.is_ascii_whitespace());
        let value = match self.0 {
            [quote @ (b'"' | b'\''), rest @ ..] => {
                let (value, behind) = rest.split_at_checked(position(rest, |byte| byte == *quote))?;
                self.0 = behind.get(1..).unwrap_or_default();
                value
            }
            rest => {
                let (value, behind) =
                    rest.split_at_checked(position(rest, |byte| byte.is_ascii_whitespace() || byte == b'>'))?;
                self.0 = behind;
                value
            }
        };
        Some((name, value))
    }

    fn take(&mut self, is_taken: impl Fn(u8) -> bool) {
        self.0 = self.0.get(position(self.0, |byte| !is_taken(byte))..).unwrap_or_default();
    }
}

/// Where the first such byte stands, or the end.
fn position(text: &[u8], is_it: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| is_it(byte)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use crate::html::Page;

    #[test]
    fn a_page_in_another_encoding_is_refused() {
        for text in [
            "<meta charset=iso-2022-jp>",
            "<META CharSet = 'Shift_JIS'>",
            "<meta/charset=gbk>",
            "<meta name=\">\" charset=\"euc-jp\">",
            "<meta charset=utf-8><p><meta charset=big5>",
            "<meta charset=&#117;tf-7>",
            "<meta http-equiv=content-type content='text/html; charset=iso-8859-1'>",
            "<meta content=\"text/html;CHARSET = 'utf-16'\" http-equiv=Content-Type>",
            "<meta http-equiv='content&#45;type' content='text/html; ch&#97;rset=gbk'>",
            "<title><meta charset=gbk></title>",
            "<script>'<meta charset=gbk>'</script>",
            "<!-- --!><meta charset=gbk> -->",
            "<svg><![CDATA[><meta charset=gbk>]]></svg>",
            "<?xml version='1.0' encoding='gbk'?><p>",
            "<link rel=stylesheet href=a.css charset=gbk>",
            "<p>\u{1b}$B<!--x\u{1b}(B<a href=a>x</a>-->",
            "<p>\0",
        ] {
            for read in [Page::read, Page::of_email] {
                assert!(!read(text.as_bytes()).hazards.is_empty(), "{text}");
            }
        }
        assert!(!Page::read(b"<p>\xff\xfe<").hazards.is_empty());
    }

    #[test]
    fn a_page_in_utf8_is_fine() {
        for text in [
            "<meta charset=utf-8>",
            "<meta charset=' UTF8 '>",
            "<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=\"UTF-8\"'>",
            "<meta http-equiv=content-type content=text/html>",
            "<meta http-equiv=refresh content='0;url=a?charset=gbk'>",
            "<meta name=description content='What charset=gbk means'>",
            "<metal http-equiv=content-type content='a; charset=gbk'>",
            "<form accept-charset=gbk action=a>",
            "<?xml version='1.0' encoding='UTF-8'?><p>",
            "<meta charset>",
            "<meta",
        ] {
            assert_eq!(Page::read(text.as_bytes()).hazards, [], "{text}");
        }
    }

    #[test]
    fn so_is_a_style_sheet() {
        let hazards = |text: &str| Page::of_style(text.as_bytes()).hazards.len();
        for text in ["@charset \"iso-2022-jp\";", "@CHARSET \"gbk\";", "a{}\u{1b}", "a{b:'\0'}"] {
            assert_eq!(hazards(text), 1, "{text}");
        }
        for text in ["@charset \"utf-8\";a{}", "@charset 'gbk';", " @charset \"gbk\";", "a{}"] {
            assert_eq!(hazards(text), 0, "{text}");
        }
        assert!(!Page::of_style(b"\xff\xfeu\0r\0l\0(\0").hazards.is_empty());
    }
}
