//! The vocabulary of tags: what stands in the parameters of an address, and whether reports keep it apart.

use std::sync::Arc;

use super::{Facts, LinkError, channel};
use crate::data::{Data, DataMap};
use crate::diag::nearest;
use crate::package::tracking::Tracking;

/// Longest value of one parameter, as GA4 keeps it.
const MAX_VALUE: usize = 100;

/// The two values that decide the channel, and the channel.
#[derive(Clone, Debug)]
pub struct Tags {
    pub source: Arc<str>,
    pub medium: Arc<str>,
    pub channel: Arc<str>,
}

/// The code of each facet that a deployment has: the period's and the product's, and for each axis the
/// record's `code` or else the value's id. `axes` holds name and value of each axis in use.
pub fn codes<'a>(
    data: &DataMap,
    axes: impl IntoIterator<Item = (&'a Arc<str>, &'a Arc<str>)>,
) -> Vec<(Arc<str>, Arc<str>)> {
    let code = |path: &str| data.get(path).and_then(|record| record.get("code")).and_then(Data::as_str);
    let period = data.get("package").and_then(|package| package.at("period.code")).and_then(Data::as_str);
    let shared = [("period", period), ("product", code("product"))];
    let shared = shared.into_iter().filter_map(|(name, code)| Some((name.into(), code?.into())));
    let axes = axes.into_iter().map(|(axis, value)| (axis.clone(), code(axis).map_or(value.clone(), Into::into)));
    shared.chain(axes).collect()
}

/// The codes of the facets that the deployment has, in the declared order.
pub fn campaign_name(tracking: &Tracking, facts: &Facts) -> Result<String, LinkError> {
    let delimiter = &*tracking.campaign.delimiter;
    value("tracking.campaign.delimiter", delimiter)
        .map_err(|error| error.about("tracking.campaign.delimiter".to_owned()))?;
    let mut codes = Vec::with_capacity(tracking.campaign.facets.len());
    for facet in &tracking.campaign.facets {
        let Some((_, code)) = facts.codes.iter().find(|(name, _)| name == facet) else { continue };
        let about = |error: LinkError| error.about(format!("{facet}.code"));
        let code = code.to_ascii_lowercase();
        value("utm_campaign", &code).map_err(about)?;
        if code.contains(delimiter) {
            let message = format!("the code `{code}` of `{facet}` contains `{delimiter}`, which separates facets");
            return Err(about(LinkError::new("E-UTM", message, "give it a `code` without that character")));
        }
        codes.push(code);
    }
    let campaign = codes.join(delimiter);
    value("utm_campaign", &campaign).map_err(|error| error.about("tracking.campaign.facets".to_owned()))?;
    Ok(campaign)
}

/// Source and medium from the vocabulary, in the channel that the medium stands for.
pub fn tags(tracking: &Tracking, source: &Arc<str>, medium: &Arc<str>, campaign: &str) -> Result<Tags, LinkError> {
    let Some(word) = tracking.mediums.iter().find(|word| word.id == *medium) else {
        return Err(LinkError::new(
            "E-UTM",
            format!("`{medium}` is not in `tracking.mediums`"),
            match nearest(medium, tracking.mediums.iter().map(|word| &*word.id)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "add it together with its channel".to_owned(),
            },
        ));
    };
    value("utm_source", source)?;
    value("utm_medium", medium)?;
    let found = channel(source, medium, campaign);
    if found != &*word.channel {
        return Err(LinkError::new(
            "E-CHANNEL",
            format!(
                "GA4 counts source `{source}`, medium `{medium}`, campaign `{campaign}` as {found}, not {}",
                word.channel
            ),
            channel_help(found),
        )
        .about(format!("tracking.mediums[{}].channel", word.id)));
    }
    Ok(Tags { source: source.clone(), medium: medium.clone(), channel: word.channel.clone() })
}

fn channel_help(found: &str) -> &'static str {
    match found {
        "Organic Shopping" | "Paid Shopping" => {
            "a `shop` at the start of a campaign code or after `_`, `-` or `e` counts as shopping: give the axis value another `code`"
        }
        "Cross-network" => "remove `cross-network` from the codes that make up the campaign name",
        "Unassigned" => {
            "use a medium that GA4 knows, or declare the channel as `Unassigned` and ship a custom channel group"
        }
        _ => "use another medium for this source, or correct the channel in `tracking.mediums`",
    }
}

/// Checks that a value survives reports: GA4 keeps case apart and cuts long values.
pub fn value(name: &str, value: &str) -> Result<(), LinkError> {
    if value.is_empty() {
        return Err(LinkError::new("E-UTM", format!("`{name}` is empty"), "check the codes it is made of"));
    }
    if let Some(c) = value.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '-')) {
        let message = format!("`{name}` holds the character {c:?}: `{value}`");
        return Err(LinkError::new("E-UTM", message, "use lower-case letters, digits, `-` and `_` only"));
    }
    if value.len() > MAX_VALUE {
        let message = format!("`{name}` is {} characters long: `{value}`", value.len());
        return Err(LinkError::new("E-UTM", message, format!("keep it within {MAX_VALUE}: shorten ids or give codes")));
    }
    Ok(())
}

/// The `utm_id` of a deployment, its name in cost imports and CRM fields: a `d` and ten letters and
/// digits. The letter keeps spreadsheets from reading a number such as `12e10`.
pub fn utm_id(deployment: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let hash = blake3::hash(deployment.as_bytes());
    let letters = hash.as_bytes().iter().take(10).map(|byte| ALPHABET[usize::from(byte % 32)] as char);
    std::iter::once('d').chain(letters).collect()
}
