use std::fs;

use scaleup::report::write::whole;

#[test]
fn a_file_is_replaced_whole_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("output/ekf/stages.csv");
    whole(&path, b"first").expect("it can be written");
    whole(&path, b"second").expect("it can be replaced");
    assert_eq!(fs::read(&path).expect("it can be read"), b"second");
    let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["stages.csv"]);
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("taken");
    fs::create_dir(&path).expect("a folder in the way");
    fs::write(path.join("inside"), "").expect("which is not empty");
    let error = whole(&path, b"bytes").expect_err("a folder is in the way");
    assert!(error.to_string().starts_with(&format!("cannot write {}: ", path.display())), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
