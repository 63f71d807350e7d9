//! What a template may read, told from its text: no rendering of it reads more.
//!
//! Every word of a tag counts that stands in no quotes, and words with dots between them count as one path. So little has to
//! be known of the language: not what a statement does, not what a loop binds. A word that names nothing in the context
//! is harmless, and one too many only makes a package once more than needed. Of what is tested by `is defined` it matters
//! alone whether it is there. What would print the context as a whole (`debug()`, `__tera_context`) is refused when an engine
//! is made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::digest::Digest;

use super::given::Given;
use super::literal::Literals;
use super::parts::tags;
use super::{Language, Templates, component, remarks};

/// What one template may read by itself, and what it may include.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Paths of variables, such as `sales.follow_ups`; also words that only look like one.
    pub paths: BTreeSet<Arc<str>>,
    /// Those that are only asked whether they are there.
    pub tested: BTreeSet<Arc<str>>,
    /// Of its text without remarks.
    pub digest: Digest,
    /// The templates that make a page with it: itself, and all that these may include.
    pub whole: BTreeSet<Arc<str>>,
    given: Given,
}

/// The words before which a template is named.
const NAMING: [&str; 4] = ["include", "extends", "import", "from"];

impl Templates {
    /// Whether a path may lead to a value.
    fn is_known(&self, path: &str) -> bool {
        let root = path.split('.').next().unwrap_or(path);
        self.roots.as_ref().is_none_or(|roots| roots.contains(root))
    }

    /// What a template may read; `None` if there is none of that name.
    pub fn reads(&self, template: &str) -> Option<&Reads> {
        self.reads.get_or_init(|| all(self)).get(template)
    }
}

fn all(templates: &Templates) -> BTreeMap<Arc<str>, Reads> {
    let mut all: BTreeMap<Arc<str>, Reads> =
        templates.iter().map(|(name, text)| (Arc::from(name), Reads::of(name, text, templates))).collect();
    let names: Vec<Arc<str>> = all.keys().cloned().collect();
    for name in names {
        let whole = whole(&name, &all);
        all.entry(name).and_modify(|reads| reads.whole = whole);
    }
    let read: Vec<BTreeSet<Arc<str>>> = all.iter().map(|(name, reads)| given(name, reads, &all)).collect();
    for (reads, paths) in all.values_mut().zip(read) {
        let is_known = |path: &Arc<str>| templates.is_known(path);
        reads.paths.extend(paths.into_iter().filter(is_known));
        reads.tested = reads.tested.difference(&reads.paths).cloned().collect();
    }
    all
}

/// What a template reads by the names that it gives to values, which those may use that it makes a page with.
fn given(name: &Arc<str>, reads: &Reads, all: &BTreeMap<Arc<str>, Reads>) -> BTreeSet<Arc<str>> {
    let is_with = |(other, own): &(&Arc<str>, &Reads)| reads.whole.contains(*other) || own.whole.contains(name);
    reads.given.read(all.iter().filter(is_with).map(|(_, own)| &own.given))
}

/// A template with all that it may include, however deep.
fn whole(name: &Arc<str>, all: &BTreeMap<Arc<str>, Reads>) -> BTreeSet<Arc<str>> {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![name.clone()]);
    while let Some(next) = waiting.pop() {
        if seen.insert(next.clone()) {
            waiting.extend(all.get(&next).iter().flat_map(|reads| reads.whole.iter().cloned()));
        }
    }
    seen
}

