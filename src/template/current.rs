//! What the rendering that this thread is in may ask, and what it has asked.
//!
//! Tera's values cannot carry an object of ours, and neither engine hands its functions anything that a caller
//! brought along into macros too. So what a rendering is given, and what it gives back beside its text, lies next to
//! the engine's own call stack, within [`during`] and nowhere else.

use std::cell::RefCell;
use std::rc::Rc;

use crate::interpolate::Scope;

/// A link that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkUse {
    /// The link's id in the taxonomy.
    pub id: Box<str>,
    /// Where it stands; `None` where its address alone was asked for, by which nobody comes.
    pub placement: Option<Box<str>>,
}

struct Frame {
    scope: Rc<dyn Scope>,
    links: Vec<LinkUse>,
    steps: u32,
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// Does something within a scope, and gives back with it the links that it asked for. The scope is left however it
/// ends.
pub fn during<T>(scope: &Rc<dyn Scope>, work: impl FnOnce() -> T) -> (T, Vec<LinkUse>) {
    /// Ends the frame also where the work does not.
    struct Leave;
    impl Leave {
        fn links() -> Vec<LinkUse> {
            FRAMES.with_borrow_mut(Vec::pop).map(|frame| frame.links).unwrap_or_default()
        }
    }
    impl Drop for Leave {
        fn drop(&mut self) {
            Self::links();
        }
    }
    FRAMES.with_borrow_mut(|frames| frames.push(Frame { scope: scope.clone(), links: Vec::new(), steps: 0 }));
    let leave = Leave;
    let done = work();
    std::mem::forget(leave);
    (done, Leave::links())
}

/// The innermost scope; `None` outside of any rendering.
pub fn scope() -> Option<Rc<dyn Scope>> {
    FRAMES.with_borrow(|frames| frames.last().map(|frame| frame.scope.clone()))
}

/// Notes that the rendering asked for a link, and got it.
pub fn note(id: &str, placement: Option<&str>) {
    FRAMES.with_borrow_mut(|frames| {
        let used = || LinkUse { id: id.into(), placement: placement.map(Box::from) };
        frames.last_mut().into_iter().for_each(|frame| frame.links.push(used()));
    });
}

/// Notes a step of the rendering, and tells how many there were.
pub fn step() -> u32 {
    FRAMES.with_borrow_mut(|frames| {
        frames.last_mut().map_or(0, |frame| {
            frame.steps += 1;
            frame.steps
        })
    })
}
