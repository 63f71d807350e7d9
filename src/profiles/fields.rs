//! Systems in which somebody makes the fields that keep what a package tells of a lead: what they have already, and
//! what they call what is new.

use super::Certainty;

/// A system that takes definitions of fields as files.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    pub id: &'static str,
    pub name: &'static str,
    /// Words of `capture.target`, `partner.platforms.email` and `.crm` of those who keep leads in it.
    pub serves: &'static [&'static str],
    /// Fields that it has: ours, then theirs.
    pub standard: &'static [(&'static str, &'static str)],
    pub case: Case,
    /// The most letters of a name, without what stands around it.
    pub longest: usize,
    /// What no name of ours may begin with there.
    pub reserved: &'static str,
    /// The most letters of a title.
    pub title: usize,
    /// How sure we are of the form of its files.
    pub form: Certainty,
    /// How sure we are of its rules for names, and of what it has.
    pub names: Certainty,
}

/// How a name is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `job_role`
    Snake,
    /// `jobRole`
    Camel,
    /// `Job_Role__c`
    Salesforce,
    /// `abc_job_role`, behind the prefix of whoever makes it.
    Prefixed,
}

pub const HUBSPOT: &str = "hubspot";
pub const MARKETO: &str = "marketo";
pub const SALESFORCE: &str = "salesforce";
pub const DYNAMICS: &str = "dynamics";

pub const PLATFORMS: &[Platform] = &[
    Platform {
        id: HUBSPOT,
        name: "HubSpot",
        serves: &["hubspot"],
        standard: &[
            ("email", "email"),
            ("first_name", "firstname"),
            ("last_name", "lastname"),
            ("company", "company"),
            ("phone", "phone"),
            ("company_size", "company_size"),
        ],
        case: Case::Snake,
        longest: 100,
        reserved: "hs_",
        title: 255,
        form: Certainty::Verified,
        names: Certainty::Unverified,
    },
    Platform {
        id: MARKETO,
        name: "Adobe Marketo Engage",
        serves: &["marketo"],
        standard: &[
            ("email", "email"),
            ("first_name", "firstName"),
            ("last_name", "lastName"),
            ("company", "company"),
            ("phone", "phone"),
        ],
        case: Case::Camel,
        longest: 50,
        reserved: "mkto",
        title: 100,
        form: Certainty::SecondHand,
        names: Certainty::Unverified,
    },
    Platform {
        id: SALESFORCE,
        name: "Salesforce",
        serves: &["salesforce", "account-engagement"],
        standard: &[
            ("email", "Email"),
            ("first_name", "FirstName"),
            ("last_name", "LastName"),
            ("company", "Company"),
            ("phone", "Phone"),
        ],
        case: Case::Salesforce,
        longest: 40,
        reserved: "",
        title: 40,
        form: Certainty::Verified,
        names: Certainty::SecondHand,
    },
    Platform {
        id: DYNAMICS,
        name: "Dynamics 365",
        serves: &["dynamics"],
        standard: &[
            ("email", "emailaddress1"),
            ("first_name", "firstname"),
            ("last_name", "lastname"),
            ("company", "companyname"),
            ("phone", "telephone1"),
        ],
        case: Case::Prefixed,
        longest: 50,
        reserved: "",
        title: 100,
        form: Certainty::Verified,
        names: Certainty::SecondHand,
    },
];

/// How Dynamics counts languages, by the languages that it is delivered in; English where there is none.
pub const DYNAMICS_LANGUAGES: &[(&str, u32)] = &[
    ("ar", 1025),
    ("cs", 1029),
    ("da", 1030),
    ("de", 1031),
    ("el", 1032),
    ("en", 1033),
    ("es", 3082),
    ("fi", 1035),
    ("fr", 1036),
    ("he", 1037),
    ("hu", 1038),
    ("it", 1040),
    ("ja", 1041),
    ("ko", 1042),
    ("nl", 1043),
    ("nb", 1044),
    ("pl", 1045),
    ("pt-PT", 2070),
    ("pt", 1046),
    ("ru", 1049),
    ("sv", 1053),
    ("tr", 1055),
    ("zh-Hant", 1028),
    ("zh", 2052),
];

