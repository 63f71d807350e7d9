//! The links that a partner uses outside of its package: a row for each placement.

use std::sync::Arc;

use super::taxonomy::tags;
use super::{LinkError, LinkRow, Links, PLACEMENTS, Target, Use, way, with_fragment};
use crate::diag::nearest;
use crate::package::tracking::Placement;
use crate::schema::address::Scheme;

impl Links {
    /// A row for each declared placement in each locale of the deployment.
    pub fn placements(&self) -> Result<Vec<LinkRow>, Vec<LinkError>> {
        let (mut rows, mut errors) = (Vec::new(), Vec::new());
        for placement in &self.tracking.placements {
            for locale in &self.facts.locales {
                match self.placement(placement, locale) {
                    Ok(row) => rows.push(row),
                    Err(error) => errors.push(error),
                }
            }
        }
        if errors.is_empty() { Ok(rows) } else { Err(errors) }
    }

    fn placement(&self, placement: &Placement, locale: &str) -> Result<LinkRow, LinkError> {
        let about = |key: &str| {
            let path = format!("tracking.placements[{}].{key}", placement.id);
            move |error: LinkError| error.about(path)
        };
        let link = self.link(&placement.link).map_err(about("link"))?;
        let url = match self.target(link, locale).map_err(about("link"))? {
            Target::Outside(address) => (address.scheme == Scheme::Web).then(|| address.text.to_string()),
            Target::Document(target) => self.public(&target.path),
        };
        let url = url.ok_or_else(|| {
            let message = format!("placement `{}` leads to nothing that is published", placement.id);
            let help = "name a link to a page of the site or to a web address";
            about("link")(LinkError::new("E-LINK", message, help).resting_on(way(link)))
        })?;
        self.known_source(&placement.source).map_err(about("source"))?;
        let tags = tags(&self.tracking, &placement.source, &placement.medium, &self.campaign);
        let tags = tags.map_err(about("medium"))?;
        let content = self.content(&[&placement.id, &link.id], locale)?;
        let from = Use { document: PLACEMENTS, component: "tracking", placement: &placement.id, locale };
        self.row(from, link, &tags, content, with_fragment(url, link))
    }

    fn known_source(&self, source: &Arc<str>) -> Result<(), LinkError> {
        let mut known = self.tracking.sources.iter().map(|word| &word.id).chain([&self.facts.partner]);
        if known.any(|word| word == source) {
            return Ok(());
        }
        let help = match nearest(source, self.tracking.sources.iter().map(|word| &*word.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to the vocabulary, or use the partner's id".to_owned(),
        };
        Err(LinkError::new("E-UTM", format!("`{source}` is not in `tracking.sources`"), help))
    }
}
