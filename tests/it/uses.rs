//! What a file of the source uses: every path in it that leads to a module of this crate, `use` trees taken apart.

use std::path::Path;
use syn::visit::{self, Visit};

/// The module that a file is, from the root of the crate: `src/model/state/pod.rs` is `[model, state, pod]`.
pub fn module_of(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix("src").expect("a source file").with_extension("");
    let mut module: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    module.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
    module
}

/// The paths from the root of the crate that a file uses.
pub fn of(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("UTF-8");
    paths(&module_of(path), &text)
}

fn paths(module: &[String], text: &str) -> Vec<Vec<String>> {
    let mut seen = Seen { module: module.to_vec(), paths: Vec::new() };
    seen.visit_file(&syn::parse_file(text).expect("it compiles"));
    seen.paths
}

struct Seen {
    module: Vec<String>,
    paths: Vec<Vec<String>>,
}

impl Seen {
    /// Notes a path that begins with `crate`, `self` or `super`; others lead to other packages, or to what was noted
    /// where it came from.
    fn note(&mut self, path: &[String]) {
        let supers = path.iter().take_while(|part| *part == "super").count();
        let base = match path.first().map(String::as_str) {
            Some("crate") => &[],
            Some("self") => &self.module[..],
            Some("super") => &self.module[..self.module.len() - supers],
            _ => return,
        };
        let rest = &path[supers.max(1)..];
        self.paths.push(base.iter().chain(rest).cloned().collect());
    }

    fn note_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.note_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.note(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.note_tree(before, item)),
        }
    }
}

impl Visit<'_> for Seen {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.note_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        self.note(&path.segments.iter().map(|part| part.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    /// What stands in a macro is a row of words only.
    fn visit_macro(&mut self, found: &syn::Macro) {
        let text = found.tokens.to_string();
        let words: Vec<&str> = text.split_whitespace().collect();
        for start in (0..words.len()).filter(|&start| ["crate", "super", "self"].contains(&words[start])) {
            if start == 0 || words[start - 1] != "::" {
                let steps = words[start + 1..].chunks_exact(2).take_while(|pair| pair[0] == "::");
                let path = std::iter::once(words[start]).chain(steps.map(|pair| pair[1]));
                self.note(&path.map(str::to_owned).collect::<Vec<_>>());
            }
        }
        visit::visit_macro(self, found);
    }
}

#[test]
fn paths_are_found_however_they_are_written() {
    let text = "
        use crate::{cli::{self, run as other}, report::*};
        use super::super::time::Span;
        mod inner {
            use super::super::sibling;
            fn f(x: crate::stats::Mean) -> Vec<self::Own> { println!(\"{}\", crate::engine::run::now()) }
        }
        use std::fmt;
    ";
    let module = ["model", "state"].map(str::to_owned);
    let found: Vec<String> = paths(&module, text).iter().map(|path| path.join("::")).collect();
    let expected = [
        "cli::self",
        "cli::run",
        "report",
        "time::Span",
        "model::sibling",
        "stats::Mean",
        "model::state::inner::Own",
        "engine::run::now",
    ];
    assert_eq!(found, expected);
}
