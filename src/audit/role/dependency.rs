//! Scripts that fetch the source of another project, build and install it: a dependency, whatever tool builds it.

/// What shows it.
pub const SAYS: &str = "it builds and installs a dependency";

/// Ways to install what was built.
const INSTALLS: &[&str] = &[
    "--target install",
    "make install",
    "make -j install",
    "cmake --install",
    "ninja install",
    "meson install",
    "pip install .",
    "setup.py install",
    "nmake install",
    "gem install",
];

/// Whether a script builds and installs what it has fetched just before, from elsewhere.
pub fn is_built(script: &str) -> bool {
    if !script.contains("://") || !script.contains("install") {
        return false;
    }
    let joined = script.replace("\\\n", " ");
    let Some(at) = joined.lines().position(fetches) else { return false };
    let mut after = joined.lines().skip(at);
    after.any(|line| INSTALLS.iter().any(|way| line.contains(way)) || installs_as_root(line))
}

/// `git clone https://...`, `curl -L https://.../x.tar.gz`, but not of the repository itself.
fn fetches(line: &str) -> bool {
    let archive = || [".tar", ".tgz", ".zip"].iter().any(|end| line.contains(end));
    let gets = || line.contains("git clone") || ((line.contains("curl") || line.contains("wget")) && archive());
    let own = || ["GITHUB_REPOSITORY", "GITHUB_SERVER_URL"].iter().any(|name| line.contains(name));
    line.contains("://") && gets() && !own() && !line.to_ascii_lowercase().contains("github.repository")
}

/// `sudo make -C build install`
fn installs_as_root(line: &str) -> bool {
    let words = || line.split_whitespace();
    words().any(|word| matches!(word, "make" | "ninja" | "cmake")) && words().next_back() == Some("install")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_fetched_and_installed_is_a_dependency() {
        let clone = "git clone --depth 1 https://example.org/lib.git\ncd lib\ncmake -B build\n";
        for (script, expected) in [
            (format!("{clone}cmake --build build --target install"), true),
            (format!("{clone}sudo make -C build install"), true),
            (format!("{clone}cmake --build build"), false),
            ("curl -L https://example.org/lib.tar.gz | tar xz\n./configure && make install".to_owned(), true),
            ("git clone \\\n  https://example.org/x x\ncd x && make install".to_owned(), true),
            ("make\nmake install".to_owned(), false),
            ("git clone https://example.org/${{ github.repository }}\nmake install".to_owned(), false),
            ("make install\ngit clone https://example.org/tests".to_owned(), false),
        ] {
            assert_eq!(is_built(&script), expected, "{script}");
        }
    }
}
