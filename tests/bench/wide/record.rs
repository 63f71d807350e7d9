//! The data of a partner, as a row of a registry and as a file of its own.

use super::draw::{Partner, Tier};
use super::market::MASTER_LOCALE;
use super::name;

/// As in the sample's registry.
pub const HEADER: [&str; 26] = [
    "id",
    "name",
    "tier",
    "motions",
    "industries",
    "regions",
    "website",
    "contact.name",
    "contact.email",
    "contact.phone",
    "brand.primary",
    "platforms.email",
    "platforms.crm",
    "capability",
    "legal.legal_name",
    "legal.form",
    "legal.street",
    "legal.postcode",
    "legal.city",
    "legal.state",
    "legal.country",
    "legal.phone",
    "legal.email",
    "legal.register",
    "legal.vat_id",
    "legal.representatives",
];

/// An email platform, a CRM and what can be done with them.
const PLATFORMS: [[&str; 3]; 10] = [
    ["hubspot", "hubspot", "full"],
    ["mailchimp", "none", "email-only"],
    ["brevo", "none", "email-only"],
    ["activecampaign", "none", "email-only"],
    ["none", "none", "none"],
    ["dynamics", "dynamics", "full"],
    ["marketo", "salesforce", "full"],
    ["account-engagement", "salesforce", "full"],
    ["braze", "none", "email-only"],
    ["marketing-cloud", "salesforce", "full"],
];

/// Colours that white text can be read on.
const COLORS: [&str; 12] = [
    "#1e40af", "#166534", "#7c2d12", "#6b21a8", "#0f766e", "#9f1239", "#3f3f46", "#155e75", "#854d0e", "#4338ca",
    "#065f46", "#831843",
];

/// What a record holds, besides what the partner is and where it is at home.
pub struct Data {
    pub color: &'static str,
    /// Another one in each edition.
    phone: String,
    contact: String,
    street: String,
    place: &'static [&'static str; 3],
    platforms: &'static [&'static str; 3],
    legal_name: String,
}

impl Data {
    pub fn of(partner: &Partner, edition: usize) -> Self {
        let (luck, home) = (partner.luck as usize, partner.home());
        Self {
            color: COLORS[luck % COLORS.len()],
            phone: format!("{}{:02}", home.phone, (partner.index + edition) % 100),
            contact: name::person(luck % name::PEOPLE),
            street: home.street.replace('#', &(luck % 240 + 1).to_string()),
            place: &home.places[luck % home.places.len()],
            platforms: &PLATFORMS[luck % PLATFORMS.len()],
            legal_name: format!("{} {}", partner.name, partner.form),
        }
    }
}

/// The fields of a row, in the order of the header.
pub fn row(partner: &Partner, edition: usize) -> [String; 26] {
    let (data, home, ground, id) = (Data::of(partner, edition), partner.home(), &partner.ground, &partner.id);
    let [city, state, postcode] = *data.place;
    let [email, crm, capability] = *data.platforms;
    [
        id.clone(),
        partner.name.clone(),
        partner.tier.id().into(),
        ground.motions.join(";"),
        ground.industries.join(";"),
        regions(partner).join(";"),
        format!("https://{id}.example"),
        data.contact.clone(),
        format!("partner@{id}.example"),
        data.phone.clone(),
        data.color.into(),
        email.into(),
        crm.into(),
        capability.into(),
        data.legal_name,
        partner.form.into(),
        data.street,
        postcode.into(),
        city.into(),
        state.into(),
        home.country.into(),
        data.phone,
        format!("privacy@{id}.example"),
        home.register.into(),
        home.vat_id.into(),
        data.contact,
    ]
}

/// A `partner.yaml`: the whole record of a partner of a named tier, and of one with a row what a row cannot say. None
/// where there is nothing to say.
pub fn yaml(partner: &Partner) -> Option<String> {
    let locale = match partner.locale() {
        MASTER_LOCALE => String::new(),
        locale => format!("locale: {locale}\n"),
    };
    if partner.tier != Tier::Many {
        return Some(whole(partner, &locale));
    }
    let logo = if partner.logo { "brand: {logo: assets/logo.svg}\n" } else { "" };
    Some(locale + logo).filter(|text| !text.is_empty())
}

fn whole(partner: &Partner, locale: &str) -> String {
    let (data, home, ground, id, name) =
        (Data::of(partner, 0), partner.home(), &partner.ground, &partner.id, &partner.name);
    let Data { color, phone, contact, street, legal_name, .. } = &data;
    let [city, state, postcode] = *data.place;
    let [email, crm, capability] = *data.platforms;
    let excluded = ground.excluded().map_or(String::new(), |(motion, industry)| {
        format!("exclude:\n  - {{motion: {motion}, industry: {industry}}}\n")
    });
    let leads = 20 + partner.luck as usize % 9 * 10;
    let second = name::person((partner.luck as usize + 7) % name::PEOPLE);
    format!(
        "name: {name}\n\
         {locale}tier: {}\n\
         motions: [{}]\n\
         industries: [{}]\n\
         regions: [{}]\n\
         {excluded}website: https://{id}.example\n\
         contact: {{name: {contact}, email: partner@{id}.example, phone: \"{phone}\"}}\n\
         brand: {{primary: \"{color}\", logo: assets/logo.svg}}\n\
         platforms: {{email: {email}, crm: {crm}}}\n\
         capability: {capability}\n\
         goals: {{leads: {leads}, mqls: {}, sqls: {}, sessions: {}, pilots: {}}}\n\
         sla_contact: {{name: {second}, email: leads@{id}.example, phone: \"{phone}\"}}\n\
         legal:\n  legal_name: {legal_name}\n  form: {}\n  street: \"{street}\"\n  postcode: \"{postcode}\"\n  city: {city}\n  \
         state: \"{state}\"\n  country: {}\n  phone: \"{phone}\"\n  email: privacy@{id}.example\n  register: \"{}\"\n  \
         vat_id: \"{}\"\n  representatives: [{contact}]\n  dpo: {{name: {second}, email: dpo@{id}.example}}\n",
        partner.tier.id(),
        ground.motions.join(", "),
        ground.industries.join(", "),
        regions(partner).join(", "),
        leads / 2,
        leads / 5,
        leads / 6,
        leads / 20,
        partner.form,
        home.country,
        home.register,
        home.vat_id,
    )
}

/// Its texts in another language: a name is one, and so is the legal form.
pub fn translated(partner: &Partner) -> String {
    format!("name: {}\nlegal: {{form: {}}}\n", partner.name, partner.form)
}

/// A mark and the name, in the partner's colour.
pub fn logo(partner: &Partner) -> String {
    let (color, name) = (Data::of(partner, 0).color, &partner.name);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"48\" viewBox=\"0 0 240 48\" role=\"img\">\n  \
         <title>{name}</title>\n  <rect x=\"4\" y=\"4\" width=\"40\" height=\"40\" rx=\"{}\" fill=\"{color}\"/>\n  \
         <text x=\"56\" y=\"32\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"22\" font-weight=\"700\" \
         fill=\"{color}\" textLength=\"176\" lengthAdjust=\"spacingAndGlyphs\">{name}</text>\n</svg>\n",
        partner.luck % 20
    )
}

fn regions(partner: &Partner) -> Vec<&'static str> {
    partner.ground.regions.iter().map(|region| region.id).collect()
}
