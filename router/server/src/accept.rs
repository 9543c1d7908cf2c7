//! Which of the media types that the router can write does a client prefer? Clients send long lists on everything
//! (`…+json, text/event-stream, multipart/mixed`), so the list is weighed by its q values first and its order second.

use http::{HeaderMap, header};
use lavka_executor::PieceForm;

/// A form in which an answer can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/graphql-response+json`: the HTTP status says how the request ended.
    GraphqlResponse,
    /// `application/json`: 200 for whatever was a well-formed request.
    Json,
    /// `text/event-stream`, graphql-sse in distinct connections mode.
    EventStream,
    /// `multipart/mixed`, Apollo's subscriptions over HTTP.
    Multipart,
    /// `multipart/mixed`, incremental delivery in this form.
    Pieces(PieceForm),
    /// `text/html`: a browser's address bar.
    Html,
}

/// What an Accept header allows, best first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Accept(Vec<Range>);

#[derive(Clone, Debug, PartialEq)]
struct Range {
    kind: String,
    subtype: String,
    weight: f32,
    /// Which dialect of multipart is meant.
    dialect: Multipart,
}

/// What parameters of `multipart/mixed` say of the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Multipart {
    /// Nothing: whatever fits.
    Any,
    /// Apollo's subscriptions.
    Subscription,
    /// Pieces of one answer.
    Pieces(PieceForm),
    /// A form that isn't spoken here.
    Unknown,
}

impl Multipart {
    fn covers(self, media: Media) -> bool {
        match media {
            Media::Multipart => matches!(self, Self::Any | Self::Subscription),
            Media::Pieces(form) => match self {
                Self::Any => form == PieceForm::Ids,
                Self::Pieces(wanted) => form == wanted,
                Self::Subscription | Self::Unknown => false,
            },
            _ => true,
        }
    }
}

