//! What one thread has for the others to do, in its order.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Pieces of work that wait for somebody.
pub struct Belt<P> {
    state: Mutex<State<P>>,
    news: Condvar,
}

struct State<P> {
    pieces: VecDeque<P>,
    is_closed: bool,
}

impl<P> Default for Belt<P> {
    fn default() -> Self {
        let state = State { pieces: VecDeque::new(), is_closed: false };
        Self { state: Mutex::new(state), news: Condvar::new() }
    }
}

impl<P> Belt<P> {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.state().pieces.len()
    }

    /// Adds one.
    pub fn put(&self, piece: P) {
        self.state().pieces.push_back(piece);
        self.news.notify_one();
    }

    /// Nothing more is added.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.news.notify_all();
    }

    /// Takes one after the other, and waits where there is none, until the belt is closed and empty.
    pub fn pieces(&self) -> impl Iterator<Item = P> {
        std::iter::from_fn(|| {
            let mut state = self.state();
            loop {
                match state.pieces.pop_front() {
                    None if !state.is_closed => {
                        state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
                    }
                    piece => return piece,
                }
            }
        })
    }

    fn state(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes a belt once this goes, so that nobody waits for one that panicked.
pub struct Closing<'b, P>(pub &'b Belt<P>);

impl<P> Drop for Closing<'_, P> {
    fn drop(&mut self) {
        self.0.close();
    }
}
