//! What a person wants to hear: shown, and changed.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use lavka_kit::caller::{locale, require_user};
use lavka_kit::errors::fault;
use lavka_kit::graphql::authenticated;
use lavka_kit::locale::Locale;

use super::messenger;
use crate::kind::Kind;
use crate::preferences::Preferences;
use crate::quiet_hours;
use crate::update_preferences::{Changes, PreferencesRefusal, UpdatePreferences, WantedQuietHours};

/// What a person wants to hear. A channel is used where both the channel and the kind say yes.
#[derive(SimpleObject)]
pub(crate) struct NotificationPreferences {
    /// Whether e-mails are wanted at all. Those that confirm an address or reset a password are always sent.
    email: bool,
    /// Whether text messages are wanted at all.
    sms: bool,
    /// Whether push messages are wanted at all.
    push: bool,
    /// When to be left alone: messages of that time are held until it ends, except those that can't wait.
    quiet_hours: Option<QuietHours>,
    /// By kind of notification: each kind once.
    kinds: Vec<KindPreference>,
}

/// By which ways a kind of notification is wanted.
#[derive(SimpleObject)]
struct KindPreference {
    kind: Kind,
    email: bool,
    sms: bool,
    push: bool,
}

/// A part of the day, perhaps over midnight.
#[derive(SimpleObject)]
struct QuietHours {
    /// When it begins: "22:00".
    from: String,
    /// When it ends: "08:00".
    to: String,
    /// Whose clock, by the IANA database: "Europe/Moscow".
    time_zone: String,
}

impl NotificationPreferences {
    pub(super) fn of(preferences: &Preferences) -> Self {
        let kinds = Kind::ALL.iter().map(|kind| {
            let channels = preferences.of_kind(*kind);
            KindPreference {
                kind: *kind,
                email: channels.email,
                sms: channels.sms,
                push: channels.push,
            }
        });
        Self {
            email: preferences.channels.email,
            sms: preferences.channels.sms,
            push: preferences.channels.push,
            quiet_hours: preferences.quiet_hours.map(|it| QuietHours {
                from: quiet_hours::QuietHours::written(it.from),
                to: quiet_hours::QuietHours::written(it.to),
                time_zone: it.zone.name().to_owned(),
            }),
            kinds: kinds.collect(),
        }
    }
}

/// What to change; what isn't mentioned stays.
#[derive(InputObject)]
struct UpdateNotificationPreferencesInput {
    email: Option<bool>,
    sms: Option<bool>,
    push: Option<bool>,
    /// Null: no quiet hours any more.
    quiet_hours: MaybeUndefined<QuietHoursInput>,
    /// The kinds to change.
    kinds: Option<Vec<KindPreferenceInput>>,
}

/// A part of the day, perhaps over midnight.
#[derive(InputObject)]
struct QuietHoursInput {
    /// When it begins: "22:00".
    from: String,
    /// When it ends: "08:00".
    to: String,
    /// Whose clock, by the IANA database: "Europe/Moscow".
    time_zone: String,
}

/// By which ways a kind of notification is wanted; what isn't mentioned stays.
#[derive(InputObject)]
struct KindPreferenceInput {
    kind: Kind,
    email: Option<bool>,
    sms: Option<bool>,
    push: Option<bool>,
}

/// The preferences as they are now.
#[derive(SimpleObject)]
struct NotificationPreferencesPayload {
    preferences: Option<NotificationPreferences>,
    /// Why nothing was changed.
    user_errors: Vec<NotificationPreferencesError>,
}

/// Why nothing was changed.
#[derive(SimpleObject)]
struct NotificationPreferencesError {
    /// For programs.
    code: PreferencesRefusal,
    /// For people.
    message: String,
    /// Where in the input.
    field: Option<Vec<String>>,
}

impl NotificationPreferencesError {
    fn of(refusal: PreferencesRefusal, locale: Locale) -> Self {
        let (field, ru, en): (&[&str], _, _) = match refusal {
            PreferencesRefusal::TimeInvalid => (
                &["input", "quietHours"],
                "Укажите начало и конец в виде 22:00 и 08:00; они должны различаться.",
                "Write the start and the end like 22:00 and 08:00; they must differ.",
            ),
            PreferencesRefusal::TimeZoneUnknown => (
                &["input", "quietHours", "timeZone"],
                "Такого часового пояса нет. Пример: Europe/Moscow.",
                "There is no such time zone. An example: Europe/Moscow.",
            ),
            PreferencesRefusal::KindMandatory => (
                &["input", "kinds"],
                "Письма для подтверждения адреса и смены пароля отключить нельзя.",
                "E-mails that confirm an address or reset a password can't be turned off.",
            ),
        };
        let field = Some(field.iter().map(|part| (*part).to_owned()).collect());
        Self {
            code: refusal,
            message: locale.pick(ru, en).to_owned(),
            field,
        }
    }
}

#[derive(Default)]
pub(super) struct PreferencesMutation;

#[Object]
impl PreferencesMutation {
    /// Says what the signed-in person wants to hear.
    #[graphql(directive = authenticated::apply())]
    async fn update_notification_preferences(
        &self,
        ctx: &Context<'_>,
        input: UpdateNotificationPreferencesInput,
    ) -> Result<NotificationPreferencesPayload> {
        let user = require_user(ctx)?;
        let changes = |email, sms, push| Changes { email, sms, push };
        let wanted = UpdatePreferences {
            channels: changes(input.email, input.sms, input.push),
            kinds: input
                .kinds
                .unwrap_or_default()
                .into_iter()
                .map(|it| (it.kind, changes(it.email, it.sms, it.push)))
                .collect(),
            quiet_hours: match input.quiet_hours {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(it) => Some(Some(WantedQuietHours {
                    from: it.from,
                    to: it.to,
                    time_zone: it.time_zone,
                })),
            },
        };
        let done = messenger(ctx)?
            .update_preferences(user.id, wanted)
            .await
            .map_err(fault)?;
        Ok(match done {
            Ok(preferences) => NotificationPreferencesPayload {
                preferences: Some(NotificationPreferences::of(&preferences)),
                user_errors: Vec::new(),
            },
            Err(refusal) => NotificationPreferencesPayload {
                preferences: None,
                user_errors: vec![NotificationPreferencesError::of(refusal, locale(ctx))],
            },
        })
    }
}
