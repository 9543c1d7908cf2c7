//! What the headers say: who asks, in which language, from where.

use std::collections::HashMap;
use std::net::IpAddr;

use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderName};

use crate::caller::RequestHead;
use crate::locale::Locale;

pub(super) fn read(headers: HeaderMap, peer: Option<IpAddr>) -> RequestHead {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    RequestHead {
        locale: text(ACCEPT_LANGUAGE)
            .map(Locale::from_accept_language)
            .unwrap_or_default(),
        ip: forwarded_for(&headers).or(peer),
        user_agent: text(USER_AGENT).map(|agent| agent.chars().take(256).collect()),
        cookies: cookies(&headers),
        loaders: std::sync::Arc::default(),
        headers,
    }
}

/// The bearer token: none, one, or something that isn't one.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ()> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let value = value.to_str().map_err(|_| ())?;
    let (scheme, token) = value.split_once(' ').ok_or(())?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        Ok(Some(token.trim()))
    } else {
        Err(())
    }
}

/// The last address: the one that the router has appended. What stands before it anybody could have written.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

fn cookies(headers: &HeaderMap) -> HashMap<String, String> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_address_is_the_one_that_the_router_appended() {
        let head = read(headers(&[("x-forwarded-for", "6.6.6.6, 10.0.0.7")]), None);
        assert_eq!(head.ip, Some([10, 0, 0, 7].into()));
        let head = read(HeaderMap::new(), Some([127, 0, 0, 1].into()));
        assert_eq!(head.ip, Some([127, 0, 0, 1].into()));
    }

    #[test]
    fn a_bearer_token_is_one_word_behind_its_scheme() {
        assert_eq!(bearer(&HeaderMap::new()), Ok(None));
        assert_eq!(
            bearer(&headers(&[("authorization", "bearer abc")])),
            Ok(Some("abc"))
        );
        for bad in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(&headers(&[("authorization", bad)])), Err(()), "{bad:?}");
        }
    }

    #[test]
    fn cookies_are_found_by_name() {
        let head = read(headers(&[("cookie", "a=1; lavka_refresh=\"x=y\"; broken")]), None);
        assert_eq!(head.cookies.get("lavka_refresh").map(String::as_str), Some("x=y"));
        assert_eq!(head.cookies.len(), 2);
    }
}
