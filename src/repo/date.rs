//! The date formats of `GIT_AUTHOR_DATE` and `GIT_COMMITTER_DATE` (git-commit(1), DATE FORMATS).
//!
//! Reads `@seconds zone`, `seconds zone`, RFC 2822 and ISO 8601; nothing approximate. Without a zone: local time.

use anyhow::{Context, Result};
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;

/// Now, and the local time zone in minutes east of UTC.
pub(super) fn now() -> Result<(i64, i32)> {
    // libgit2 asks the C library, which knows every time zone the system knows.
    let when = git2::Signature::now("now", "now@now")?.when();
    Ok((when.seconds(), when.offset_minutes()))
}

/// Seconds since 1970 and minutes east of UTC.
pub(super) fn parse(text: &str) -> Result<(i64, i32)> {
    let text = text.trim();
    if let Some(found) = raw(text)? {
        return Ok(found);
    }
    if let Ok(found) = rfc2822::DateTimeParser::new().parse_zoned(text) {
        return Ok((found.timestamp().as_second(), found.offset().seconds() / 60));
    }
    iso(text).with_context(|| {
        format!(
            "`{}`: write `@1700000000 +0000`, `Tue, 14 Nov 2023 22:13:20 +0000` or `2023-11-14T22:13:20+00:00`",
            text.escape_debug()
        )
    })
}

/// `@seconds`, `@seconds zone`, `seconds zone`; bare digits only from nine on, as in git.
fn raw(text: &str) -> Result<Option<(i64, i32)>> {
    let (marked, rest) = match text.strip_prefix('@') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (digits, after) = rest.split_once(' ').unwrap_or((rest, ""));
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric || !(marked || !after.is_empty() || digits.len() >= 9) {
        return Ok(None);
    }
    let seconds: i64 = digits.parse().with_context(|| format!("`{digits}` seconds are too many"))?;
    let offset = match after.trim() {
        "" => jiff::Timestamp::from_second(seconds).ok().map_or_else(local_offset, |at| {
            TimeZone::try_system().map_or_else(|_| local_offset(), |zone| Ok(zone.to_offset(at).seconds() / 60))
        })?,
        after => match zone(after) {
            Some(offset) => offset,
            None => return Ok(None),
        },
    };
    Ok(Some((seconds, offset)))
}

/// `2023-11-14T22:13:20+01:00`, with a blank for the `T` and before the zone if one likes; no zone is local time.
fn iso(text: &str) -> Result<(i64, i32)> {
    let time_at = text.find(['T', ' ']).context("no time of day")?;
    let zone_at = text[time_at + 1..].find(['+', '-', 'Z', 'U', 'G']).map(|at| time_at + 1 + at);
    let (civil, suffix) = text.split_at(zone_at.unwrap_or(text.len()));
    let civil: DateTime = civil.trim_end().parse()?;
    let offset = match (suffix, TimeZone::try_system()) {
        ("", Ok(zone)) => civil.to_zoned(zone)?.offset().seconds() / 60,
        ("", Err(_)) => local_offset()?,
        (suffix, _) => zone(suffix).with_context(|| format!("`{suffix}` is not a time zone"))?,
    };
    let utc = civil.to_zoned(TimeZone::UTC)?.timestamp().as_second();
    Ok((utc - i64::from(offset) * 60, offset))
}

fn local_offset() -> Result<i32> {
    now().map(|(_, offset)| offset)
}

/// `+0130`, `+01:30`, `-07`, `Z`, `UTC`, `GMT` in minutes.
fn zone(text: &str) -> Option<i32> {
    if matches!(text, "Z" | "UTC" | "GMT") {
        return Some(0);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replacen(':', "", 1);
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits[..2].parse().ok()?;
    let minutes: i32 = digits[2..].parse().unwrap_or(0);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// What `parse` makes of dates is compared with git itself in `tests/git`.
#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_documented_formats_are_read() {
        for (text, expected) in [
            ("@1700000000 +0100", (1_700_000_000, 60)),
            ("@7 -0230", (7, -150)),
            ("1700000000 +0000", (1_700_000_000, 0)),
            ("Tue, 14 Nov 2023 22:13:20 +0000", (1_700_000_000, 0)),
            ("14 Nov 2023 23:13:20 +0100", (1_700_000_000, 60)),
            ("2023-11-14T22:13:20Z", (1_700_000_000, 0)),
            ("2023-11-14T23:13:20+01:00", (1_700_000_000, 60)),
            ("2023-11-14 17:13:20 -0500", (1_700_000_000, -300)),
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_missing_zone_is_local_time() {
        let (seconds, offset) = parse("2023-11-14T22:13:20").unwrap();
        assert_eq!(seconds + i64::from(offset) * 60, 1_700_000_000);
        assert_eq!(parse("@1700000000").unwrap().0, 1_700_000_000);
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in
            ["", "yesterday", "@", "12 +0x00", "2023-13-01T00:00:00Z", "2023-11-14T22:13:20+99:00", "2023-11-14"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
