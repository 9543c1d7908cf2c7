//! Where a page ended. A cursor holds the last product's place in the order (its sort key and id), not its number, so a
//! product that appears or goes on an earlier page moves nothing: nobody sees a product twice or misses one.

use lavka_kit::ids::Id;
use serde::{Deserialize, Serialize};

use super::listing::Sort;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "s")]
    pub sort: Sort,
    #[serde(rename = "k")]
    pub key: Key,
    #[serde(rename = "i")]
    pub id: Id,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Key {
    #[serde(rename = "n")]
    Number(i64),
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "r")]
    Score(f32),
}

/// Not a cursor of this list: of another sort, or never one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`after` is not a cursor of this list in this order")]
pub struct CursorRefused;

impl Cursor {
    /// The text that the kit makes opaque.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn read(text: &str, sort: Sort) -> Result<Cursor, CursorRefused> {
        let cursor: Cursor = serde_json::from_str(text).map_err(|_| CursorRefused)?;
        let fits = match cursor.key {
            Key::Score(score) => sort == Sort::Relevance && score.is_finite(),
            Key::Text(_) => sort == Sort::Title,
            Key::Number(_) => sort != Sort::Title,
        };
        if cursor.sort == sort && fits {
            Ok(cursor)
        } else {
            Err(CursorRefused)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_for_its_own_sort_only() {
        let id = Id::from_u128(7);
        for (sort, key) in [
            (Sort::PriceAsc, Key::Number(129_050)),
            (Sort::Title, Key::Text("лампа \"ёж\"".into())),
            (Sort::Relevance, Key::Score(3.25)),
        ] {
            let cursor = Cursor { sort, key, id };
            assert_eq!(Cursor::read(&cursor.write(), sort), Ok(cursor.clone()));
            assert_eq!(Cursor::read(&cursor.write(), Sort::Newest), Err(CursorRefused));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "{}",
            "null",
            "7",
            r#"{"s":"TITLE","k":{"n":1},"i":"00000000-0000-0000-0000-000000000007"}"#,
        ] {
            assert_eq!(Cursor::read(bad, Sort::Title), Err(CursorRefused), "{bad}");
        }
    }
}