impl Reads {
    /// Of one text; as the whole, only what it names itself.
    fn of(name: &str, text: &str, templates: &Templates) -> Self {
        let text = &*remarks::without(text, templates.language);
        // A name that is put together when it is used may be any.
        let any = computes_a_name(text);
        let components = if templates.language == Language::Tera { component::put_in(text) } else { BTreeSet::new() };
        let writes = |other: &str| !components.is_disjoint(&component::written(templates.text(other)));
        let names = |other: &str| text.contains(other) || other == name || !components.is_empty() && writes(other);
        let named = templates.by_name.keys().filter(|other| any || names(other));
        let mut reads =
            Self { whole: named.cloned().collect(), digest: Digest::of(text.as_bytes()), ..Self::default() };
        for tag in tags(text, templates.language).filter_map(|tag| text.get(tag)) {
            if reads.given.give(tag) {
                continue;
            }
            for Named { path, is_tested } in paths(tag) {
                reads.given.take(path);
                if templates.is_known(path) {
                    if is_tested { &mut reads.tested } else { &mut reads.paths }.insert(path.into());
                }
            }
        }
        reads
    }
}

/// A path in a tag.
struct Named<'t> {
    path: &'t str,
    /// Whether it is only asked whether it is there.
    is_tested: bool,
}

/// Words outside of quotes with nothing but dots between them. Letters of any script count, and all signs that may belong to one.
fn paths(tag: &str) -> Vec<Named<'_>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.') || !c.is_ascii();
    let mut literals = Literals::default();
    let (mut paths, mut start) = (Vec::new(), None);
    for (at, c) in tag.char_indices() {
        match (literals.is_outside(c) && is_part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let path = tag[from..at].trim_matches('.');
                if !path.is_empty() {
                    paths.push(Named { path, is_tested: is_test(&tag[at..]) });
                }
            }
            _ => {}
        }
    }
    paths
}

/// Whether a test begins there for what is there.
fn is_test(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    let mut next = || words.next().unwrap_or_default();
    let end = |word: &str| word.trim_end_matches(['-', '+', '%', '}', ')', ',']).to_owned();
    if !rest.starts_with(char::is_whitespace) || next() != "is" {
        return false;
    }
    let word = end(next());
    let word = if word == "not" { end(next()) } else { word };
    matches!(&*word, "defined" | "undefined")
}

/// Whether a tag may name a template by anything but a plain text, or a component, which may lie in any.
fn computes_a_name(text: &str) -> bool {
    let opened = text.match_indices("{{").chain(text.match_indices("{%")).map(|(at, _)| &text[at + 2..]);
    let is_space = |c: char| c.is_whitespace() || matches!(c, '-' | '+');
    let mut components = opened.filter(|inside| inside.trim_start_matches(is_space).starts_with('<'));
    components.next().is_some()
        || NAMING
            .iter()
            .any(|word| text.match_indices(word).any(|(at, _)| computes(&text[..at], &text[at + word.len()..])))
}

fn computes(before: &str, after: &str) -> bool {
    let is_tag = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '+')).ends_with("{%");
    is_tag && !names_by_text(after.trim_start())
}

