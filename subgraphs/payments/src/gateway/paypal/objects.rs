//! The part of PayPal's objects that we read. What is not here is ignored, so that PayPal may add to them.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use serde::Deserialize;

use crate::failure::{Failure, codes};
use crate::gateway::ChargeState;
use crate::gateway::reading::{self, name};

/// An order of Orders v2. Ours have one purchase unit and at most one capture that counts.
#[derive(Deserialize)]
pub(super) struct Order {
    #[serde(deserialize_with = "name")]
    pub id: String,
    pub status: String,
    #[serde(default)]
    pub create_time: Option<DateTime<Utc>>,
    #[serde(default)]
    purchase_units: Vec<Unit>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Unit {
    #[serde(default)]
    amount: Option<Amount>,
    #[serde(default)]
    custom_id: Option<String>,
    #[serde(default)]
    payments: Payments,
}

#[derive(Default, Deserialize)]
struct Payments {
    #[serde(default)]
    captures: Vec<Capture>,
    #[serde(default)]
    refunds: Vec<Refund>,
}

#[derive(Deserialize)]
pub(super) struct Capture {
    #[serde(deserialize_with = "name")]
    pub id: String,
    pub status: String,
    pub amount: Amount,
}

#[derive(Deserialize)]
pub(super) struct Refund {
    #[serde(deserialize_with = "name")]
    pub id: String,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub amount: Option<Amount>,
    #[serde(default)]
    custom_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Amount {
    pub currency_code: String,
    pub value: String,
}

#[derive(Deserialize)]
struct Link {
    rel: String,
    href: String,
}

impl Capture {
    pub fn state(&self) -> ChargeState {
        match self.status.as_str() {
            "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED" => ChargeState::Succeeded,
            "DECLINED" | "FAILED" => ChargeState::Failed(Failure::known(codes::DECLINED)),
            // PENDING, and whatever a later version invents.
            _ => ChargeState::Processing,
        }
    }
}

impl Order {
    pub fn amount(&self) -> Option<&Amount> {
        self.purchase_units.first().and_then(|unit| unit.amount.as_ref())
    }

    /// The capture that counts: one that brought money or may still, else the last.
    pub fn capture(&self) -> Option<&Capture> {
        let captures = || {
            self.purchase_units
                .iter()
                .flat_map(|unit| &unit.payments.captures)
        };
        captures()
            .find(|capture| !matches!(capture.status.as_str(), "DECLINED" | "FAILED"))
            .or_else(|| captures().last())
    }

    pub fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.purchase_units.iter().flat_map(|unit| &unit.payments.refunds)
    }

    /// The refund that carries this id of ours.
    pub fn take_refund(&mut self, ours: &str) -> Option<Refund> {
        let unit = self
            .purchase_units
            .iter_mut()
            .find(|unit| unit.payments.refunds.iter().any(|refund| refund.is(ours)))?;
        let at = unit.payments.refunds.iter().position(|refund| refund.is(ours))?;
        Some(unit.payments.refunds.swap_remove(at))
    }

    /// PayPal's page, by the newer name of the link or the older one.
    pub fn approval_url(&self) -> Option<&str> {
        let link = |rel: &str| self.links.iter().find(|link| link.rel == rel);
        link("payer-action")
            .or_else(|| link("approve"))
            .map(|link| link.href.as_str())
    }
}

impl Refund {
    fn is(&self, ours: &str) -> bool {
        self.custom_id.as_deref() == Some(ours)
    }
}

/// What PayPal has against a request.
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    name: String,
    #[serde(default)]
    details: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
struct Detail {
    #[serde(default)]
    issue: String,
}

/// The issues that we know what to do about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Issue {
    InstrumentDeclined,
    AlreadyCaptured,
    NotApproved,
}

impl Problem {
    pub fn issue(&self) -> Option<Issue> {
        self.details
            .iter()
            .find_map(|detail| match detail.issue.as_str() {
                "INSTRUMENT_DECLINED" | "TRANSACTION_REFUSED" | "PAYER_CANNOT_PAY" => {
                    Some(Issue::InstrumentDeclined)
                }
                "ORDER_ALREADY_CAPTURED" => Some(Issue::AlreadyCaptured),
                "ORDER_NOT_APPROVED" | "PAYER_ACTION_REQUIRED" => Some(Issue::NotApproved),
                _ => None,
            })
    }

    /// The most exact name of it.
    pub fn code(&self) -> &str {
        self.details
            .first()
            .and_then(|detail| reading::code(&detail.issue))
            .or_else(|| reading::code(&self.name))
            .unwrap_or(codes::REFUSED)
    }
}

/// A webhook's event.
#[derive(Deserialize)]
pub(super) struct Event {
    pub id: String,
    pub event_type: String,
    #[serde(default)]
    pub resource_type: String,
    #[serde(default)]
    pub resource: Resource,
}

/// Whatever the event is about: only its names are read.
#[derive(Default, Deserialize)]
pub(super) struct Resource {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    custom_id: Option<String>,
    #[serde(default)]
    supplementary_data: Supplementary,
    #[serde(default)]
    purchase_units: Vec<Unit>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    disputed_transactions: Vec<Disputed>,
}

#[derive(Deserialize)]
struct Disputed {
    #[serde(default)]
    seller_transaction_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Supplementary {
    #[serde(default)]
    related_ids: RelatedIds,
}

#[derive(Default, Deserialize)]
struct RelatedIds {
    #[serde(default)]
    order_id: Option<String>,
    #[serde(default)]
    capture_id: Option<String>,
}

impl Resource {
    pub fn custom_id(&self) -> Option<Id> {
        self.custom_id.as_ref()?.parse().ok()
    }

    pub fn unit_custom_id(&self) -> Option<Id> {
        self.purchase_units.first()?.custom_id.as_ref()?.parse().ok()
    }

    pub fn order_id(&self) -> Option<String> {
        self.supplementary_data.related_ids.order_id.clone()
    }

    /// What a refund was made of: by its own word, or by the link to it.
    pub fn refunded_capture(&self) -> Option<String> {
        let related = self.supplementary_data.related_ids.capture_id.clone();
        related.or_else(|| {
            let up = self.links.iter().find(|link| link.rel == "up")?;
            let (_, capture) = up.href.split_once("/captures/")?;
            Some(capture.to_owned())
        })
    }

    /// What a dispute is about.
    pub fn disputed_capture(&self) -> Option<String> {
        self.disputed_transactions.first()?.seller_transaction_id.clone()
    }
}