impl Accept {
    /// Reads the header; without one (or an empty one) anything is acceptable.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut ranges: Vec<Range> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(Range::parse)
            .collect();
        if ranges.is_empty() && !headers.contains_key(header::ACCEPT) {
            ranges.extend(Range::parse("*/*"));
        }
        // A stable sort: equal weights stay in the order in which the client wrote them.
        ranges.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Self(ranges)
    }

    /// The client's favourite among `offered`; among those that one range covers, the first offered.
    pub fn best(&self, offered: &[Media]) -> Option<Media> {
        self.0
            .iter()
            .filter(|range| range.weight > 0.0)
            .find_map(|range| {
                offered
                    .iter()
                    .copied()
                    .find(|media| range.covers(*media) && !self.excludes(*media))
            })
    }

    /// `q=0` on a precise name takes it out of a wildcard.
    fn excludes(&self, media: Media) -> bool {
        self.0
            .iter()
            .any(|range| range.weight <= 0.0 && !range.is_wildcard() && range.covers(media))
    }

    /// The form of an answer in one piece. A stream is possible for every operation, but a client that can also take one piece gets that: it lists streams on
    /// everything. Multipart for a single answer is the last resort.
    pub fn single(&self) -> Option<Media> {
        let usual = self.best(&[Media::Json, Media::GraphqlResponse, Media::EventStream]);
        usual.or_else(|| {
            self.best(&[
                Media::Pieces(PieceForm::Ids),
                Media::Pieces(PieceForm::Paths),
                Media::Multipart,
            ])
        })
    }

    /// The form in which the client wants the pieces of a deferred answer, if it says that it can read them: a wildcard doesn't.
    pub fn pieces(&self) -> Option<PieceForm> {
        let ranges = self
            .0
            .iter()
            .filter(|range| range.weight > 0.0 && !range.is_wildcard());
        let forms = [PieceForm::Ids, PieceForm::Paths];
        ranges
            .filter_map(|range| forms.into_iter().find(|form| range.covers(Media::Pieces(*form))))
            .next()
    }

    /// Whether this is a browser that shows pages: it names `text/html`, and nothing of ours before it.
    pub fn is_browser(&self) -> bool {
        let named = self
            .0
            .iter()
            .any(|range| !range.is_wildcard() && range.covers(Media::Html));
        named && self.best(&[Media::Html, Media::GraphqlResponse, Media::Json]) == Some(Media::Html)
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self {
            kind: kind.trim().to_ascii_lowercase(),
            subtype: subtype.trim().to_ascii_lowercase(),
            weight: 1.0,
            dialect: Multipart::Any,
        };
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => range.weight = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
                "deferspec" if value == "20220824" => range.dialect = Multipart::Pieces(PieceForm::Paths),
                "incrementalspec" if value == "v0.1" => {
                    range.dialect = Multipart::Pieces(PieceForm::Paths);
                }
                "incrementalspec" if value == "v0.2" => range.dialect = Multipart::Pieces(PieceForm::Ids),
                "deferspec" | "incrementalspec" => range.dialect = Multipart::Unknown,
                "subscriptionspec" => range.dialect = Multipart::Subscription,
                _ => {}
            }
        }
        Some(range)
    }

    fn is_wildcard(&self) -> bool {
        self.subtype == "*"
    }

    fn covers(&self, media: Media) -> bool {
        let (kind, subtype) = match media {
            Media::GraphqlResponse => ("application", "graphql-response+json"),
            Media::Json => ("application", "json"),
            Media::EventStream => ("text", "event-stream"),
            Media::Multipart | Media::Pieces(_) => ("multipart", "mixed"),
            Media::Html => ("text", "html"),
        };
        if !self.dialect.covers(media) {
            return false;
        }
        (self.kind == kind && (self.subtype == subtype || self.subtype == "*"))
            || (self.kind == "*" && self.subtype == "*")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &[Media] = &[Media::EventStream, Media::Multipart];

    fn accept(value: &str) -> Accept {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        Accept::of(&headers)
    }

    #[test]
    fn no_header_and_wildcards_get_plain_json() {
        assert_eq!(Accept::of(&HeaderMap::new()).single(), Some(Media::Json));
        assert_eq!(accept("*/*").single(), Some(Media::Json));
        assert_eq!(accept("application/*").single(), Some(Media::Json));
    }

    #[test]
    fn order_decides_between_equals_and_q_before_order() {
        let urql = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed";
        assert_eq!(accept(urql).single(), Some(Media::GraphqlResponse));
        assert_eq!(accept(urql).best(STREAM), Some(Media::EventStream));
        assert_eq!(
            accept("application/json;q=0.5, application/graphql-response+json;q=0.9").single(),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(
            accept("multipart/mixed;subscriptionSpec=1.0, application/json").best(STREAM),
            Some(Media::Multipart)
        );
    }

    #[test]
    fn what_nobody_can_write_is_nothing() {
        assert_eq!(accept("image/png").single(), None);
        assert_eq!(accept("application/json;q=0").single(), None);
        assert_eq!(accept("application/json;q=0, */*").best(&[Media::Json]), None);
        assert_eq!(accept("application/json").best(STREAM), None);
        assert_eq!(accept("multipart/mixed;deferSpec=20220824").best(STREAM), None);
        assert_eq!(accept("rubbish").single(), None);
    }

    #[test]
    fn one_piece_is_multipart_only_for_who_can_read_nothing_else_and_in_its_own_form() {
        assert_eq!(
            accept("multipart/mixed, application/json").single(),
            Some(Media::Json)
        );
        assert_eq!(
            accept("multipart/mixed").single(),
            Some(Media::Pieces(PieceForm::Ids))
        );
        assert_eq!(
            accept("multipart/mixed;deferSpec=20220824").single(),
            Some(Media::Pieces(PieceForm::Paths))
        );
        assert_eq!(
            accept("multipart/mixed;subscriptionSpec=1.0").single(),
            Some(Media::Multipart)
        );
    }

    #[test]
    fn pieces_are_for_who_asks_for_them() {
        assert_eq!(accept("*/*").pieces(), None);
        assert_eq!(
            accept("application/json, multipart/mixed").pieces(),
            Some(PieceForm::Ids)
        );
        assert_eq!(
            accept("multipart/mixed;deferSpec=20220824,application/json").pieces(),
            Some(PieceForm::Paths)
        );
        assert_eq!(
            accept("multipart/mixed; incrementalSpec=v0.2, application/json;q=0.9").pieces(),
            Some(PieceForm::Ids)
        );
        assert_eq!(
            accept("multipart/mixed;subscriptionSpec=1.0, application/json").pieces(),
            None
        );
        assert_eq!(accept("multipart/mixed;deferSpec=20991231").pieces(), None);
        assert_eq!(accept("multipart/mixed;q=0, application/json").pieces(), None);
    }

    #[test]
    fn browsers_are_told_from_programs() {
        assert!(accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8").is_browser());
        assert!(!accept("*/*").is_browser());
        assert!(!accept("application/json, text/html;q=0.5").is_browser());
    }
}
