//! What ICU4X knows about a locale, loaded once for each thread.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::enums::DateFieldSet;
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;

/// The formatters of one locale, each made when it is first asked for.
pub struct Formatters {
    pub locale: Locale,
    /// By style: short, medium, long, full.
    pub dates: [OnceCell<DateTimeFormatter<DateFieldSet>>; 4],
    pub decimal: OnceCell<DecimalFormatter>,
}

// By thread, because ICU's formatters are not `Sync` without a lock in each of them.
thread_local! {
    static FORMATTERS: RefCell<BTreeMap<Box<str>, Rc<Formatters>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The formatters of a BCP 47 tag.
pub fn formatters(tag: &str) -> Result<Rc<Formatters>, String> {
    if let Some(known) = FORMATTERS.with_borrow(|all| all.get(tag).cloned()) {
        return Ok(known);
    }
    let locale = tag.parse().map_err(|_| format!("`{tag}` is no locale"))?;
    let made = Rc::new(Formatters { locale, dates: Default::default(), decimal: OnceCell::new() });
    FORMATTERS.with_borrow_mut(|all| all.insert(tag.into(), made.clone()));
    Ok(made)
}

/// The value of a cell, made by `make` if it is the first time.
pub fn get_or_try<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T, String>) -> Result<&T, String> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}
