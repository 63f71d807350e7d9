//! Which attributes are looked at.

use super::Role;

/// How an attribute holds addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    One,
    /// Parted by white space.
    Several,
    /// Candidates with their sizes.
    Candidates,
    Style,
}

/// The name of an attribute that is looked at, to tell it apart from those that are passed over.
pub fn known(name: &[u8]) -> Option<&'static str> {
    let is_alike = |known: &&&str| known.as_bytes().first() == name.first() && known.as_bytes() == name;
    NAMES.get(name.len())?.iter().find(is_alike).copied()
}

/// By their lengths: nearly every name that is asked for is none of them.
const NAMES: [&[&str]; 15] = [
    &[],
    &[],
    &["by", "id", "to"],
    &["src"],
    &["cite", "code", "data", "fill", "from", "href", "mask", "name", "ping", "type"],
    &["style", "value"],
    &[
        "action", "cursor", "dynsrc", "filter", "lowsrc", "marker", "method", "o:href", "poster", "srcdoc", "srcset",
        "stroke", "values",
    ],
    &["althref", "archive", "charset", "classid", "content"],
    &["codebase", "longdesc", "manifest", "property"],
    &["clip-path", "o:althref"],
    &["background", "formaction", "http-equiv", "marker-end", "marker-mid", "xlink:href"],
    &["imagesrcset"],
    &["marker-start"],
    &["attributename"],
    &["attributionsrc"],
];

/// How an attribute of a tag holds addresses, and what becomes of them; `None` if it holds none. Where an attribute
/// means something on one element only, it is looked at everywhere unless others use its name too.
pub fn addresses(tag: &[u8], attribute: &str) -> Option<(Form, Role)> {
    Some(match attribute {
        "href" | "xlink:href" => (Form::One, of_href(tag)),
        "src" if matches!(tag, b"img" | b"image" | b"input" | b"source") || is_of_outlook(tag) => {
            (Form::One, Role::Image)
        }
        // A shape leads there; a picture in it was there once, and may be loaded again.
        "o:href" if matches!(tag, b"v:fill" | b"v:stroke" | b"v:imagedata") => (Form::One, Role::Image),
        "o:href" => (Form::One, Role::Link),
        "althref" | "o:althref" => (Form::One, Role::Image),
        "src" | "codebase" | "classid" => (Form::One, Role::Load),
        "code" if tag == b"applet" => (Form::One, Role::Load),
        "archive" => (Form::Several, Role::Load),
        "data" if tag == b"object" => (Form::One, Role::Load),
        "manifest" if tag == b"html" => (Form::One, Role::Load),
        "srcset" | "imagesrcset" => (Form::Candidates, Role::Image),
        "poster" | "background" | "lowsrc" | "dynsrc" => (Form::One, Role::Image),
        "action" if tag == b"form" => (Form::One, Role::Post),
        "formaction" => (Form::One, Role::Post),
        "ping" | "attributionsrc" => (Form::Several, Role::Post),
        "cite" | "longdesc" => (Form::One, Role::Link),
        "style" | "fill" | "stroke" | "filter" | "mask" | "clip-path" | "cursor" | "marker" | "marker-start"
        | "marker-mid" | "marker-end" => (Form::Style, Role::Image),
        _ => return None,
    })
}

/// `link` is no load of its own: what a style sheet may do, only a file of the package does.
fn of_href(tag: &[u8]) -> Role {
    match tag {
        b"a" | b"area" => Role::Link,
        tag if is_of_outlook(tag) => Role::Link,
        b"link" | b"image" | b"feimage" => Role::Image,
        _ => Role::Load,
    }
}

/// Whether it is a shape of the language in which Outlook draws, such as `v:roundrect` for a button: these are
/// followed like links, and show what they load.
fn is_of_outlook(tag: &[u8]) -> bool {
    tag.starts_with(b"v:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_with_others_of_their_length() {
        for (length, names) in NAMES.iter().enumerate() {
            for name in *names {
                assert_eq!((name.len(), known(name.as_bytes())), (length, Some(*name)));
            }
        }
        assert_eq!((known(b""), known(b"class"), known(b"a-longer-name-than-any")), (None, None, None));
    }
}
