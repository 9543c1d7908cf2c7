//! What a notification is about.

use async_graphql::Enum;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $code:literal, $template:literal;)*) => {
        /// What a notification is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
        #[graphql(name = "NotificationKind")]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them, in the order of the schema.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// As SQL writes it.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)*
                }
            }

            /// The name of its templates, and their text in Russian and English.
            pub(crate) const fn templates(self) -> (&'static str, &'static str, &'static str) {
                match self {
                    $(Self::$kind => (
                        $template,
                        include_str!(concat!("templates/ru/", $template, ".txt")),
                        include_str!(concat!("templates/en/", $template, ".txt")),
                    ),)*
                }
            }
        }
    };
}

kinds! {
    /// We have the order.
    OrderPlaced = "ORDER_PLACED", "order_placed";
    /// The money came.
    PaymentSucceeded = "PAYMENT_SUCCEEDED", "payment_succeeded";
    /// It didn't; another try is possible.
    PaymentFailed = "PAYMENT_FAILED", "payment_failed";
    /// The shopper has to confirm the payment.
    PaymentActionRequired = "PAYMENT_ACTION_REQUIRED", "payment_action_required";
    /// The order is packed.
    OrderAssembled = "ORDER_ASSEMBLED", "order_assembled";
    /// The order is on its way.
    OrderHandedToDelivery = "ORDER_HANDED_TO_DELIVERY", "order_handed_to_delivery";
    /// The order has arrived.
    OrderDelivered = "ORDER_DELIVERED", "order_delivered";
    /// The order was cancelled, or expired unpaid.
    OrderCancelled = "ORDER_CANCELLED", "order_cancelled";
    /// Money went back.
    PaymentRefunded = "PAYMENT_REFUNDED", "payment_refunded";
    /// The account is ready.
    Welcome = "WELCOME", "welcome";
    /// A link that confirms the e-mail address.
    EmailVerification = "EMAIL_VERIFICATION", "email_verification";
    /// A link to choose a new password.
    PasswordReset = "PASSWORD_RESET", "password_reset";
}

impl Kind {
    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether its e-mail goes out whatever the preferences say: without it the person can't get into their account.
    pub const fn is_security(self) -> bool {
        matches!(self, Self::EmailVerification | Self::PasswordReset)
    }

    /// Whether it can't wait for the end of quiet hours: the person asked for it a moment ago, or it expires.
    pub const fn is_urgent(self) -> bool {
        self.is_security() || matches!(self, Self::PaymentActionRequired)
    }
}
