//! The staff writes the catalogue.

use serde_json::{Value, json};

use crate::shop::Shop;

const PRODUCT: &str = "product { id slug title isPublished variants { sku price { amount } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_made_changed_hidden_and_taken_away() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let guest = shop.guest();
    let input = json!({ "title": { "ru": "Тёплый плед", "en": "A warm blanket" }, "category": "lamps", "brand": "Nasha",
        "attributes": [{ "name": "wool", "label": { "en": "Wool" }, "value": 80, "unit": "%" }],
        "variants": [{ "sku": "PLED-1", "price": "4990", "compareAtPrice": "5990" }] });
    let saved = staff
        .does("saveProduct", "SaveProductInput", input.clone(), PRODUCT)
        .await;
    assert_eq!(saved["userErrors"], json!([]), "{saved:#}");
    let id = saved["product"]["id"].clone();
    let slug = saved["product"]["slug"].as_str().expect("a slug").to_owned();
    assert!(
        slug.chars()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'),
        "{slug}"
    );
    let look = async || {
        guest
            .gets(
                "query($slug: String) { product(slug: $slug) { id } }",
                json!({ "slug": slug }),
            )
            .await["product"]
            .clone()
    };
    assert_eq!(look().await["id"], id);
    let found = guest
        .gets("{ products(search: \"blanket\") { nodes { id } } }", json!({}))
        .await;
    assert_eq!(found["products"]["nodes"][0]["id"], id, "and it is found at once");

    let mut hidden = input;
    hidden["id"] = id.clone();
    hidden["isPublished"] = json!(false);
    staff
        .does("saveProduct", "SaveProductInput", hidden, PRODUCT)
        .await;
    assert_eq!(look().await, Value::Null);
    let deleted = staff
        .does(
            "deleteProduct",
            "DeleteProductInput",
            json!({ "id": id }),
            "deletedId",
        )
        .await;
    assert_eq!(deleted["deletedId"], id);
    let twice = staff
        .does(
            "deleteProduct",
            "DeleteProductInput",
            json!({ "id": id }),
            "deletedId",
        )
        .await;
    assert_eq!(twice["userErrors"][0]["code"], "PRODUCT_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_product_may_not_be() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    let taken = staff
        .gets("{ products(first: 1) { nodes { slug } } }", json!({}))
        .await["products"]["nodes"][0]["slug"]
        .clone();
    type Change<'a> = dyn Fn(&mut Value) + 'a;
    let cases: [(&str, &Change<'_>); 7] = [
        ("TITLE_REQUIRED", &|it| it["title"] = json!({ "en": " " })),
        ("CATEGORY_UNKNOWN", &|it| it["category"] = json!("submarines")),
        ("PRICE_INVALID", &|it| it["variants"][0]["price"] = json!("-5")),
        ("SKU_TAKEN", &|it| it["variants"][0]["sku"] = json!(sku)),
        ("SLUG_TAKEN", &|it| it["slug"] = taken.clone()),
        ("SLUG_INVALID", &|it| it["slug"] = json!("Not A Slug!")),
        ("PRODUCT_NOT_FOUND", &|it| {
            it["id"] = json!("00000000-0000-7000-8000-000000000000")
        }),
    ];
    for (code, change) in cases {
        let mut input = json!({ "title": { "en": "Thing" }, "category": "lamps", "variants": [{ "sku": "NEW-1", "price": "1" }] });
        change(&mut input);
        let refused = staff
            .does("saveProduct", "SaveProductInput", input, PRODUCT)
            .await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused:#}");
        assert_eq!(refused["product"], Value::Null);
        assert!(refused["userErrors"][0]["message"].is_string());
    }
    let query = "mutation($input: SaveProductInput!) { saveProduct(input: $input) { product { id } userErrors { code field } } }";
    let input = json!({ "title": { "en": "Thing" }, "category": "lamps", "variants": [{ "sku": "NEW-1", "price": "1" }] });
    let stranger = shop.shopper().await.asks(query, json!({ "input": input })).await;
    assert_eq!(
        stranger.code(),
        "UNAUTHORIZED_FIELD_OR_TYPE",
        "{:#}",
        stranger.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_names_bad_rows_and_keeps_good_ones() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let lines = [
        r#"{"title":{"en":"First"},"category":"lamps","variants":[{"sku":"IMP-1","price":"10"}]}"#,
        "this is not JSON",
        r#"{"title":{"en":"Third"},"category":"nowhere","variants":[{"sku":"IMP-3","price":"10"}]}"#,
        r#"{"title":{"en":"Fourth"},"category":"lamps","variants":[{"sku":"IMP-4","price":"10"}],"colour":"red"}"#,
        r#"{"title":{"en":"Fifth"},"category":"lamps","variants":[{"sku":"IMP-5","price":"10"}]}"#,
    ];
    let selection = "imported failed { line message }";
    let report = staff
        .does(
            "importProducts",
            "ImportProductsInput",
            json!({ "jsonLines": lines.join("\n") }),
            selection,
        )
        .await;
    assert_eq!(report["imported"], 2, "{report:#}");
    let failed: Vec<_> = report["failed"]
        .as_array()
        .expect("failures")
        .iter()
        .map(|it| it["line"].as_i64())
        .collect();
    assert_eq!(failed, [Some(2), Some(3), Some(4)]);
    assert!(
        report["failed"][2]["message"]
            .as_str()
            .is_some_and(|it| it.contains("colour")),
        "{report:#}"
    );
    let found = staff
        .gets("{ variant(sku: \"IMP-5\") { sku title } }", json!({}))
        .await;
    assert_eq!(found["variant"]["sku"], "IMP-5");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_is_added() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let input = json!({ "slug": "desk-lamps", "title": { "ru": "Настольные лампы", "en": "Desk lamps" }, "parent": "lamps" });
    let saved = staff
        .does(
            "saveCategory",
            "SaveCategoryInput",
            input,
            "category { id slug parent { slug } }",
        )
        .await;
    assert_eq!(saved["userErrors"], json!([]), "{saved:#}");
    let lamps = staff
        .gets("{ category(slug: \"lamps\") { children { slug } } }", json!({}))
        .await;
    let children = lamps["category"]["children"].as_array().expect("children");
    assert!(children.contains(&json!({ "slug": "desk-lamps" })), "{lamps:#}");
    let bad = json!({ "slug": "Bad Slug", "title": { "en": "x" } });
    let refused = staff
        .does("saveCategory", "SaveCategoryInput", bad, "category { id }")
        .await;
    assert!(
        refused["userErrors"][0]["code"].is_string() && refused["userErrors"][0]["field"].is_array(),
        "{refused:#}"
    );
}
