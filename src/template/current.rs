//! The scope of the rendering that this thread is in.
//!
//! Tera's values cannot carry an object of ours, and MiniJinja's macros do not see the whole context;
//! a rendering never leaves its thread, so the scope is kept beside it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::interpolate::Scope;

type Shared = Rc<dyn Scope>;

thread_local! {
    static SCOPES: RefCell<Vec<Shared>> = const { RefCell::new(Vec::new()) };
}

/// Does something within a scope; the scope is left however it ends.
pub fn during<T>(scope: &Shared, work: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            SCOPES.with_borrow_mut(Vec::pop);
        }
    }
    SCOPES.with_borrow_mut(|scopes| scopes.push(scope.clone()));
    let _leave = Leave;
    work()
}

/// The innermost scope; `None` outside of any rendering.
pub fn scope() -> Option<Shared> {
    SCOPES.with_borrow(|scopes| scopes.last().cloned())
}
