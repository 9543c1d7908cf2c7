//! A webhook, as far as anybody believes it: that something happened to a charge or a refund, so that we look.

use lavka_kit::ids::Id;

use super::reading::Unreadable;

/// What a webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The gateway's id of the event, by which it is stored once.
    pub event_id: String,
    /// The gateway's type of the event.
    pub kind: String,
    /// What it is about; none for a type that means nothing to us.
    pub about: Option<About>,
}

/// Which payment a webhook is about: by our own id where the gateway gives it back, else by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Ours.
    pub payment_id: Option<Id>,
    /// The gateway's name of the charge.
    pub reference: Option<String>,
    /// Our refund.
    pub refund_id: Option<Id>,
    /// The gateway's name of the money that came.
    pub capture: Option<String>,
    /// Whether it says that money goes back, or is asked back: a refund, a reversal, a dispute. Only that is news of a payment that
    /// has succeeded.
    pub money_back: bool,
}

impl About {
    /// Nothing that we could look at.
    pub const fn is_nothing(&self) -> bool {
        self.payment_id.is_none()
            && self.reference.is_none()
            && self.refund_id.is_none()
            && self.capture.is_none()
    }
}

/// Why a webhook is turned away. None of this says more to the sender than "400".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadNotice {
    /// It carries no signature, or one that can't be read.
    #[error("the signature is missing or malformed: {0}")]
    NoSignature(&'static str),
    /// The signature is somebody else's, or of another body.
    #[error("the signature is not the gateway's")]
    Foreign,
    /// It was signed too long ago, or in the future.
    #[error("it was signed at another time than now")]
    Stale,
    /// The certificate is not one of the gateway's.
    #[error("the certificate is not the gateway's: {0}")]
    Certificate(String),
    /// The certificate could not be fetched: not the sender's fault, perhaps.
    #[error("the certificate can't be fetched: {0}")]
    CertificateUnreachable(String),
    /// It is signed, and still not what the gateway sends.
    #[error("it can't be read: {0}")]
    Unreadable(#[from] Unreadable),
}

impl BadNotice {
    /// For the metrics.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSignature(_) => "no_signature",
            Self::Foreign => "foreign",
            Self::Stale => "stale",
            Self::Certificate(_) => "certificate",
            Self::CertificateUnreachable(_) => "certificate_unreachable",
            Self::Unreadable(_) => "unreadable",
        }
    }
}