/// Whether one quoted text stands there, with a word or the end of the tag behind it.
fn names_by_text(rest: &str) -> bool {
    let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return false };
    let Some((name, behind)) = rest[1..].split_once(quote) else { return false };
    let behind = behind.trim_start();
    let ends = ["%}", "-%}", "+%}", "ignore missing", "with context", "without context", "as ", "import "];
    !name.contains('\\') && ends.iter().any(|end| behind.starts_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    /// What the first of these may read, with all that it includes.
    fn reads(texts: &[(&str, &str)]) -> Reads {
        let mut templates = Templates::default();
        for (name, text) in texts {
            templates.add(*name, SourceId(0), *text);
        }
        let mut reads = Reads::default();
        for name in &templates.reads(texts[0].0).unwrap().whole {
            let own = templates.reads(name).unwrap();
            reads.paths.extend(own.paths.iter().cloned());
        }
        reads
    }

    fn has(reads: &Reads, path: &str) -> bool {
        reads.paths.contains(path)
    }

    #[test]
    fn every_way_to_write_a_path_is_seen() {
        let reads = reads(&[(
            "a.html",
            "{% for f in sales.follow_ups[1:3] %}{{ strings['send'] }}{{ vars . note }}{% set tiers = tiers.x %}\
             {% filter indent(proof.width) %}{% endfilter %}{{ vars.größe }}{{ roles\n.lead }}{% endfor %}",
        )]);
        for path in ["sales.follow_ups", "strings", "vars", "tiers.x", "proof.width", "vars.größe", "roles"] {
            assert!(has(&reads, path), "{path} is not in {:?}", reads.paths);
        }
    }

    #[test]
    fn of_a_value_with_a_name_what_stands_behind_it_is_read() {
        let read = |text: &str| {
            let part = ("part.html", "{{ words.deep.er }}");
            let reads = reads(&[("a.html", text), part]);
            let own = reads.paths.iter().filter(|path| path.starts_with("strings."));
            own.map(|path| path.to_string()).collect::<Vec<_>>()
        };
        let set = "{%- set words = strings.plan -%}";
        assert_eq!(
            read(&format!("{set}{{{{ words.a }}}}{{{{ words.b | upper }}}}")),
            ["strings.plan.a", "strings.plan.b"]
        );
        assert_eq!(read(&format!("{set}{{% include \"part.html\" %}}")), ["strings.plan.deep.er"]);
        for whole in ["words", "f(words)", "words['a']", "words .a", "words.a or words | length"] {
            assert!(read(&format!("{set}{{{{ {whole} }}}}")).contains(&"strings.plan".to_owned()), "{whole}");
        }
        assert_eq!(read("{% set words = strings.plan | f %}{{ words.a }}"), ["strings.plan"]);
    }

    #[test]
    fn what_stands_in_no_tag_or_in_quotes_is_not_read() {
        let reads = reads(&[(
            "a.html",
            "sales <a href=\"tracking/x\">{% raw %}{{ roles }}{% endraw %}{% if vars.side == \"partner\" %}{{ f('a\\'proof') }}{% endif %}",
        )]);
        let paths: Vec<&str> = reads.paths.iter().map(|path| &**path).collect();
        assert_eq!(paths, ["endif", "f", "if", "raw", "vars.side"]);
    }

    #[test]
    fn what_is_only_tested_is_not_read() {
        let mut templates = Templates::default();
        templates.add(
            "a.html",
            SourceId(0),
            "{%if sales is defined and (vars.a is not defined)%}{{ vars.b }}{% if vars.b is defined %}{{ vars.c is defined_by }}\
             {{ roles | length is defined }}{% endif %}{% endif %}",
        );
        let reads = templates.reads("a.html").unwrap();
        assert_eq!(reads.tested.iter().map(|path| &**path).collect::<Vec<_>>(), ["length", "sales", "vars.a"]);
        for path in ["vars.b", "vars.c", "roles"] {
            assert!(has(reads, path), "{path}");
        }
    }

    #[test]
    fn what_a_template_includes_counts_with_it() {
        let parts = [("b.html", "{{ sales.b }}"), ("c.html", "{{ sales.c }}"), ("d.html", "{{ sales.d }}")];
        let with = |text| reads(&[&[("a.html", text)][..], &parts].concat());
        let reads = with("{% extends \"b.html\" %}{% from 'c.html' import x %}");
        assert_eq!([has(&reads, "sales.b"), has(&reads, "sales.c"), has(&reads, "sales.d")], [true, true, false]);
        let computed =
            ["{% include name %}", "{%- include [\"b.html\"] %}", "{% include \"d\" ~ kind %}", "{{ <card /> }}"];
        for text in computed {
            assert!(has(&with(text), "sales.d"), "{text}");
        }
    }

    #[test]
    fn what_writes_a_component_counts_wherever_that_is_put_in() {
        let parts =
            [("b.html", "{% component card() %}{{ sales.b }}{% endcomponent card %}"), ("c.html", "{{ sales.c }}")];
        for text in ["{% set x = <card /> %}", "{{ (<card />) }}", "{{ a or <card /> }}", "{{ a ~ < card/> }}"] {
            let reads = reads(&[&[("a.html", text)][..], &parts].concat());
            assert_eq!([has(&reads, "sales.b"), has(&reads, "sales.c")], [true, false], "{text}");
        }
    }
}
