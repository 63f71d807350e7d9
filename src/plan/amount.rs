//! Money: exact decimals, rounded to the minor unit of a currency, a half away from zero as spreadsheets do.

use rust_decimal::prelude::{FromStr, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

/// A number as somebody wrote it: `0.1` is a tenth. `None` where it is no number or too large for money.
pub fn of(number: f64) -> Option<Decimal> {
    Decimal::from_str(&number.to_string()).ok()
}

/// How many digits of a currency stand behind the point: none of the yen, three of the Omani rial. Two where the currency is
/// not known, which the schema refuses.
pub fn places(currency: &str) -> u32 {
    iso_currency::Currency::from_code(currency).and_then(|known| known.exponent()).map_or(2, u32::from)
}

pub fn rounded(amount: Decimal, places: u32) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    rounded
}

/// An amount in minor units. `None` where there are too many of them.
pub fn minor(amount: Decimal, places: u32) -> Option<i64> {
    let mut units = rounded(amount, places);
    units.set_scale(0).ok()?;
    units.to_i64()
}

pub fn of_minor(units: i64, places: u32) -> Decimal {
    Decimal::new(units, places)
}

/// Percentages of an amount, one after the other. Rounding runs along, so the parts of a hundred add up to the whole.
pub fn shares(whole: Decimal, places: u32, percents: impl IntoIterator<Item = Decimal>) -> Vec<Decimal> {
    let (mut percent, mut given) = (Decimal::ZERO, Decimal::ZERO);
    let part = |of: Decimal| {
        percent += of;
        let reached = rounded(whole * percent / Decimal::ONE_HUNDRED, places);
        let part = reached - given;
        given = reached;
        part
    };
    percents.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn currencies_have_their_own_minor_unit() {
        assert_eq!(["JPY", "EUR", "OMR", "AED"].map(places), [0, 2, 3, 2]);
        assert_eq!(rounded(Decimal::new(12345, 3), 2).to_string(), "12.35");
        assert_eq!(rounded(Decimal::new(-125, 1), 0).to_string(), "-13");
        assert_eq!(minor(Decimal::new(5, 1), 2), Some(50));
        assert_eq!(of_minor(50, 2).to_string(), "0.50");
        assert_eq!(of(0.1).map(|tenth| tenth * Decimal::TEN), Some(Decimal::ONE));
        assert_eq!(of(f64::NAN), None);
    }

    proptest! {
        #[test]
        fn parts_of_a_hundred_are_the_whole(
            mut cuts in proptest::collection::vec(0i64..=1000, 0..6),
            units in 0i64..100_000_000,
            places in 0u32..4,
        ) {
            cuts.extend([0, 1000]);
            cuts.sort_unstable();
            let whole = of_minor(units, places);
            let percents: Vec<_> = cuts.windows(2).map(|pair| Decimal::new(pair[1] - pair[0], 1)).collect();
            let parts = shares(whole, places, percents.iter().copied());
            prop_assert_eq!(parts.iter().sum::<Decimal>(), whole);
            for (part, percent) in parts.iter().zip(percents) {
                let exact = whole * percent / Decimal::ONE_HUNDRED;
                prop_assert!((part - exact).abs() <= of_minor(1, places), "{part} of {exact}");
            }
        }
    }
}
