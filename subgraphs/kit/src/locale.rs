//! The two languages that the store speaks.

use std::str::FromStr;

use async_graphql::Enum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language for people. Written "RU" and "EN" in GraphQL, JSON and SQL.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    Enum,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Locale {
    /// Russian.
    Ru,
    /// English: what somebody gets who asked for neither.
    #[default]
    En,
}

impl Locale {
    /// The best of the two for an `Accept-Language` header (RFC 9110, 12.5.4): the highest quality wins, the first
    /// of equals; `q=0` refuses. English when nothing fits.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',').take(32) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let quality = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .map_or(1.0, |quality| quality.parse().unwrap_or(0.0));
            let Some(locale) = Self::of_tag(tag) else { continue };
            if quality > 0.0 && best.is_none_or(|(_, so_far)| quality > so_far) {
                best = Some((locale, quality));
            }
        }
        best.map_or_else(Self::default, |(locale, _)| locale)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        match tag
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// "RU" or "EN".
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "RU",
            Self::En => "EN",
        }
    }

    /// One of two texts.
    pub const fn pick<'a>(self, ru: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ru => ru,
            Self::En => en,
        }
    }
}

impl std::fmt::Display for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// Neither "RU" nor "EN".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a locale of ours: RU or EN")]
pub struct NotALocale;

impl FromStr for Locale {
    type Err = NotALocale;

    fn from_str(text: &str) -> Result<Self, NotALocale> {
        Self::of_tag(text).ok_or(NotALocale)
    }
}

/// A text in one or both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// In Russian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ru: Option<String>,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Text {
    /// Both forms.
    pub fn new(ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ru: Some(ru.into()),
            en: Some(en.into()),
        }
    }

    /// The form for this language, else the other one, else nothing at all ("").
    pub fn get(&self, locale: Locale) -> &str {
        let (wanted, other) = match locale {
            Locale::Ru => (&self.ru, &self.en),
            Locale::En => (&self.en, &self.ru),
        };
        wanted.as_deref().or(other.as_deref()).unwrap_or_default()
    }

    /// Whether neither language says anything.
    pub fn is_empty(&self) -> bool {
        [&self.ru, &self.en]
            .into_iter()
            .flatten()
            .all(|text| text.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_weighed() {
        for (header, locale) in [
            ("", Locale::En),
            ("de", Locale::En),
            ("ru", Locale::Ru),
            ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", Locale::Ru),
            ("en-GB, ru;q=0.9", Locale::En),
            ("en;q=0.2, RU ; q=0.3", Locale::Ru),
            ("ru;q=0, en;q=0.1", Locale::En),
            ("ru;q=x", Locale::En),
            ("*", Locale::En),
            ("russian", Locale::En),
        ] {
            assert_eq!(Locale::from_accept_language(header), locale, "{header:?}");
        }
    }

    #[test]
    fn a_missing_form_is_replaced_by_the_other() {
        let text = Text {
            ru: Some("Лампа".into()),
            en: None,
        };
        assert_eq!(text.get(Locale::En), "Лампа");
        assert_eq!(Text::default().get(Locale::Ru), "");
    }
}
