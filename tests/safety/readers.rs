//! Somebody reads packages while builds replace them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::process::{Site, ids};

/// Tries to see half a package; how often a look fell across an exchange.
fn look(package: &Path) -> usize {
    let manifest = || std::fs::read(package.join("manifest.json"));
    // The folder may be exchanged between the steps of one look, so a second one decides.
    for crossed in 0..50 {
        let Ok(before) = manifest() else { continue };
        let report = cobrand::verify::verify(package, &Default::default());
        if report.diagnostics.is_empty() {
            return crossed;
        }
        // No two editions have the same manifest.
        let after = manifest();
        assert!(after.is_ok_and(|after| after != before), "half a package: {:#?}", report.diagnostics);
    }
    panic!("{} is never whole", package.display());
}

#[test]
fn a_reader_never_sees_half_a_package() {
    let site = Site::new(4);
    site.edition(0);
    let first = site.build();
    site.edition(1);
    let second = site.build();
    // Those that stand in every edition.
    let packages: Vec<_> = ids(&first).into_iter().filter(|id| ids(&second).contains(id)).collect();
    let (output, over) = (site.output(), AtomicBool::new(false));
    let read = || {
        let (mut looks, mut crossed) = (0, 0);
        loop {
            // One round more after the last build.
            let last = over.load(Ordering::SeqCst);
            for id in &packages {
                crossed += look(&output.join(id));
                looks += 1;
            }
            if last {
                return (looks, crossed);
            }
        }
    };
    std::thread::scope(|scope| {
        let reader = scope.spawn(read);
        for edition in 2..12 {
            site.edition(edition);
            site.build();
        }
        over.store(true, Ordering::SeqCst);
        let (looks, crossed) = reader.join().unwrap();
        eprintln!("{looks} looks, {crossed} of them across an exchange");
        assert!(looks >= packages.len());
    });
    assert!(packages.len() > 5);
}
