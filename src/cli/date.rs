//! The day of a run, for notes.

use anyhow::{Context, Result, bail};

use crate::repo::source_date_epoch;

/// The day for notes: as given, else of `SOURCE_DATE_EPOCH`, else today.
///
/// # Errors
/// What is given is no day, or the epoch no number.
pub fn date(given: Option<&str>) -> Result<String> {
    if let Some(text) = given {
        let date: Result<jiff::civil::Date, _> = text.parse();
        return match date {
            Ok(date) if date.to_string() == text => Ok(date.to_string()),
            _ => bail!("`--date {text}` is no day: write YYYY-MM-DD, such as 2026-02-08"),
        };
    }
    let day = match source_date_epoch(&|name| std::env::var(name).ok())? {
        Some(seconds) => {
            let time = jiff::Timestamp::from_second(seconds).context("SOURCE_DATE_EPOCH is out of range")?;
            time.to_zoned(jiff::tz::TimeZone::UTC).date()
        }
        None => jiff::Zoned::now().date(),
    };
    Ok(day.to_string())
}
