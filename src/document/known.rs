//! What forms are filled with that neither a lead nor a visit's address brings: closed sets, of which the proof knows that
//! whatever `tracking.fields` has beside them stays empty (J1).

/// What the site's script knows of the page that a visit began on: `from: page`.
pub const BEGUN_ON: [&str; 2] = ["landing_page", "referrer"];

/// What a page with a form knows by itself: `from: package`.
#[derive(Clone, Copy, Default)]
pub struct Known<'k> {
    pub deployment: &'k str,
    pub campaign: &'k str,
    pub partner: &'k str,
    pub version: &'k str,
    pub request: &'k str,
    pub locale: &'k str,
    pub url: &'k str,
    /// The version of the words beside a number to call at; nothing where none is asked for.
    pub phone_consent: &'k str,
}

impl<'k> Known<'k> {
    /// Each value under the name of its field.
    pub fn fields(self) -> [(&'static str, &'k str); 8] {
        [
            ("deployment_id", self.deployment),
            ("campaign", self.campaign),
            ("partner_id", self.partner),
            ("package_version", self.version),
            ("request", self.request),
            ("locale", self.locale),
            ("page_url", self.url),
            ("phone_consent", self.phone_consent),
        ]
    }
}

/// The fields that have a value where it comes `from` there; `None` where nobody can tell, since an address brings it, or
/// whoever receives the form sets it.
pub fn filled(from: &str) -> Option<Vec<&'static str>> {
    match from {
        "page" => Some(BEGUN_ON.to_vec()),
        "package" => Some(Known::default().fields().map(|(field, _)| field).to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_the_sample_fills_what_it_is_said_to() {
        let script = include_str!("../../master-templates/assets/attribution.js");
        assert!(BEGUN_ON.iter().all(|field| script.contains(&format!("trail.set(\"{field}\""))));
    }
}
