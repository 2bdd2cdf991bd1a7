//! The nearest of several names, for "did you mean".

/// Longer names are not compared: the time grows with the product of the lengths.
const LONGEST: usize = 200;

/// Whether one of several names differs from `wanted` by little more than a slip of the finger.
pub fn almost(wanted: &str, names: &[&str]) -> bool {
    let close = |name: &&str| name.len() <= LONGEST && strsim::jaro_winkler(wanted, name) > 0.9;
    wanted.len() <= LONGEST && names.iter().any(close)
}

/// The name most like `wanted`, if one is like it at all.
pub fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    if wanted.len() > LONGEST {
        return None;
    }
    names
        .iter()
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase()), *name))
        .filter(|(score, _)| *score > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_and_nothing_far() {
        assert_eq!(nearest("bulid", &["test", "build"]), Some("build"));
        assert_eq!(nearest("zzz", &["test", "build"]), None);
    }
}
