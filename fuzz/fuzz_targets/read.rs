//! Any bytes as a scenario file: they are read, or every problem is shown with its place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scaleup::scenario::load;

fuzz_target!(|bytes: &[u8]| {
    let folder = std::env::temp_dir().join(format!("scaleup-fuzz-read-{}", std::process::id()));
    let file = folder.join("strange.toml");
    std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, bytes)).expect("it can be written");
    match load(&file, &[]) {
        Ok(loaded) => {
            // What it resolves to is a scenario too, and the same one.
            std::fs::write(&file, loaded.document.to_toml()).expect("it can be written");
            let again = load(&file, &[]).unwrap_or_else(|problems| panic!("{problems}"));
            assert_eq!(again.document.hash(), loaded.document.hash());
        }
        Err(problems) => assert!(problems.render(false).starts_with("error: "), "{problems}"),
    }
});
