//! Where the demo keeps its data when nobody says: in the user's data folder, so that it is found
//! again from wherever it is started.

use std::path::PathBuf;

use crate::failure::{Outcome, usage};

/// Name of the folder.
const NAME: &str = "wigwag-demo";

/// `$XDG_DATA_HOME/wigwag-demo`, else the platform's place below the home folder.
///
/// # Errors
/// When there is no home folder.
pub(super) fn default_folder() -> Outcome<PathBuf> {
    choose(|name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    })
    .ok_or_else(|| usage("there is no home folder to keep the demo in: name one with --data"))
}

fn choose(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    // The specification says that a path that is not absolute is to be ignored.
    let data = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let below_home = if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        ".local/share"
    };
    let data = data.or_else(|| Some(variable("HOME")?.join(below_home)))?;
    Some(data.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_data_folder_of_the_user_comes_first() {
        let both = |name: &str| match name {
            "XDG_DATA_HOME" => Some(PathBuf::from("/data")),
            _ => Some(PathBuf::from("/people/asha")),
        };
        assert_eq!(
            choose(both).as_deref(),
            Some(Path::new("/data/wigwag-demo"))
        );
        let home = |name: &str| (name == "HOME").then(|| PathBuf::from("/people/asha"));
        assert!(choose(home).is_some_and(|path| path.starts_with("/people/asha")));
        assert_eq!(choose(|_| None), None);
    }
}
