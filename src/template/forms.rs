//! The forms of the pages that deployments share, made as they are needed.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::form::Form;
use super::{Context, Engine, Rendering, Shares};
use crate::diag::Diagnostic;

/// How many forms one page may have: past that, its deployments are too unlike for forms to be worth it.
const MOST: usize = 8;

/// The forms of the deployments of one base.
#[derive(Default)]
pub struct Forms {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pages: HashMap<PageId, Page>,
    counts: FormCounts,
}

/// A page of all deployments: each makes its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageId {
    pub template: Box<str>,
    pub output: Box<str>,
    /// The locale it is written in.
    pub tag: Arc<str>,
}

#[derive(Clone, Default)]
struct Page {
    forms: Arc<[Arc<Form>]>,
    /// No more forms are made of it.
    closed: bool,
}

/// What forms were made, and how often that spared a rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCounts {
    pub made: u64,
    /// Slots of all forms made.
    pub slots: u64,
    /// Pages that were filled.
    pub filled: u64,
    /// Pages that were rendered from their templates.
    pub rendered: u64,
    /// Templates that cannot be followed, with how many pages were rendered for it.
    pub unfollowed: BTreeMap<Box<str>, u64>,
    /// Values that templates look at, so that deployments with another value need another form; with how
    /// many forms do.
    pub forced: BTreeMap<String, u64>,
}

impl AddAssign for FormCounts {
    fn add_assign(&mut self, other: Self) {
        self.made += other.made;
        self.slots += other.slots;
        self.filled += other.filled;
        self.rendered += other.rendered;
        for (template, count) in other.unfollowed {
            *self.unfollowed.entry(template).or_default() += count;
        }
        for (path, count) in other.forced {
            *self.forced.entry(path).or_default() += count;
        }
    }
}

impl Forms {
    /// The page, filled where one of its forms holds for the context, and rendered otherwise.
    pub fn render(
        &self,
        engine: &dyn Engine,
        page: PageId,
        context: &Context<'_>,
        shares: Shares<'_>,
    ) -> Result<Rendering, Diagnostic> {
        let known = self.lock().pages.get(&page).cloned().unwrap_or_default();
        if let Some(filled) = known.forms.iter().find_map(|form| form.fill(context)) {
            self.lock().counts.filled += 1;
            return Ok(filled);
        }
        let rendering = engine.render(&page.template, context)?;
        let form = if known.closed { None } else { engine.trace(&page.template, context, shares) };
        // A form that does not give what was rendered would be a fault of ours: then there is none.
        let form = form.filter(|form| form.fill(context).is_some_and(|filled| filled.text == rendering.text));
        self.lock().note(page, form);
        Ok(rendering)
    }

    pub fn counts(&self) -> FormCounts {
        self.lock().counts.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is complete before the next call that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, id: PageId, form: Option<Form>) {
        self.counts.rendered += 1;
        let page = self.pages.entry(id.clone()).or_default();
        let Some(form) = form else {
            if page.forms.is_empty() {
                *self.counts.unfollowed.entry(id.template).or_default() += 1;
            }
            page.closed = true;
            return;
        };
        self.counts.made += 1;
        self.counts.slots += form.slots() as u64;
        for path in form.forced() {
            *self.counts.forced.entry(path).or_default() += 1;
        }
        page.forms = page.forms.iter().cloned().chain([Arc::new(form)]).collect();
        page.closed = page.forms.len() >= MOST;
    }
}
