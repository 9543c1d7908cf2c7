//! Why a person has to look at a payment. There may be several reasons at once: none hides another, and each is settled by itself.

/// Why a person has to look at a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "PaymentAttention")]
pub enum Attention {
    /// The gateway shows another amount or currency than ours: it is not taken as paid. What came can be given back.
    AmountDisagrees,
    /// The gateway refused a refund, or took it back.
    RefundFailed,
    /// A refund was asked for long ago, and the gateway hasn't confirmed it. It is asked again and again.
    RefundStuck,
    /// The shopper's bank disputes the charge: answer it in the gateway's own pages.
    Disputed,
    /// More went back at the gateway than we know of.
    RefundedElsewhere,
    /// The gateway doesn't know the charge any more.
    UnknownAtGateway,
}

/// Any number of reasons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attentions(u8);

impl Attention {
    /// The most urgent first.
    const ALL: [Self; 6] = [
        Self::AmountDisagrees,
        Self::RefundFailed,
        Self::Disputed,
        Self::RefundStuck,
        Self::RefundedElsewhere,
        Self::UnknownAtGateway,
    ];

    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AmountDisagrees => "AMOUNT_DISAGREES",
            Self::RefundFailed => "REFUND_FAILED",
            Self::RefundStuck => "REFUND_STUCK",
            Self::Disputed => "DISPUTED",
            Self::RefundedElsewhere => "REFUNDED_ELSEWHERE",
            Self::UnknownAtGateway => "UNKNOWN_AT_GATEWAY",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attention| attention.code() == code)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Attentions {
    /// Whether this is one of them.
    pub const fn has(self, attention: Attention) -> bool {
        self.0 & attention.bit() != 0
    }

    /// One more.
    pub const fn add(&mut self, attention: Attention) {
        self.0 |= attention.bit();
    }

    /// Not this one any more. Whether it was one of them.
    pub const fn remove(&mut self, attention: Attention) -> bool {
        let had = self.has(attention);
        self.0 &= !attention.bit();
        had
    }

    /// All of them, the most urgent first.
    pub fn iter(self) -> impl Iterator<Item = Attention> {
        Attention::ALL
            .into_iter()
            .filter(move |attention| self.has(*attention))
    }

    /// The most urgent.
    pub fn first(self) -> Option<Attention> {
        self.iter().next()
    }

    /// As SQL writes them: their codes, with commas; nothing for none.
    pub fn code(self) -> Option<String> {
        let codes: Vec<_> = self.iter().map(Attention::code).collect();
        (!codes.is_empty()).then(|| codes.join(","))
    }

    /// What SQL wrote.
    pub fn from_code(codes: &str) -> Option<Self> {
        codes.split(',').map(Attention::from_code).collect()
    }
}

impl FromIterator<Attention> for Attentions {
    fn from_iter<T: IntoIterator<Item = Attention>>(attentions: T) -> Self {
        let mut all = Self::default();
        for attention in attentions {
            all.add(attention);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_hides_another_and_the_most_urgent_is_shown() {
        let mut all = Attentions::default();
        assert_eq!((all.first(), all.code()), (None, None));
        all.add(Attention::UnknownAtGateway);
        all.add(Attention::RefundFailed);
        assert_eq!(all.code().as_deref(), Some("REFUND_FAILED,UNKNOWN_AT_GATEWAY"));
        assert_eq!(
            Attentions::from_code("REFUND_FAILED,UNKNOWN_AT_GATEWAY"),
            Some(all)
        );
        assert!(all.remove(Attention::RefundFailed) && !all.remove(Attention::RefundFailed));
        assert_eq!(all.first(), Some(Attention::UnknownAtGateway));
        assert_eq!(Attentions::from_code("LOST"), None);
    }
}
