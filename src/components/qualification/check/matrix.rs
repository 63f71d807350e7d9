//! Whether bands, thresholds and the matrix lead to stages that can be reached, and not by fit alone.

use std::collections::BTreeSet;

use super::super::reach;
use super::Findings;
use crate::package::qualification::{Band, Half, Qualification, Stage};

pub(super) fn check_bands(bands: &[Band], half: &str, highest: i32, findings: &mut Findings) {
    let path = format!("bands.{half}");
    let sorted = bands.windows(2).all(|pair| pair[0].min > pair[1].min);
    if !sorted || bands.last().is_none_or(|last| last.min != 0) {
        findings.add(
            &path,
            format!("the {half} bands leave a gap or overlap"),
            "list them best first, each `min` lower than the one before, the last one 0",
        );
    }
    if let Some(best) = bands.first().filter(|best| best.min > highest) {
        findings.add(
            format!("{path}[{}].min", best.id),
            format!("band `{}` begins at {}, but {half} cannot score more than {highest}", best.id, best.min),
            "lower the band, or raise points or caps",
        );
    }
}

pub(super) fn check_thresholds(model: &Qualification, findings: &mut Findings) {
    let (fit, engagement) = (reach::of_half(model, Half::Fit), reach::of_half(model, Half::Engagement));
    let thresholds = &model.thresholds;
    if thresholds.mql <= 0 || thresholds.mql >= thresholds.sql {
        findings.add(
            "thresholds",
            format!("the thresholds {} and {} are out of order", thresholds.mql, thresholds.sql),
            "make 0 < `mql` < `sql`",
        );
    }
    if fit + engagement < thresholds.sql {
        findings.add(
            "thresholds.sql",
            format!("nobody can reach {} points: the highest score is {}", thresholds.sql, fit + engagement),
            "lower the threshold, or raise points or caps",
        );
    }
    if fit >= thresholds.sql {
        findings.add(
            "thresholds.sql",
            format!(
                "fit alone reaches {fit} points, so a lead that did nothing would go to sales at {}",
                thresholds.sql
            ),
            format!("raise the threshold above {fit}, or lower the caps of the fit groups"),
        );
    }
}

pub(super) fn check_matrix(model: &Qualification, findings: &mut Findings) {
    let (fit, engagement) = (&model.bands.fit, &model.bands.engagement);
    let mut cells = BTreeSet::new();
    for (row, fit_band) in fit.iter().enumerate() {
        for (column, engagement_band) in engagement.iter().enumerate() {
            let cell = format!("{}{}", fit_band.id, engagement_band.id);
            match model.matrix.get(&*cell) {
                None => findings.add(
                    "matrix",
                    format!("the matrix has no stage for `{cell}`"),
                    format!("add `{cell}: nurture`, `mql` or `sql`"),
                ),
                Some(&stage) => check_cell(model, &cell, stage, (row, column), findings),
            }
            cells.insert(cell);
        }
    }
    for cell in model.matrix.keys().filter(|cell| !cells.contains(&***cell)) {
        findings.add(
            format!("matrix.{cell}"),
            format!("there are no bands for `{cell}`"),
            "remove it, or add the band",
        );
    }
}

fn check_cell(model: &Qualification, cell: &str, stage: Stage, at: (usize, usize), findings: &mut Findings) {
    let (fit, engagement) = (&model.bands.fit, &model.bands.engagement);
    let highest = reach::of_band(fit, at.0, reach::of_half(model, Half::Fit))
        + reach::of_band(engagement, at.1, reach::of_half(model, Half::Engagement));
    let needed = match stage {
        Stage::Sql => model.thresholds.sql,
        Stage::Mql => model.thresholds.mql,
        Stage::Nurture | Stage::Disqualified => 0,
    };
    if stage == Stage::Disqualified {
        findings.add(
            format!("matrix.{cell}"),
            "a score never disqualifies",
            "use `nurture`, and a rule in `disqualify`",
        );
    }
    // A threshold that nobody reaches has been reported as such.
    let reachable = reach::of_half(model, Half::Fit) + reach::of_half(model, Half::Engagement) >= needed;
    if reachable && highest < needed {
        findings.add(
            format!("matrix.{cell}"),
            format!("a lead in `{cell}` has {highest} points at most, but `{}` takes {needed}", stage.id()),
            "give the cell a lower stage, or lower the threshold",
        );
    }
    let worse = [
        fit.get(at.0 + 1).map(|band| (band, &engagement[at.1])),
        engagement.get(at.1 + 1).map(|band| (&fit[at.0], band)),
    ];
    for (fit_band, engagement_band) in worse.into_iter().flatten() {
        let other = format!("{}{}", fit_band.id, engagement_band.id);
        if model.matrix.get(&*other).is_some_and(|&below| below > stage) {
            findings.add(
                format!("matrix.{cell}"),
                format!("`{cell}` is better than `{other}`, but has a lower stage"),
                "let a better band never lower the stage",
            );
        }
    }
}
