//! Quiet hours: from a time of day to another, where the person lives. E-mails of that time are held until its end;
//! the inbox is silent anyway and shows everything at once. What can't wait ([`crate::kind::Kind::is_urgent`]) isn't held.

use chrono::{DateTime, Days, LocalResult, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// A part of the day, perhaps over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// When it begins.
    pub from: NaiveTime,
    /// When it ends: not the same as `from`.
    pub to: NaiveTime,
    /// Whose clock.
    pub zone: Tz,
}

/// Why these are no quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotQuietHours {
    /// Not "HH:MM", or both the same.
    Time,
    /// Not a name of the IANA time zone database.
    Zone,
}

impl QuietHours {
    /// Reads "22:00", "08:00", "Europe/Moscow".
    pub fn read(from: &str, to: &str, zone: &str) -> Result<Self, NotQuietHours> {
        let time = |text: &str| {
            // "7:00" and "07:00:00" would be read too: one form only.
            Some(text)
                .filter(|text| text.len() == 5)
                .and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok())
        };
        let (Some(from), Some(to)) = (time(from), time(to)) else {
            return Err(NotQuietHours::Time);
        };
        if from == to {
            return Err(NotQuietHours::Time);
        }
        Ok(Self {
            from,
            to,
            zone: zone.parse().map_err(|_| NotQuietHours::Zone)?,
        })
    }

    /// "22:00"
    pub fn written(time: NaiveTime) -> String {
        time.format("%H:%M").to_string()
    }

    /// When they end, if it is quiet now.
    pub fn end(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&self.zone).naive_local();
        let (time, today) = (local.time(), local.date());
        let over_midnight = self.from > self.to;
        let quiet = if over_midnight {
            time >= self.from || time < self.to
        } else {
            time >= self.from && time < self.to
        };
        if !quiet {
            return None;
        }
        let end_day = if over_midnight && time >= self.from {
            today.checked_add_days(Days::new(1)).unwrap_or(today)
        } else {
            today
        };
        Some(self.moment(end_day.and_time(self.to)))
    }

    /// A local time as a moment. Where clocks are put forward over it, the first moment after; where they are put
    /// back over it, the first of the two.
    fn moment(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let mut local = local;
        for _ in 0..8 {
            match self.zone.from_local_datetime(&local) {
                LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => return moment.to_utc(),
                LocalResult::None => local += TimeDelta::minutes(30),
            }
        }
        local.and_utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(from: &str, to: &str, zone: &str, now: &str) -> Option<String> {
        let now: DateTime<Utc> = now.parse().unwrap();
        QuietHours::read(from, to, zone)
            .unwrap()
            .end(now)
            .map(|end| end.to_rfc3339())
    }

    #[test]
    fn a_night_ends_in_the_morning_of_that_place() {
        let night = |now| end("22:00", "08:00", "Europe/Moscow", now);
        assert_eq!(night("2026-01-15T18:59:59Z"), None);
        assert_eq!(
            night("2026-01-15T19:00:00Z").as_deref(),
            Some("2026-01-16T05:00:00+00:00")
        );
        assert_eq!(
            night("2026-01-16T03:00:00Z").as_deref(),
            Some("2026-01-16T05:00:00+00:00")
        );
        assert_eq!(night("2026-01-16T05:00:00Z"), None);
    }

    #[test]
    fn an_afternoon_stays_within_its_day() {
        let nap = |now| end("13:00", "15:00", "Asia/Kathmandu", now);
        assert_eq!(nap("2026-01-15T07:14:00Z"), None);
        assert_eq!(
            nap("2026-01-15T07:15:00Z").as_deref(),
            Some("2026-01-15T09:15:00+00:00")
        );
    }

    #[test]
    fn an_end_that_the_clock_skips_is_the_moment_after() {
        // Berlin, 29 March 2026: 02:00 is followed by 03:00.
        assert_eq!(
            end("22:00", "02:30", "Europe/Berlin", "2026-03-29T00:30:00Z").as_deref(),
            Some("2026-03-29T01:00:00+00:00")
        );
    }

    #[test]
    fn what_is_no_time_or_no_zone_is_refused() {
        let read = |from, to, zone| QuietHours::read(from, to, zone).map(|_| ());
        for (from, to) in [
            ("22:00", "22:00"),
            ("24:00", "08:00"),
            ("7:00", "08:00"),
            ("", "08:00"),
            ("22:00", "8am  "),
        ] {
            assert_eq!(read(from, to, "UTC"), Err(NotQuietHours::Time), "{from} {to}");
        }
        for zone in ["Mars/Olympus", "", "+03:00"] {
            assert_eq!(read("22:00", "08:00", zone), Err(NotQuietHours::Zone), "{zone}");
        }
    }
}
