//! Cross-site request forgery: a page of another site makes a browser send our cookie along. Browsers say where a
//! request comes from (`Sec-Fetch-Site`, `Origin`), so requests that carry the cookie must come from a place that
//! may. Plain GETs are left alone: they serve queries only, and another site can't read the answer (CORS).

use http::{HeaderMap, Method, StatusCode, header};

use super::origins::Origins;
use crate::config::Csrf;
use crate::refusal::Refusal;

/// Decides which requests a browser may have been tricked into.
#[derive(Clone, Debug)]
pub(crate) struct CsrfCheck {
    config: Csrf,
    origins: Origins,
}

impl CsrfCheck {
    pub fn new(config: Csrf, origins: Origins) -> Self {
        Self { config, origins }
    }

    pub fn check(&self, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
        // A socket is opened by GET, but carries mutations, and CORS doesn't apply to it.
        let harmless = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
            && !headers.contains_key(header::UPGRADE);
        if !self.config.enabled
            || harmless
            || !self.carries_cookie(headers)
            || self.comes_from_a_friend(headers)
        {
            return Ok(());
        }
        Err(Refusal::http(
            StatusCode::FORBIDDEN,
            "CSRF_REFUSED",
            "a request with a cookie came from a web site that is not among the allowed origins",
        ))
    }

    fn carries_cookie(&self, headers: &HeaderMap) -> bool {
        let mut cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
            .map(|pair| {
                pair.split(|byte| *byte == b'=')
                    .next()
                    .unwrap_or_default()
                    .trim_ascii()
            });
        if self.config.cookies.is_empty() {
            cookies.next().is_some()
        } else {
            cookies.any(|name| self.config.cookies.iter().any(|wanted| wanted.as_bytes() == name))
        }
    }

    fn comes_from_a_friend(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN);
        match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
            Some(b"same-origin" | b"none") => return true,
            // No browser: whoever holds the cookie there sends it on purpose.
            None if origin.is_none() => return true,
            _ => {}
        }
        let Some(origin) = origin else { return false };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let same_host = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .is_some_and(|(_, authority)| Some(authority) == host);
        same_host || self.origins.allow(origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Cors;

    fn verdict(method: Method, named: &[&str], headers: &[(&'static str, &str)]) -> Result<(), &'static str> {
        let origins = Origins::new(&Cors {
            origins: vec!["https://shop.example".into()],
            localhost: false,
        })
        .unwrap();
        let config = Csrf {
            enabled: true,
            cookies: named.iter().map(|&name| name.to_owned()).collect(),
        };
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>();
        CsrfCheck::new(config, origins)
            .check(&method, &headers)
            .map_err(|refusal| refusal.code())
    }

    const REFUSED: Result<(), &str> = Err("CSRF_REFUSED");
    const COOKIE: (&str, &str) = ("cookie", "theme=dark; refresh=abc");

    #[test]
    fn a_foreign_site_with_the_cookie_is_refused() {
        assert_eq!(
            verdict(Method::POST, &[], &[COOKIE, ("sec-fetch-site", "cross-site")]),
            REFUSED
        );
        assert_eq!(
            verdict(
                Method::POST,
                &[],
                &[COOKIE, ("origin", "https://evil.example"), ("host", "a")]
            ),
            REFUSED
        );
        assert_eq!(
            verdict(Method::POST, &["refresh"], &[COOKIE, ("origin", "null")]),
            REFUSED
        );
        let socket = [
            COOKIE,
            ("upgrade", "websocket"),
            ("origin", "https://evil.example"),
        ];
        assert_eq!(verdict(Method::GET, &[], &socket), REFUSED);
    }

    #[test]
    fn friends_pass() {
        assert_eq!(
            verdict(Method::POST, &[], &[COOKIE, ("sec-fetch-site", "same-origin")]),
            Ok(())
        );
        assert_eq!(
            verdict(
                Method::POST,
                &[],
                &[COOKIE, ("origin", "http://a:4000"), ("host", "a:4000")]
            ),
            Ok(())
        );
        let configured = [
            COOKIE,
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://shop.example"),
        ];
        assert_eq!(verdict(Method::POST, &[], &configured), Ok(()));
    }

    #[test]
    fn only_the_cookie_matters() {
        let foreign = ("origin", "https://evil.example");
        assert_eq!(verdict(Method::POST, &[], &[foreign]), Ok(()));
        assert_eq!(verdict(Method::POST, &["session"], &[foreign, COOKIE]), Ok(()));
        assert_eq!(
            verdict(Method::POST, &[], &[COOKIE]),
            Ok(()),
            "a program, not a browser"
        );
        assert_eq!(
            verdict(Method::GET, &[], &[COOKIE, foreign]),
            Ok(()),
            "GET has no effects"
        );
    }
}
