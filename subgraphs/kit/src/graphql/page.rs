//! Relay pages: `first` and `after` only, opaque cursors, at most a hundred a page.

use async_graphql::{Result, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::errors::invalid;

/// Where a page lies in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct PageInfo {
    /// Whether something follows.
    pub has_next_page: bool,
    /// Whether something comes before.
    pub has_previous_page: bool,
    /// The first node's cursor.
    pub start_cursor: Option<String>,
    /// The last node's cursor: the next page's `after`.
    pub end_cursor: Option<String>,
}

/// What a client asked for, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageArgs {
    /// How many.
    pub first: usize,
    /// After what: the text inside the cursor.
    pub after: Option<String>,
}

impl PageArgs {
    /// The most that a list gives.
    pub const MAX: usize = 100;

    /// Checks `first` (0 to `max`; `default` when missing) and opens the cursor. BAD_USER_INPUT otherwise.
    pub fn new(first: Option<i32>, after: Option<String>, default: usize, max: usize) -> Result<Self> {
        let first = match first {
            None => default,
            Some(first) => match usize::try_from(first) {
                Ok(first) if first <= max => first,
                _ => {
                    return Err(invalid(format!(
                        "`first` must be between 0 and {max}, not {first}"
                    )));
                }
            },
        };
        let after = after.map(|cursor| decode_cursor(&cursor)).transpose()?;
        Ok(Self { first, after })
    }

    /// How many rows to fetch, so that it shows whether something follows: one more than asked for.
    pub fn limit(&self) -> i64 {
        i64::try_from(self.first).unwrap_or(i64::MAX).saturating_add(1)
    }
}

/// One page: nodes with their cursors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Cursors (already opaque) and nodes.
    pub items: Vec<(String, T)>,
    /// Whether something follows.
    pub has_next: bool,
    /// Whether something comes before.
    pub has_previous: bool,
    /// How many there are on all pages.
    pub total: i64,
}

impl<T> Page<T> {
    /// The page for up to [`PageArgs::limit`] fetched rows: the surplus row is dropped. `cursor` writes what
    /// [`PageArgs::after`] will hold when the client comes back.
    pub fn of(args: &PageArgs, mut rows: Vec<T>, total: i64, cursor: impl Fn(&T) -> String) -> Self {
        let has_next = rows.len() > args.first;
        rows.truncate(args.first);
        let items = rows
            .into_iter()
            .map(|row| (encode_cursor(&cursor(&row)), row))
            .collect();
        Self {
            items,
            has_next,
            has_previous: args.after.is_some(),
            total,
        }
    }

    /// The same page of something else.
    pub fn map<U>(self, into: impl Fn(T) -> U) -> Page<U> {
        let items = self
            .items
            .into_iter()
            .map(|(cursor, item)| (cursor, into(item)))
            .collect();
        Page {
            items,
            has_next: self.has_next,
            has_previous: self.has_previous,
            total: self.total,
        }
    }

    /// Where it lies.
    pub fn info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.items.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.items.last().map(|(cursor, _)| cursor.clone()),
        }
    }
}

/// Makes a cursor that clients won't take apart.
pub fn encode_cursor(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// What is inside a cursor; BAD_USER_INPUT for what we never gave out.
pub fn decode_cursor(cursor: &str) -> Result<String> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| invalid("`after` is not a cursor of this list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_has_bounds() {
        let first = |first| {
            PageArgs::new(first, None, 20, 100)
                .map(|args| args.first)
                .map_err(|e| e.message)
        };
        assert_eq!(first(None), Ok(20));
        assert_eq!(first(Some(0)), Ok(0));
        assert_eq!(first(Some(100)), Ok(100));
        assert_eq!(
            first(Some(101)),
            Err("`first` must be between 0 and 100, not 101".into())
        );
        assert_eq!(
            first(Some(-1)),
            Err("`first` must be between 0 and 100, not -1".into())
        );
    }

    #[test]
    fn a_cursor_that_we_never_gave_is_refused() {
        assert_eq!(decode_cursor(&encode_cursor("7|x")).unwrap(), "7|x");
        let error = PageArgs::new(None, Some("!".into()), 20, 100).unwrap_err();
        assert_eq!(error.message, "`after` is not a cursor of this list");
    }

    #[test]
    fn the_surplus_row_tells_that_more_follows() {
        let args = PageArgs {
            first: 2,
            after: None,
        };
        let page = Page::of(&args, vec![1, 2, 3], 3, i32::to_string);
        assert_eq!(page.items.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [1, 2]);
        assert!(page.info().has_next_page);
        assert_eq!(page.info().end_cursor, Some(encode_cursor("2")));
    }
}
