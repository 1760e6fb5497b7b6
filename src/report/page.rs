//! One page.
use super::folder::Folder;
/// x
pub fn html(_folders: &[Folder]) -> String { String::new() }
/// x
pub fn markdown(_folders: &[Folder]) -> String { String::new() }
/// x
pub fn answer(_folder: &Folder) -> String { String::new() }
