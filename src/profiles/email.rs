//! Email platforms: the tokens that stand in an email for what they fill in.

use super::Certainty::{self, SecondHand, Unverified, Verified};

/// An email platform.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    pub id: &'static str,
    pub tokens: &'static [Token],
}

/// What stands in an email for something that the platform fills in.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// A key of the master's `platforms.tokens`.
    pub purpose: &'static str,
    pub code: &'static str,
    pub certainty: Certainty,
}

const fn token(purpose: &'static str, code: &'static str, certainty: Certainty) -> Token {
    Token { purpose, code, certainty }
}

/// The tokens of a platform; none for one that has no profile.
pub fn tokens(id: &str) -> &'static [Token] {
    PLATFORMS.iter().find(|platform| platform.id == id).map_or(&[], |platform| platform.tokens)
}

const FIRST_NAME: &str = "first-name";
const UNSUBSCRIBE: &str = "unsubscribe";
const ADDRESS: &str = "address";

/// All that have tokens.
pub static PLATFORMS: &[Platform] = &[
    Platform {
        id: "hubspot",
        tokens: &[
            token(FIRST_NAME, "{{ contact.firstname|default(\"there\") }}", SecondHand),
            token(UNSUBSCRIBE, "{{ unsubscribe_link }}", Verified),
            token("company", "{{ site_settings.company_name }}", Verified),
            token("street", "{{ site_settings.company_street_address_1 }}", Verified),
            token("city", "{{ site_settings.company_city }}", Verified),
        ],
    },
    Platform {
        id: "marketo",
        tokens: &[
            token(FIRST_NAME, "{{lead.First Name:default=there}}", Unverified),
            token(UNSUBSCRIBE, "{{system.unsubscribeLink}}", Verified),
            token(ADDRESS, "{{my.Sender Address}}", Verified),
        ],
    },
    Platform {
        id: "account-engagement",
        tokens: &[
            token(FIRST_NAME, "{{{Recipient.FirstName}}}", Verified),
            token(UNSUBSCRIBE, "{{{Unsubscribe}}}", Verified),
            token(ADDRESS, "{{{Organization.Address}}}", Unverified),
        ],
    },
    Platform {
        id: "marketing-cloud",
        tokens: &[
            token(FIRST_NAME, "%%FirstName%%", Unverified),
            token(UNSUBSCRIBE, "%%unsub_center_url%%", Verified),
            token("business", "%%Member_Busname%%", Verified),
            token("street", "%%Member_Addr%%", Verified),
            token("place", "%%Member_City%%, %%Member_State%% %%Member_PostalCode%%, %%Member_Country%%", Verified),
        ],
    },
    Platform {
        id: "mailchimp",
        tokens: &[
            token(FIRST_NAME, "*|FNAME|*", Verified),
            token(UNSUBSCRIBE, "*|UNSUB|*", Verified),
            token(ADDRESS, "*|LIST:ADDRESSLINE|*", Verified),
        ],
    },
    Platform {
        id: "braze",
        tokens: &[
            token(FIRST_NAME, "{{${first_name} | default: 'there'}}", Verified),
            token(UNSUBSCRIBE, "{{${set_user_to_unsubscribed_url}}}", Verified),
            token(ADDRESS, "{{${email_footer}}}", Verified),
        ],
    },
    Platform {
        id: "brevo",
        tokens: &[
            token(FIRST_NAME, "{{ contact.FIRSTNAME | default:'there' }}", Verified),
            token(UNSUBSCRIBE, "{{ unsubscribe }}", Verified),
        ],
    },
    Platform {
        id: "activecampaign",
        tokens: &[
            token(FIRST_NAME, "%FIRSTNAME%", SecondHand),
            token(UNSUBSCRIBE, "%UNSUBSCRIBELINK%", SecondHand),
            token(ADDRESS, "%SENDER-INFO%", SecondHand),
        ],
    },
    Platform {
        id: "eloqua",
        tokens: &[token(FIRST_NAME, "<span class=\"eloquaemail\">First_Name1</span>", SecondHand)],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::mark;

    #[test]
    fn the_marks_of_every_platform_are_known_for_marks() {
        for token in PLATFORMS.iter().flat_map(|platform| platform.tokens) {
            if token.code.starts_with('<') {
                continue; // Overlays have no markup of their own: it is text.
            }
            // What stands between two braces is read as an expression of ours, and refused as one that is not set.
            assert!(token.code.contains("{{") || mark(token.code, &[]).is_some(), "{}", token.code);
        }
    }
}
