//! Looking around: lists, search, filters, facets, pages, products.

use serde_json::{Value, json};

use crate::shop::{Shop, get};

const LIST: &str = "query($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }
        nodes { id slug title brand category { slug } priceRange { min { amount currency } max { amount currency } } }
        facets { name label values { value count selected } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_looks_alive() {
    let shop = Shop::start().await;
    let guest = shop.guest();
    let data = guest.gets("{ categories { id slug title parent { id slug } children { id slug title parent { id } } } products(first: 1) { totalCount } }", json!({})).await;
    assert!(data["products"]["totalCount"].as_i64() >= Some(80), "{data:#}");
    assert!(data["categories"].as_array().map_or(0, Vec::len) >= 8);
    let lamps = guest
        .gets(
            "{ category(slug: \"lamps\") { id slug title children { id parent { id } } } }",
            json!({}),
        )
        .await["category"]
        .clone();
    assert_eq!(lamps["children"][0]["parent"]["id"], lamps["id"], "{lamps:#}");
    let product = guest
        .gets(
            "{ products(first: 1) { nodes { id slug title description brand isPublished createdAt updatedAt attributes { name label value unit }
               images { url alt } variants { sku title price { amount currency } compareAtPrice { amount } attributes { name label value unit }
               available inStock product { id } } } } }",
            json!({}),
        )
        .await["products"]["nodes"][0]
        .clone();
    let picture = product["images"][0]["url"].as_str().expect("a picture");
    let answer = get(format!("{}{picture}", shop.url)).await.expect("the picture");
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .is_ok_and(|it| it.starts_with("image/svg+xml"))
    );
    let by_id = "query($id: ID) { product(id: $id) { id slug } }";
    assert_eq!(
        guest.gets(by_id, json!({ "id": product["id"] })).await["product"]["slug"],
        product["slug"]
    );
    let by_slug = "query($slug: String) { product(slug: $slug) { id } }";
    assert_eq!(
        guest.gets(by_slug, json!({ "slug": product["slug"] })).await["product"]["id"],
        product["id"]
    );
    assert_eq!(
        guest.gets(by_slug, json!({ "slug": "nothing" })).await["product"],
        Value::Null
    );
    assert_eq!(
        guest
            .gets("{ variant(sku: \"nothing\") { sku } }", json!({}))
            .await["variant"],
        Value::Null
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn some_product_has_everything_a_product_can_have() {
    let shop = Shop::start().await;
    let query = "{ products(first: 100) { nodes { brand attributes { unit } variants { compareAtPrice { amount currency } attributes { name label value unit } } } } }";
    let nodes = shop.guest().gets(query, json!({})).await["products"]["nodes"].clone();
    let nodes = nodes.as_array().expect("products");
    assert!(nodes.iter().any(|it| it["brand"].is_string()));
    assert!(
        nodes
            .iter()
            .flat_map(|it| it["attributes"].as_array().into_iter().flatten())
            .any(|it| it["unit"].is_string())
    );
    let variants = || {
        nodes
            .iter()
            .flat_map(|it| it["variants"].as_array().into_iter().flatten())
    };
    assert!(variants().any(|it| !it["compareAtPrice"].is_null()));
    assert!(variants().any(|it| it["attributes"].as_array().is_some_and(|it| !it.is_empty())));
}

#[tokio::test(flavor = "multi_thread")]
async fn search_forgives_a_typo_and_knows_word_forms_in_both_languages() {
    let shop = Shop::start().await;
    let mut guest = shop.guest();
    let found = async |guest: &crate::people::Person, text: &str| {
        guest.gets(LIST, json!({ "search": text })).await["products"]["totalCount"]
            .as_i64()
            .expect("a count")
    };
    for text in ["lamp", "lamps", "lapm", "LAMP"] {
        assert!(found(&guest, text).await > 0, "{text}");
    }
    guest.language = "ru";
    for text in ["лампа", "лампы", "лампой", "ламппа", "чайник", "чайники"]
    {
        assert!(found(&guest, text).await > 0, "{text}");
    }
    for text in ["", "   ", "\"", "AND OR (", "+-!^~*?:\\/", "🦀", &"x".repeat(500)] {
        guest.gets(LIST, json!({ "search": text })).await;
    }
    assert_eq!(found(&guest, "qwertyuiopasdf").await, 0);
    let suggestions = guest
        .gets("{ suggestions(prefix: \"ламп\", first: 3) }", json!({}))
        .await["suggestions"]
        .clone();
    assert!(
        suggestions
            .as_array()
            .is_some_and(|it| !it.is_empty() && it.len() <= 3),
        "{suggestions}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_come_in_the_language_that_is_asked_for() {
    let shop = Shop::start().await;
    let mut guest = shop.guest();
    let titles =
        async |guest: &crate::people::Person| guest.gets("{ categories { slug title } }", json!({})).await;
    let english = titles(&guest).await;
    guest.language = "ru-RU,ru;q=0.9,en;q=0.5";
    let russian = titles(&guest).await;
    assert_ne!(english, russian);
    assert!(russian.to_string().chars().any(|it| ('а'..='я').contains(&it)));
    assert!(!english.to_string().chars().any(|it| ('а'..='я').contains(&it)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_everything_once() {
    let shop = Shop::start().await;
    let guest = shop.guest();
    for sort in ["RELEVANCE", "PRICE_ASC", "PRICE_DESC", "NEWEST", "TITLE"] {
        let (mut seen, mut after, mut total) = (Vec::new(), Value::Null, 0);
        loop {
            let page = guest
                .gets(LIST, json!({ "sort": sort, "first": 17, "after": after }))
                .await["products"]
                .clone();
            seen.extend(
                page["nodes"]
                    .as_array()
                    .expect("nodes")
                    .iter()
                    .map(|it| it["id"].as_str().expect("an id").to_owned()),
            );
            total = page["totalCount"].as_u64().expect("a count").max(total);
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let count = seen.len() as u64;
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len() as u64, count), (total, total), "{sort}");
    }
    for first in [-1, 101] {
        let refused = guest.asks(LIST, json!({ "first": first })).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT", "{:#}", refused.body);
    }
    let refused = guest.asks(LIST, json!({ "after": "not a cursor" })).await;
    assert_eq!(refused.code(), "BAD_USER_INPUT", "{:#}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_count_what_a_click_would_show() {
    let shop = Shop::start().await;
    let guest = shop.guest();
    let all = guest
        .gets(LIST, json!({ "filter": { "category": "lamps" }, "first": 100 }))
        .await["products"]
        .clone();
    let nodes = all["nodes"].as_array().expect("nodes");
    let lamps = guest
        .gets(
            "{ category(slug: \"lamps\") { slug children { slug } } }",
            json!({}),
        )
        .await["category"]
        .clone();
    let is_lamp = |slug: &Value| {
        *slug == "lamps"
            || lamps["children"]
                .as_array()
                .is_some_and(|it| it.iter().any(|it| it["slug"] == *slug))
    };
    assert!(nodes.iter().all(|it| is_lamp(&it["category"]["slug"])), "{all:#}");
    let brands = facet(&all, "brand").expect("a facet of brands");
    let first = &brands["values"][0];
    let filter = json!({ "category": "lamps", "brands": [first["value"]] });
    let some = guest.gets(LIST, json!({ "filter": filter, "first": 100 })).await["products"].clone();
    assert_eq!(some["totalCount"], first["count"]);
    let same = facet(&some, "brand").expect("a facet of brands");
    assert_eq!(
        same["values"].as_array().map(Vec::len),
        brands["values"].as_array().map(Vec::len),
        "its own choice doesn't narrow it"
    );
    assert!(
        same["values"]
            .as_array()
            .expect("values")
            .iter()
            .any(|it| it["selected"] == true && it["value"] == first["value"])
    );

    let other = all["facets"]
        .as_array()
        .expect("facets")
        .iter()
        .find(|it| it["name"] != "brand" && it["name"] != "category")
        .expect("a facet of an attribute");
    let value = &other["values"][0];
    let filter =
        json!({ "category": "lamps", "attributes": [{ "name": other["name"], "values": [value["value"]] }] });
    let narrowed = guest.gets(LIST, json!({ "filter": filter })).await;
    assert_eq!(narrowed["products"]["totalCount"], value["count"], "{other:#}");

    let cheap = guest
        .gets(
            LIST,
            json!({ "filter": { "price": { "max": "3000" } }, "sort": "PRICE_DESC", "first": 100 }),
        )
        .await;
    let prices: Vec<f64> = cheap["products"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|it| {
            it["priceRange"]["min"]["amount"]
                .as_str()
                .expect("a price")
                .parse()
                .expect("a number")
        })
        .collect();
    assert!(!prices.is_empty() && prices.iter().all(|it| *it <= 3000.0));
}

fn facet(products: &Value, name: &str) -> Option<Value> {
    products["facets"]
        .as_array()?
        .iter()
        .find(|it| it["name"] == name)
        .cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_tells_what_sliders_and_edit_forms_need() {
    let shop = Shop::start().await;
    let query = "{ products(first: 100) { priceRange { min { amount } max { amount } } facets { name unit min max values { value label } }
        nodes { version titles { ru en } descriptions { ru en } } } }";
    let products = shop.staff().await.gets(query, json!({})).await["products"].clone();
    let facets: Vec<Value> = ["lamps", "audio", "backpacks"]
        .into_iter()
        .zip(std::iter::repeat("query($c: String) { products(first: 1, filter: { category: $c }) { facets { name unit min max values { label } } } }"))
        .map(|(category, query)| json!([category, query]))
        .collect();
    let mut ranged = false;
    for it in facets {
        let found = shop
            .guest()
            .gets(it[1].as_str().expect("a query"), json!({ "c": it[0] }))
            .await;
        let facets = found["products"]["facets"].as_array().expect("facets").clone();
        ranged |= facets
            .iter()
            .any(|it| it["unit"].is_string() && !it["min"].is_null() && !it["max"].is_null());
    }
    assert!(ranged, "a number with a unit has a range");
    assert!(
        products["priceRange"]["min"]["amount"].is_string(),
        "{products:#}"
    );
    assert!(
        products["nodes"][0]["titles"]["ru"].is_string() && products["nodes"][0]["titles"]["en"].is_string()
    );
}
