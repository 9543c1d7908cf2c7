//! Product pictures, drawn by the program itself: `/media/MOTIF/COLOUR/SEED.svg`, and `…/SEED-room.svg` for the thing at
//! home. The address says all that there is to draw, so no store is asked and every replica draws the same.
//!
//! A motif is an object of 400 × 400 with its colours as classes; a product names it, a colour of the palette and its
//! slug as the seed, which chooses the backdrop. Whatever is no motif, no colour or no seed is not found.

mod audio;
mod bags;
mod bicycle;
mod books;
mod draw;
mod kitchen;
mod lamps;
mod palette;
mod plants;
mod scene;
mod toys;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use draw::Motif;

const SEED_MAX: usize = 120;
/// A day: long enough to spare the way, short enough for a better drawing to arrive. Then the ETag answers.
const CACHE: &str = "public, max-age=86400, stale-while-revalidate=604800";
/// An SVG that is opened by itself is a document; this one has nothing to run or fetch.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

pub fn routes() -> Router {
    Router::new().route("/media/{*path}", get(picture))
}

async fn picture(request: Request) -> Response {
    // The raw path: what would have to be decoded first is no address of ours.
    let Some(svg) = request.uri().path().strip_prefix("/media/").and_then(draw) else {
        return (StatusCode::NOT_FOUND, "There is no such picture.").into_response();
    };
    let tag = format!("\"{:016x}\"", draw::hash(&svg));
    let headers = [
        (header::CACHE_CONTROL, CACHE.to_owned()),
        (header::ETAG, tag.clone()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if knows(request.headers(), &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|given| given.to_str().ok())
        .unwrap_or_default();
    given.split(',').any(|given| {
        let given = given.trim();
        given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag
    })
}

/// The picture at `MOTIF/COLOUR/SEED.svg`, if that is one.
fn draw(path: &str) -> Option<String> {
    let mut steps = path.split('/');
    let (motif, colour, file) = (steps.next()?, steps.next()?, steps.next()?);
    if steps.next().is_some() {
        return None;
    }
    let name = file.strip_suffix(".svg")?;
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > SEED_MAX || !name.bytes().all(good) {
        return None;
    }
    let (seed, at_home) = match name.strip_suffix("-room") {
        Some(seed) => (seed, true),
        None => (name, false),
    };
    let motif = motifs().find(|known| known.name == motif)?;
    Some(draw::picture(motif, palette::named(colour)?, seed, at_home))
}

fn motifs() -> impl Iterator<Item = &'static Motif> {
    let rooms = [
        lamps::MOTIFS,
        kitchen::MOTIFS,
        books::MOTIFS,
        bags::MOTIFS,
        audio::MOTIFS,
        bicycle::MOTIFS,
        plants::MOTIFS,
        toys::MOTIFS,
    ];
    rooms.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn get(path: &str, etag: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        let request = request.body(Body::empty()).expect("a request");
        routes().oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn a_picture_is_drawn_and_may_be_kept() {
        let answer = get("/media/desk-lamp/brass/hedgehog.svg", None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/svg+xml");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], CACHE);
        let tag = answer.headers()[header::ETAG].to_str().expect("a tag").to_owned();
        let body = to_bytes(answer.into_body(), 100_000).await.expect("a body");
        assert!(body.starts_with(b"<svg "));

        let again = get("/media/desk-lamp/brass/hedgehog.svg", Some(&tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let other = get("/media/desk-lamp/green/hedgehog.svg", Some(&tag)).await;
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn hostile_addresses_are_not_found() {
        let long = format!("/media/desk-lamp/brass/{}.svg", "a".repeat(1_000));
        for path in [
            "/media/",
            "/media/desk-lamp",
            "/media/desk-lamp/brass",
            "/media/desk-lamp/brass/",
            "/media/desk-lamp/brass/.svg",
            "/media/desk-lamp/brass/x.png",
            "/media/desk-lamp/brass/x.svg/y.svg",
            "/media/desk-lamp/ultraviolet/x.svg",
            "/media/bazooka/brass/x.svg",
            "/media/desk-lamp/brass/%3Cscript%3E.svg",
            "/media/desk-lamp/brass/..%2F..%2Fetc%2Fpasswd.svg",
            "/media/../../etc/passwd",
            "/media/desk-lamp/brass/%ff.svg",
            "/media/desk-lamp/brass/UPPER.svg",
            &long,
        ] {
            assert_eq!(get(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn every_motif_is_drawn_in_every_colour_as_one_well_formed_picture() {
        for motif in motifs() {
            for colour in palette::NAMES {
                for name in ["seed", "seed-room"] {
                    let svg = draw(&format!("{}/{colour}/{name}.svg", motif.name)).expect("a picture");
                    assert!(svg.ends_with("</svg>"), "{}", motif.name);
                    assert_eq!(
                        svg.matches("<g").count(),
                        svg.matches("</g>").count(),
                        "{}",
                        motif.name
                    );
                    assert_eq!(svg.matches('"').count() % 2, 0, "{}", motif.name);
                    assert!(!svg.contains('{') || svg.contains("<style>"), "{}", motif.name);
                }
            }
        }
    }

    #[test]
    fn the_same_address_is_always_the_same_picture() {
        let twice = || draw("book/navy/keeper-of-the-sea.svg").expect("a picture");
        assert_eq!(twice(), twice());
        assert_ne!(twice(), draw("book/navy/eleven-trams.svg").expect("another"));
    }

    /// For eyes: `cargo test -p lavka-catalog contact_sheet -- --ignored`, then open the page that it names.
    #[test]
    #[ignore = "draws a page to look at"]
    fn contact_sheet() {
        let mut page = String::from("<body style='margin:8px;background:#fff;font:11px sans-serif'>");
        let lines = include_str!("../../../src/demo/products.jsonl").lines();
        for url in lines.flat_map(|line| line.split('"').filter(|part| part.starts_with("/media/"))) {
            let svg = draw(url.strip_prefix("/media/").unwrap_or_default());
            let svg = svg.unwrap_or_else(|| panic!("{url} is no picture"));
            let path = std::env::temp_dir().join(format!("lavka-{:016x}.svg", draw::hash(url)));
            std::fs::write(&path, svg).expect("written");
            page += &format!(
                "<img width=150 height=150 style='margin:3px' title='{url}' src='{}'>",
                path.display()
            );
        }
        let path = std::env::temp_dir().join("lavka-contact-sheet.html");
        std::fs::write(&path, page).expect("written");
        println!("{}", path.display());
    }
}
