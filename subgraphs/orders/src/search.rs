//! How staff find an order: by a part of its number, or of the recipient's name, e-mail or telephone.

use crate::order::Order;

/// What is searched in: one fact a line, in lower case, the telephone also without its punctuation.
pub fn text_of(order: &Order) -> String {
    let recipient = &order.recipient;
    let facts = [
        order.display_number(),
        recipient.name.clone(),
        recipient.email.clone(),
        recipient.phone.clone(),
        digits(&recipient.phone),
    ];
    facts.join("\n").to_lowercase()
}

/// What a person typed, as it is searched for; none for nothing.
pub fn wanted(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    // A telephone is found however it is punctuated.
    let looks_like_a_telephone = typed.chars().any(|c| c.is_ascii_digit())
        && typed.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    let wanted = if looks_like_a_telephone {
        digits(&typed)
    } else {
        typed
    };
    (!wanted.is_empty()).then_some(wanted)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn what_is_typed_is_read_kindly() {
        assert_eq!(wanted("  "), None);
        assert_eq!(wanted(" L-100042 ").as_deref(), Some("l-100042"));
        assert_eq!(wanted("+7 (921) 555-01").as_deref(), Some("792155501"));
        assert_eq!(wanted("Анна").as_deref(), Some("анна"));
    }
}
