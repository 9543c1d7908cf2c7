//! Devices for push messages.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use lavka_kit::caller::{locale, require_user};
use lavka_kit::errors::fault;
use lavka_kit::graphql::authenticated;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

use super::messenger;
use crate::push_device::{PushAddress, PushProvider};

/// A device that wants push messages.
#[derive(SimpleObject)]
struct PushDevice {
    /// Give it to `removePushDevice`.
    id: ID,
    /// Who carries messages there.
    kind: PushProvider,
    /// When it was registered last.
    created_at: DateTime<Utc>,
}

impl From<crate::push_device::PushDevice> for PushDevice {
    fn from(device: crate::push_device::PushDevice) -> Self {
        Self {
            id: device.id.into(),
            kind: device.address.provider(),
            created_at: device.created_at,
        }
    }
}

/// Where push messages are to go: exactly one of the two.
#[derive(InputObject)]
struct RegisterPushDeviceInput {
    /// A browser's subscription.
    web_push: Option<WebPushInput>,
    /// An app's token at Firebase Cloud Messaging.
    fcm_token: Option<String>,
}

/// What the browser's `PushSubscription` says.
#[derive(InputObject)]
struct WebPushInput {
    /// An https address.
    endpoint: String,
    /// The public key: 65 bytes in base64url.
    p256dh: String,
    /// The secret: 16 bytes in base64url.
    auth: String,
}

/// Which device to forget.
#[derive(InputObject)]
struct RemovePushDeviceInput {
    id: ID,
}

/// What became of it.
#[derive(SimpleObject)]
struct PushDevicePayload {
    /// The device: as it is now, or as it was.
    device: Option<PushDevice>,
    /// Why nothing was changed.
    user_errors: Vec<PushDeviceError>,
}

/// Why nothing was changed.
#[derive(SimpleObject)]
struct PushDeviceError {
    /// For programs.
    code: PushDeviceErrorCode,
    /// For people.
    message: String,
    /// Where in the input.
    field: Option<Vec<String>>,
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum PushDeviceErrorCode {
    /// Not a browser's subscription, or not exactly one of the two.
    SubscriptionInvalid,
    /// Not an app's token.
    TokenInvalid,
    /// The person has no such device.
    DeviceNotFound,
}

impl PushDevicePayload {
    fn done(device: crate::push_device::PushDevice) -> Self {
        Self {
            device: Some(device.into()),
            user_errors: Vec::new(),
        }
    }

    fn refused(code: PushDeviceErrorCode, locale: Locale) -> Self {
        let (field, ru, en): (&[&str], _, _) = match code {
            PushDeviceErrorCode::SubscriptionInvalid => (
                &["input", "webPush"],
                "Передайте подписку браузера или токен приложения: что-то одно.",
                "Send a browser's subscription or an app's token: exactly one of them.",
            ),
            PushDeviceErrorCode::TokenInvalid => (
                &["input", "fcmToken"],
                "Это не токен приложения.",
                "This is not an app's token.",
            ),
            PushDeviceErrorCode::DeviceNotFound => (
                &["input", "id"],
                "Такого устройства нет.",
                "There is no such device.",
            ),
        };
        let field = Some(field.iter().map(|part| (*part).to_owned()).collect());
        let error = PushDeviceError {
            code,
            message: locale.pick(ru, en).to_owned(),
            field,
        };
        Self {
            device: None,
            user_errors: vec![error],
        }
    }
}

#[derive(Default)]
pub(super) struct PushDeviceMutation;

#[Object]
impl PushDeviceMutation {
    /// Registers a device for push messages. A person has at most 20: the oldest make room.
    #[graphql(directive = authenticated::apply())]
    async fn register_push_device(
        &self,
        ctx: &Context<'_>,
        input: RegisterPushDeviceInput,
    ) -> Result<PushDevicePayload> {
        let user = require_user(ctx)?.id;
        let address = match (input.web_push, input.fcm_token) {
            (Some(web), None) => PushAddress::web_push(&web.endpoint, &web.p256dh, &web.auth)
                .ok_or(PushDeviceErrorCode::SubscriptionInvalid),
            (None, Some(token)) => PushAddress::fcm(&token).ok_or(PushDeviceErrorCode::TokenInvalid),
            _ => Err(PushDeviceErrorCode::SubscriptionInvalid),
        };
        match address {
            Ok(address) => {
                let device = messenger(ctx)?
                    .register_device(user, address)
                    .await
                    .map_err(fault)?;
                Ok(PushDevicePayload::done(device))
            }
            Err(code) => Ok(PushDevicePayload::refused(code, locale(ctx))),
        }
    }

    /// Forgets a device of the signed-in person.
    #[graphql(directive = authenticated::apply())]
    async fn remove_push_device(
        &self,
        ctx: &Context<'_>,
        input: RemovePushDeviceInput,
    ) -> Result<PushDevicePayload> {
        let user = require_user(ctx)?.id;
        let removed = match Id::parse(&input.id) {
            Some(id) => messenger(ctx)?.remove_device(user, id).await.map_err(fault)?,
            None => None,
        };
        Ok(match removed {
            Some(device) => PushDevicePayload::done(device),
            None => PushDevicePayload::refused(PushDeviceErrorCode::DeviceNotFound, locale(ctx)),
        })
    }
}
