//! The law of the partner's country, where a region spans several: what `region.legal.countries` says of it holds in place
//! of what the region says for all.

use std::sync::Arc;

use crate::resolve::tree::{Tree, Value};

/// The tree with the law of the country in which the partner is. Nothing changes where its region says nothing of that.
pub fn of_country(tree: &Arc<Tree>) -> Arc<Tree> {
    let said = || {
        let country = tree.text_at("partner.legal.country")?;
        let region = tree.get("region")?;
        let legal = region.get("legal")?;
        Some((region, legal, legal.get("countries")?.get(country)?))
    };
    let Some((region, legal, own)) = said() else { return tree.clone() };
    let legal = own.children().fold(legal.clone(), |legal, (key, node)| {
        let node = legal.get(key).map_or_else(|| node.clone(), |all| over(all, node));
        legal.with(key, node)
    });
    tree.with("region", region.with("legal", legal))
}

/// A value in place of another; of lists, item by item.
fn over(all: &Arc<Tree>, own: &Arc<Tree>) -> Arc<Tree> {
    let (Value::List(all), Value::List(items)) = (all.value(), own.value()) else { return own.clone() };
    let mut all = all.clone();
    all.extend(items.iter().map(|(id, item)| (id.clone(), item.clone())));
    Arc::new(Value::List(all).into())
}
