//! A person says what they want to hear. What isn't mentioned stays.

use lavka_kit::ids::Id;

use crate::kind::Kind;
use crate::messenger::Messenger;
use crate::preferences::Preferences;
use crate::quiet_hours::{NotQuietHours, QuietHours};
use crate::store::StoreError;

/// What to change.
#[derive(Debug, Clone, Default)]
pub struct UpdatePreferences {
    /// All channels, each if mentioned.
    pub channels: Changes,
    /// By kind.
    pub kinds: Vec<(Kind, Changes)>,
    /// None: as they were. Some(None): no quiet hours any more.
    pub quiet_hours: Option<Option<WantedQuietHours>>,
}

/// A yes, a no, or no word for each channel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// E-mail.
    pub email: Option<bool>,
    /// Text messages.
    pub sms: Option<bool>,
    /// Push messages.
    pub push: Option<bool>,
}

/// Quiet hours as somebody wrote them.
#[derive(Debug, Clone)]
pub struct WantedQuietHours {
    /// "22:00"
    pub from: String,
    /// "08:00"
    pub to: String,
    /// "Europe/Moscow"
    pub time_zone: String,
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "NotificationPreferencesErrorCode")]
pub enum PreferencesRefusal {
    /// A time isn't "HH:MM", or both are the same.
    TimeInvalid,
    /// Not a name of the IANA time zone database.
    TimeZoneUnknown,
    /// E-mails that let people into their account can't be turned off.
    KindMandatory,
}

impl Changes {
    fn apply(self, channels: &mut crate::preferences::Channels) {
        channels.email = self.email.unwrap_or(channels.email);
        channels.sms = self.sms.unwrap_or(channels.sms);
        channels.push = self.push.unwrap_or(channels.push);
    }
}

impl Messenger {
    /// Changes what is mentioned, all or nothing.
    pub async fn update_preferences(
        &self,
        user: Id,
        input: UpdatePreferences,
    ) -> Result<Result<Preferences, PreferencesRefusal>, StoreError> {
        let mut work = self.store.begin().await?;
        let mut preferences = work
            .preferences(user)
            .await?
            .unwrap_or_else(|| Preferences::of_everybody(user));
        if let Err(refusal) = input.apply(&mut preferences) {
            return Ok(Err(refusal));
        }
        work.save_preferences(&preferences).await?;
        work.commit().await?;
        Ok(Ok(preferences))
    }
}

impl UpdatePreferences {
    fn apply(self, preferences: &mut Preferences) -> Result<(), PreferencesRefusal> {
        self.channels.apply(&mut preferences.channels);
        for (kind, changes) in self.kinds {
            if kind.is_security() && changes.email == Some(false) {
                return Err(PreferencesRefusal::KindMandatory);
            }
            let mut channels = preferences.of_kind(kind);
            changes.apply(&mut channels);
            preferences.kinds.insert(kind, channels);
        }
        if let Some(wanted) = self.quiet_hours {
            preferences.quiet_hours = match wanted {
                None => None,
                Some(it) => Some(
                    QuietHours::read(&it.from, &it.to, &it.time_zone).map_err(|problem| match problem {
                        NotQuietHours::Time => PreferencesRefusal::TimeInvalid,
                        NotQuietHours::Zone => PreferencesRefusal::TimeZoneUnknown,
                    })?,
                ),
            };
        }
        Ok(())
    }
}
