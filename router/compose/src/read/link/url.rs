//! The URL of a linked specification: who it is, what it is called, and which version of it.

use apollo_compiler::Name;

/// `https://specs.apollo.dev/federation/v2.9`, in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read) struct SpecUrl<'u> {
    /// All of it but the version.
    pub identity: &'u str,
    /// The last segment before the version, where that can be a name.
    pub name: Option<&'u str>,
    /// Major and minor, of `v2.9`.
    pub version: Option<(u32, u32)>,
}

/// # Errors
/// What is wrong with it.
pub(in crate::read) fn parse(url: &str) -> Result<SpecUrl<'_>, &'static str> {
    const NO_URL: &str = "that is no URL";
    let (scheme, rest) = url.split_once("://").ok_or(NO_URL)?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let has_host = !rest.is_empty() && !rest.starts_with('/');
    if !is_scheme || !has_host || url.contains(char::is_whitespace) {
        return Err(NO_URL);
    }
    let whole = url.trim_end_matches('/');
    let path_begins = scheme.len() + "://".len() + rest.find('/').unwrap_or(rest.len());
    let (before, last) = match whole.rfind('/').filter(|at| *at >= path_begins) {
        Some(at) => (&whole[..at], &whole[at + 1..]),
        None => (whole, ""),
    };
    let version = version(last);
    let is_like_one = last
        .strip_prefix('v')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if version.is_none() && is_like_one {
        return Err("a version is two numbers, as in v1.0");
    }
    let identity = if version.is_some() { before } else { whole };
    let name = identity
        .get(path_begins..)
        .and_then(|path| path.rsplit('/').next());
    Ok(SpecUrl {
        identity,
        name: name.filter(|name| Name::is_valid_syntax(name)),
        version,
    })
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
    let number = |digits: &str| {
        let plain = digits.bytes().all(|c| c.is_ascii_digit());
        digits.parse().ok().filter(|_| plain)
    };
    Some((number(major)?, number(minor)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let parts = |url| {
            let parsed = parse(url).expect("a URL");
            (parsed.identity, parsed.name, parsed.version)
        };
        assert_eq!(
            parts("https://specs.apollo.dev/federation/v2.9"),
            (
                "https://specs.apollo.dev/federation",
                Some("federation"),
                Some((2, 9))
            )
        );
        assert_eq!(
            parts("http://a.b:8000/x/my-spec/v1.0/"),
            ("http://a.b:8000/x/my-spec", None, Some((1, 0)))
        );
        assert_eq!(
            parts("https://a.b/mine"),
            ("https://a.b/mine", Some("mine"), None)
        );
        assert_eq!(parts("https://a.b/v1.0"), ("https://a.b", None, Some((1, 0))));
        assert_eq!(parts("https://a.b"), ("https://a.b", None, None));
    }

    #[test]
    fn what_is_no_url() {
        for wrong in [
            "",
            "federation",
            "https://",
            "https:///x/v1.0",
            "://x",
            "a b://x/y",
            "https://a.b/c d/v1.0",
            "https://a.b/c/v1",
            "https://a.b/c/v1.2.3",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
