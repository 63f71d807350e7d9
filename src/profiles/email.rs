//! Email platforms: how the sequence gets in, which tokens it needs there, what goes wrong.

use super::Certainty::{self, SecondHand, Unverified, Verified};
use super::{Note, second_hand, unverified, verified};

/// An email platform.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    pub id: &'static str,
    pub name: &'static str,
    pub tokens: &'static [Token],
    pub steps: &'static [Note],
    pub checks: &'static [Note],
}

/// What stands in an email for something that the platform fills in.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub purpose: &'static str,
    pub code: &'static str,
    pub certainty: Certainty,
}

const fn token(purpose: &'static str, code: &'static str, certainty: Certainty) -> Token {
    Token { purpose, code, certainty }
}

/// The platform of that id; general advice for one that has no profile.
pub fn platform(id: &str) -> &'static Platform {
    PLATFORMS.iter().find(|platform| platform.id == id).unwrap_or(&OTHER)
}

const FIRST_NAME: &str = "First name";
const UNSUBSCRIBE: &str = "Unsubscribe link";
const ADDRESS: &str = "Postal address";

/// All of them; the last is for partners without one.
pub static PLATFORMS: &[Platform] = &[
    Platform {
        id: "hubspot",
        name: "HubSpot",
        tokens: &[
            token(FIRST_NAME, "{{ contact.firstname|default(\"there\") }}", SecondHand),
            token(UNSUBSCRIBE, "{{ unsubscribe_link }}", Verified),
            token("Company name", "{{ site_settings.company_name }}", Verified),
            token("Street", "{{ site_settings.company_street_address_1 }}", Verified),
            token("City", "{{ site_settings.company_city }}", Verified),
        ],
        steps: &[
            second_hand(
                "In the design manager, make one coded template for each email and paste the HTML file into it; the annotation that marks it as an email template has to stay at the very top.",
            ),
            verified(
                "Put the tokens for the company's address and the unsubscribe link into the footer: without them the email cannot be published, even if the address is typed out.",
            ),
            second_hand(
                "Make contact properties for source, medium, campaign and content, one set for the first touch and one for the last; HubSpot's own source fields do not keep the raw values.",
            ),
            verified(
                "Build a workflow that starts when the permission of sequence.json is given, not when the form is sent; before each email let it wait the days that stand there and ask for the permission again.",
            ),
        ],
        checks: &[
            second_hand(
                "Let HubSpot add its own UTM parameters only to links that have none; the links in these emails are tagged.",
            ),
            verified(
                "Import contacts as one sheet with a header row in UTF-8, and write choices by their internal value, not by their label.",
            ),
            verified("An import never sets a lifecycle stage back; correct it by hand."),
        ],
    },
    Platform {
        id: "marketo",
        name: "Adobe Marketo Engage",
        tokens: &[
            token(FIRST_NAME, "{{lead.First Name:default=there}}", Unverified),
            token(UNSUBSCRIBE, "{{system.unsubscribeLink}}", Verified),
            token(ADDRESS, "{{my.Sender Address}}", Verified),
        ],
        steps: &[
            verified(
                "Make one program for the sequence and keep the sender's postal address in a program token; there is no system token for it.",
            ),
            verified(
                "Create an email for each HTML file, paste the file as its code, and set the program tokens once.",
            ),
            unverified(
                "Let a smart campaign listen for the change of the permission field, not for the form, wait the days of sequence.json, and ask for the permission again before each email.",
            ),
        ],
        checks: &[
            verified("A later change of a template does not reach emails that were made from it; make them again."),
            verified("Tokens do not work in the editor's preheader field, only in the HTML."),
            verified("Prefill does not work for a form that is embedded on another site."),
        ],
    },
    Platform {
        id: "account-engagement",
        name: "Salesforce Account Engagement",
        tokens: &[
            token(FIRST_NAME, "{{{Recipient.FirstName}}}", Verified),
            token(UNSUBSCRIBE, "{{{Unsubscribe}}}", Verified),
            token(ADDRESS, "{{{Organization.Address}}}", Unverified),
        ],
        steps: &[
            verified(
                "Create an email template for each HTML file and put the platform's own token in place of the unsubscribe link's address.",
            ),
            unverified("Connect the form through a form handler whose fields match the hidden fields of the form."),
            unverified(
                "Build an engagement program that the form handler starts, with a wait before each email as the sequence gives.",
            ),
        ],
        checks: &[
            second_hand(
                "A template without the platform's own unsubscribe tag cannot be saved; an ordinary link does not count.",
            ),
            verified("Tokens with three braces belong to the newer editor, those with two to the classic one."),
            verified("A default value on the field wins over a condition in the email."),
        ],
    },
    Platform {
        id: "marketing-cloud",
        name: "Salesforce Marketing Cloud Engagement",
        tokens: &[
            token(FIRST_NAME, "%%FirstName%%", Unverified),
            token(UNSUBSCRIBE, "%%unsub_center_url%%", Verified),
            token("Business name", "%%Member_Busname%%", Verified),
            token("Street", "%%Member_Addr%%", Verified),
            token(
                "City, state, postal code, country",
                "%%Member_City%%, %%Member_State%% %%Member_PostalCode%%, %%Member_Country%%",
                Verified,
            ),
        ],
        steps: &[
            verified("Create an HTML email for each file and put all strings of the business address into the footer."),
            verified("Link the profile center as well as the unsubscribe center; both are looked for before a send."),
            unverified(
                "Build a journey that enters from the form's data extension, with a wait before each email as the sequence gives.",
            ),
        ],
        checks: &[
            verified(
                "A send is refused when one of the eight required strings is missing, unless the account has switched the check off.",
            ),
            unverified("Give the first name a default in the data extension; an empty attribute prints nothing."),
        ],
    },
    Platform {
        id: "mailchimp",
        name: "Mailchimp",
        tokens: &[
            token(FIRST_NAME, "*|FNAME|*", Verified),
            token(UNSUBSCRIBE, "*|UNSUB|*", Verified),
            token(ADDRESS, "*|LIST:ADDRESSLINE|*", Verified),
        ],
        steps: &[
            unverified("Among the templates choose to code your own, and paste one HTML file for each email."),
            verified(
                "Set the fallback for an empty first name in the audience's settings; the tag has none of its own.",
            ),
            unverified(
                "Build a journey that starts when a contact comes in from the form, with a delay before each email as the sequence gives.",
            ),
        ],
        checks: &[
            verified("Only Mailchimp's own unsubscribe tag counts; another link is not recognized."),
            verified("Test emails do not fill tags in; look at a preview with a real contact."),
            verified("Tags can be renamed in an audience: make sure that FNAME exists in yours."),
        ],
    },
    Platform {
        id: "dynamics",
        name: "Dynamics 365 Customer Insights - Journeys",
        tokens: &[],
        steps: &[
            verified(
                "Make a compliance profile for the region with the postal address and the preference center; the emails take both from it.",
            ),
            unverified(
                "Create an email for each HTML file and insert the first name in the editor as dynamic text with a default.",
            ),
            verified("Give the messages a commercial purpose, and the enforcement model that fits the region's law."),
            unverified(
                "Build a journey that starts when the permission is given, not when the form is sent, with a wait and a check of the permission before each email as sequence.json gives them.",
            ),
        ],
        checks: &[
            verified("A message that names no compliance profile and no purpose is not sent."),
            verified("Outbound marketing is the older product; build the journey in real-time journeys."),
        ],
    },
    Platform {
        id: "braze",
        name: "Braze",
        tokens: &[
            token(FIRST_NAME, "{{${first_name} | default: 'there'}}", Verified),
            token(UNSUBSCRIBE, "{{${set_user_to_unsubscribed_url}}}", Verified),
            token(ADDRESS, "{{${email_footer}}}", Verified),
        ],
        steps: &[
            verified(
                "Type the postal address into the workspace's custom footer and keep the unsubscribe token in it; without the token the footer cannot be saved.",
            ),
            verified("Create a template for each HTML file, with the footer's token in place of its address lines."),
            unverified(
                "Build a canvas that starts with the event of the permission, not of the form, with a delay and a check of the permission before each email as sequence.json gives them.",
            ),
        ],
        checks: &[
            verified("There is no link to view an email in the browser; leave that line out."),
            verified("Filters do not work inside conditions: assign the value first."),
        ],
    },
    Platform {
        id: "brevo",
        name: "Brevo",
        tokens: &[
            token(FIRST_NAME, "{{ contact.FIRSTNAME | default:'there' }}", Verified),
            token(UNSUBSCRIBE, "{{ unsubscribe }}", Verified),
        ],
        steps: &[
            unverified("Create a template for each email and paste the HTML file as its code."),
            verified("Type the sender's postal address into the footer; there is no token for it."),
            unverified(
                "Build an automation that starts when the permission is given, not with the form, with a delay and a check of the permission before each email as sequence.json gives them.",
            ),
        ],
        checks: &[
            verified("An attribute is printed only if the account has it: look for FIRSTNAME before the first send."),
            verified(
                "Where the region asks for double opt-in, use a confirmation template with the platform's own link.",
            ),
        ],
    },
    Platform {
        id: "activecampaign",
        name: "ActiveCampaign",
        tokens: &[
            token(FIRST_NAME, "%FIRSTNAME%", SecondHand),
            token(UNSUBSCRIBE, "%UNSUBSCRIBELINK%", SecondHand),
            token(ADDRESS, "%SENDER-INFO%", SecondHand),
        ],
        steps: &[
            unverified(
                "Make an automation that starts when the permission is given, not with the form, and in it one custom HTML email for each file, with the waits of sequence.json.",
            ),
            second_hand("Use the percent tokens for the unsubscribe link and the sender's address in the footer."),
        ],
        checks: &[
            second_hand(
                "A token of another platform is printed as it stands: send yourself each email before the automation goes live.",
            ),
            unverified("The first name has no fallback inside its token; use a conditional block."),
        ],
    },
    Platform {
        id: "eloqua",
        name: "Oracle Eloqua",
        tokens: &[token(FIRST_NAME, "<span class=\"eloquaemail\">First_Name1</span>", SecondHand)],
        steps: &[
            verified(
                "Make a field merge for the first name with a default value, which is printed for an empty field.",
            ),
            unverified(
                "Upload each HTML file as an email, and choose the email group, header and footer that carry address and unsubscribe link.",
            ),
            unverified("Build a campaign canvas with a wait before each email as the sequence gives."),
        ],
        checks: &[
            second_hand("Field merges inside a link's address are written in another way than those in text."),
            unverified("The email group decides what an unsubscribe covers: choose one for this program."),
        ],
    },
    Platform {
        id: "none",
        name: "No email platform",
        tokens: &[],
        steps: &[
            unverified(
                "The vendor sends the sequence in your name: confirm the sender's address and who reads replies.",
            ),
            unverified("For a single send, open the message file (.eml) in a mail program and send it to one person."),
        ],
        checks: &[
            unverified("Never put several recipients into one message."),
            unverified("Keep a list of everyone who objects, and look at it before each send."),
        ],
    },
];

/// What holds for most.
static OTHER: Platform = Platform {
    id: "other",
    name: "Another email platform",
    tokens: &[],
    steps: &[
        unverified("Create a custom HTML email for each file, and use the text file as its plain-text part."),
        unverified(
            "Put the platform's own unsubscribe link and its sender address into the footer; most platforms refuse a send without them.",
        ),
        unverified(
            "Build an automation that starts when the permission is given, not with the form, with a wait and a check of the permission before each email as sequence.json gives them.",
        ),
    ],
    checks: &[
        unverified("Switch off UTM parameters that the platform adds by itself; the links in these emails are tagged."),
        unverified(
            "Send yourself each email before the automation goes live, and look for tokens that were not filled in.",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::mark;

    #[test]
    fn the_marks_of_every_platform_are_known_for_marks() {
        for token in PLATFORMS.iter().chain([&OTHER]).flat_map(|platform| platform.tokens) {
            if token.code.starts_with('<') {
                continue; // Overlays have no markup of their own: it is text.
            }
            // What stands between two braces is read as an expression of ours, and refused as one that is not set.
            assert!(token.code.contains("{{") || mark(token.code, &[]).is_some(), "{}", token.code);
        }
    }
}