impl Platform {
    /// What it has already for a field of ours.
    pub fn standard(&self, field: &str) -> Option<&'static str> {
        self.standard.iter().find(|(ours, _)| *ours == field).map(|(_, theirs)| *theirs)
    }

    /// What a field of ours is called there, or what is wrong with such a name.
    pub fn named(&self, field: &str, prefix: &str) -> Result<String, String> {
        let words: Vec<String> =
            field.split(['_', '-', '.']).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
        let name = match self.case {
            Case::Snake => words.join("_"),
            Case::Prefixed => format!("{prefix}_{}", words.join("_")),
            Case::Camel => {
                let rest = words.iter().skip(1).map(|word| capital(word));
                words.iter().take(1).cloned().chain(rest).collect()
            }
            Case::Salesforce => words.iter().map(|word| capital(word)).collect::<Vec<_>>().join("_"),
        };
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(format!("`{name}` does not begin with a letter"));
        }
        if name.len() > self.longest {
            return Err(format!("`{name}` has {} letters, and a name {} at most", name.len(), self.longest));
        }
        if !self.reserved.is_empty() && name.starts_with(self.reserved) {
            return Err(format!("names that begin with `{}` are its own", self.reserved));
        }
        Ok(if self.case == Case::Salesforce { format!("{name}__c") } else { name })
    }

    /// Whether a name is one that it takes as it stands.
    pub fn takes(&self, name: &str) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        self.case != Case::Snake || name.chars().all(plain) && self.named(name, "").is_ok_and(|own| own == name)
    }
}

/// A word with a capital at its start.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// The language of a locale as Dynamics counts it.
pub fn dynamics_language(locale: &str) -> u32 {
    let of = |tag: &str| DYNAMICS_LANGUAGES.iter().find(|(known, _)| *known == tag).map(|(_, number)| *number);
    let longer = locale.rsplit_once('-').and_then(|(shorter, _)| of(shorter));
    let language = locale.split('-').next().and_then(of);
    of(locale).or(longer).or(language).unwrap_or(1033)
}

/// The platform in which somebody keeps leads whose system has that word.
pub fn serving(word: &str) -> Option<&'static Platform> {
    PLATFORMS.iter().find(|platform| platform.serves.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(id: &str) -> &'static Platform {
        PLATFORMS.iter().find(|platform| platform.id == id).unwrap()
    }

    #[test]
    fn a_name_is_written_as_each_platform_writes_names() {
        let named = |id: &str| platform(id).named("preferred_time-2", "abc").unwrap();
        assert_eq!(
            [HUBSPOT, MARKETO, SALESFORCE, DYNAMICS].map(named),
            ["preferred_time_2", "preferredTime2", "Preferred_Time_2__c", "abc_preferred_time_2"]
        );
        assert_eq!(platform(SALESFORCE).named("utm__source_", "").unwrap(), "Utm_Source__c");
    }

    #[test]
    fn what_cannot_be_a_name_says_why() {
        let why = |id: &str, name: &str| platform(id).named(name, "abc").unwrap_err();
        assert!(why(SALESFORCE, "2fa").contains("begin with a letter"));
        assert!(why(SALESFORCE, &"a".repeat(41)).contains("40 at most"));
        assert!(why(DYNAMICS, &"a".repeat(47)).contains("50 at most"));
        assert!(why(HUBSPOT, "hs_role").contains("its own"));
        assert!(platform(HUBSPOT).takes("job_role") && !platform(HUBSPOT).takes("job-role"));
        assert!(!platform(HUBSPOT).takes("Rolle") && platform(MARKETO).takes("Rolle"));
    }

    #[test]
    fn languages_are_those_of_language_packs() {
        let tags = ["de-DE", "pt-BR", "pt-PT", "ja-JP", "ar-AE", "en-GB", "zh-Hant-TW", "xx"];
        assert_eq!(tags.map(dynamics_language), [1031, 1046, 2070, 1041, 1025, 1033, 1028, 1033]);
    }

    #[test]
    fn every_word_is_one_that_can_be_written() {
        for word in PLATFORMS.iter().flat_map(|platform| platform.serves) {
            assert!(crate::schema::capture::TARGETS.contains(word), "{word}");
            assert!(serving(word).is_some());
        }
        assert!(serving("mailchimp").is_none());
    }
}
