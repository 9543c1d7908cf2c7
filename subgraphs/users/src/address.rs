//! A postal address in somebody's address book.

use lavka_kit::ids::Id;

use crate::account::{line, phone};

/// How many addresses one account may keep.
pub(crate) const MOST: usize = 50;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) id: Id,
    pub(crate) lines: AddressLines,
    pub(crate) is_default: bool,
}

/// What is written on the parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AddressLines {
    pub(crate) recipient: String,
    pub(crate) phone: String,
    pub(crate) line1: String,
    pub(crate) line2: Option<String>,
    pub(crate) city: String,
    pub(crate) region: Option<String>,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

impl AddressLines {
    /// The same, trimmed; or the names of the fields that can't be right.
    pub(crate) fn checked(self) -> Result<Self, Vec<&'static str>> {
        let mut wrong = Vec::new();
        let mut required = |name, text: &str, longest| {
            line(text, longest).unwrap_or_else(|| {
                wrong.push(name);
                String::new()
            })
        };
        let recipient = required("recipient", &self.recipient, 100);
        let line1 = required("line1", &self.line1, 200);
        let city = required("city", &self.city, 100);
        let postal_code = required("postalCode", &self.postal_code, 20);
        let country = required("country", &self.country, 2).to_ascii_uppercase();
        let mut optional = |name, text: Option<String>, longest| {
            let text = text.filter(|text| !text.trim().is_empty())?;
            let checked = line(&text, longest);
            if checked.is_none() {
                wrong.push(name);
            }
            checked
        };
        let line2 = optional("line2", self.line2, 200);
        let region = optional("region", self.region, 100);
        let phone = match phone(&self.phone) {
            Ok(Some(phone)) => phone,
            _ => {
                wrong.push("phone");
                String::new()
            }
        };
        let code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        if !code && !wrong.contains(&"country") {
            wrong.push("country");
        }
        if wrong.is_empty() {
            Ok(Self {
                recipient,
                phone,
                line1,
                line2,
                city,
                region,
                postal_code,
                country,
            })
        } else {
            Err(wrong)
        }
    }
}
