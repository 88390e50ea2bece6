//! Many who ask while others write: nobody waits, and no answer is older than the question.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::*;

#[test]
fn who_asks_after_a_write_sees_it() {
    let (ground, _) = ground(40);
    let done = AtomicBool::new(false);
    let asked = AtomicUsize::new(0);
    thread::scope(|scope| {
        // Each writer has a record of its own, and must see its own write; all share the index.
        for writer in 0..3 {
            let (ground, done, asked) = (&ground, &done, &asked);
            scope.spawn(move || {
                let store = Store::of(ground.repository());
                let id = format!("2020-01-01-w{writer}");
                for note in 0..60 {
                    let file = ground.top().join(path(&id));
                    replace(&file, &text(&id, note));
                    let (told, _) = told::<Incident>(&store);
                    let found = told.iter().find(|(at, _)| *at == path(&id)).unwrap();
                    assert_eq!(found.1.as_ref().unwrap().title.as_str(), format!("disk {}", note % 10));
                    asked.fetch_add(1, Ordering::Relaxed);
                }
                done.store(true, Ordering::Relaxed);
            });
        }
        scope.spawn(|| {
            let store = Store::of(ground.repository());
            while !done.load(Ordering::Relaxed) {
                let (told, _) = told::<Incident>(&store);
                assert!(told.iter().all(|(_, row)| row.is_ok()), "{told:?}");
                let _ = store.forget_index::<Incident>();
            }
        });
    });
    assert_eq!(asked.into_inner(), 180);
    let store = Store::of(ground.repository());
    settle(&store);
}
