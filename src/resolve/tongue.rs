//! What a locale is to the languages in which layers speak.

use crate::catalog::locales::{LocaleId, Locales};

use super::input::Input;

/// How a locale's chain ranks the locales of some inputs. Two locales that rank them alike come to the
/// same values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// Eight bits for each locale, in the order in which the inputs first name it.
    Ranks(u128),
    /// The inputs speak in more locales than can be told: those of the locale itself.
    Exact(LocaleId),
}

/// More locales are not ranked: each has eight bits, of which four tell its place.
const MOST: u8 = 15;

/// More runs of one language are not ranked.
const RUNS: u8 = 8;

/// The place of a locale that the chain does not name.
const OUTSIDE: u8 = MOST;

impl Tongue {
    /// How `locale` ranks what the inputs speak.
    pub fn of<'i, 'a: 'i>(locales: &Locales, locale: LocaleId, inputs: impl Iterator<Item = &'i Input<'a>>) -> Self {
        let (mut ranks, mut spoken, mut count) = (0, Vec::new(), 0);
        for input in inputs {
            if spoken.last() == Some(&input.locale) || spoken.contains(&input.locale) {
                continue;
            }
            spoken.push(input.locale);
            count += 1;
            if count > MOST {
                return Self::Exact(locale);
            }
        }
        for &own in &spoken {
            match rank(locales, locale, own, &spoken) {
                Some(rank) => ranks = (ranks << 8) | u128::from(rank),
                None => return Self::Exact(locale),
            }
        }
        Self::Ranks(ranks)
    }
}

/// A bit whether it is of the same language, three for its run of one language in the chain, four for its
/// place, both counted among what is spoken. `None` if there are too many runs.
fn rank(locales: &Locales, locale: LocaleId, own: LocaleId, spoken: &[LocaleId]) -> Option<u8> {
    let same = u8::from(locales.same_language(own, locale)) << 7;
    let chain = &locales.get(locale).chain;
    let (mut run, mut place, mut turned) = (0, 0, false);
    for (index, &link) in chain.iter().enumerate() {
        turned |= index > 0 && !locales.same_language(chain[index - 1], link);
        if spoken.contains(&link) {
            run += u8::from(turned && place > 0);
            turned = false;
            if link == own {
                return (run < RUNS).then_some(same | (run << 4) | place);
            }
            place += 1;
        }
    }
    Some(same | OUTSIDE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::patch::{Patch, PatchKind};
    use crate::diag::Diagnostics;
    use crate::source::{SourceId, Span};
    use crate::syntax::yaml;

    fn tongue(locales: &Locales, locale: u16, spoken: &[u16]) -> Tongue {
        let patch = Patch { kind: PatchKind::Remove, span: Span::file(SourceId(0)) };
        let inputs: Vec<_> = spoken.iter().map(|&spoken| Input::of_master(LocaleId(spoken), &patch)).collect();
        Tongue::of(locales, LocaleId(locale), inputs.iter())
    }

    /// Locales by their tags, each with its chain; they are numbered in that order.
    fn locales(chains: &[&str]) -> Locales {
        let tag = |chain: &str| chain.split(", ").next().unwrap_or_default().to_owned();
        let item = |chain: &&str| format!("  - {{id: {}, chain: [{chain}]}}\n", tag(chain));
        let package = format!("locales:\n{}", chains.iter().map(item).collect::<String>());
        let mut said = Diagnostics::default();
        let locales = Locales::read(&yaml::parse(SourceId(0), &package, 0).unwrap(), &mut said);
        assert!(said.is_empty(), "{said:?}");
        locales
    }

    #[test]
    fn locales_that_rank_alike_what_is_spoken_share_and_others_do_not() {
        let all = locales(&["en", "de, en", "fr, en", "en-GB, en", "ja"]);
        // Only English is spoken: to a German and a French page it is the same; to an English one it is its own.
        assert_eq!(tongue(&all, 1, &[0]), tongue(&all, 2, &[0]));
        assert_ne!(tongue(&all, 1, &[0]), tongue(&all, 0, &[0]));
        assert_eq!(tongue(&all, 3, &[0]), tongue(&all, 0, &[0]));
        // German is spoken too: the French page does not know it.
        assert_ne!(tongue(&all, 1, &[0, 1]), tongue(&all, 2, &[0, 1]));
        // A chain that stops before English ranks it as no other does.
        assert_ne!(tongue(&all, 4, &[0]), tongue(&all, 1, &[0]));
    }

    #[test]
    fn what_stands_between_two_of_a_language_parts_them() {
        let all = locales(&["pt-BR, en, pt", "pt", "en"]);
        let together = tongue(&locales(&["pt-BR, pt, en", "pt", "en"]), 0, &[0, 1]);
        assert_ne!(tongue(&all, 0, &[0, 1]), together, "English comes before the second");
    }

    #[test]
    fn too_many_languages_are_told_by_the_locale_alone() {
        let tags: Vec<String> = (b'a'..b'u').map(|letter| format!("x{}", char::from(letter))).collect();
        let chains: Vec<&str> = tags.iter().map(String::as_str).collect();
        let spoken: Vec<u16> = (0..20).collect();
        assert_eq!(tongue(&locales(&chains), 3, &spoken), Tongue::Exact(LocaleId(3)));
    }
}
