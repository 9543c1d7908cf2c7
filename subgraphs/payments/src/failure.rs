//! Why a payment failed: a code for programs, and a sentence for the shopper in their language.

use lavka_kit::locale::Locale;

/// Why it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// One of [`codes`], or the gateway's own.
    pub code: String,
    /// What the gateway said of it, in its words; shown only where we have none of our own.
    pub message: Option<String>,
}

/// The codes that have words of ours.
pub mod codes {
    /// The bank said no.
    pub const DECLINED: &str = "declined";
    /// The shopper said no on the gateway's page.
    pub const REJECTED_BY_SHOPPER: &str = "rejected_by_shopper";
    /// The shopper never came to the gateway's page.
    pub const ACTION_EXPIRED: &str = "action_expired";
    /// The gateway doesn't know the means of payment.
    pub const UNKNOWN_TOKEN: &str = "unknown_token";
    /// This store doesn't take that gateway.
    pub const GATEWAY_NOT_CONFIGURED: &str = "gateway_not_configured";
    /// The gateway refused the request itself.
    pub const REFUSED: &str = "refused";
    /// Another amount came than was due, and went back.
    pub const AMOUNT_DISAGREES: &str = "amount_disagrees";
}

impl Failure {
    /// A failure that has words of ours.
    pub fn known(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            message: None,
        }
    }

    /// What to tell the shopper.
    pub fn text(&self, locale: Locale) -> String {
        let (ru, en) = match self.code.as_str() {
            codes::DECLINED => ("Банк отклонил платёж.", "The bank declined the payment."),
            codes::REJECTED_BY_SHOPPER => ("Вы отказались от оплаты.", "You declined the payment."),
            codes::ACTION_EXPIRED => (
                "Время на подтверждение оплаты истекло.",
                "The time to confirm the payment has run out.",
            ),
            codes::UNKNOWN_TOKEN => (
                "Способ оплаты не распознан.",
                "The means of payment is not recognised.",
            ),
            codes::GATEWAY_NOT_CONFIGURED => (
                "Этот способ оплаты в магазине не подключён.",
                "The store does not take this way of paying.",
            ),
            codes::AMOUNT_DISAGREES => (
                "Поступила другая сумма; она возвращена.",
                "Another amount came than was due; it was given back.",
            ),
            _ => match &self.message {
                Some(message) => return message.clone(),
                None => ("Оплата не прошла.", "The payment did not go through."),
            },
        };
        locale.pick(ru, en).to_owned()
    }
}
