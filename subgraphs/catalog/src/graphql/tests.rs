//! The catalogue as clients meet it.

use serde_json::{Value, json};

use crate::testing::{Shop, lamp};

async fn furnished() -> Shop {
    let shop = Shop::open().await;
    for (ru, en, category, brand, variants) in [
        (
            "Лампа Ёж",
            "Hedgehog lamp",
            "desk",
            "Norr",
            json!([
            {"sku": "H-RED", "price": "9000", "attributes": [{"name": "color", "value": {"ru": "красный", "en": "red"}}]},
            {"sku": "H-BLK", "price": "5000", "attributes": [{"name": "color", "value": {"ru": "чёрный", "en": "black"}}]}]),
        ),
        (
            "Лампа Гриб",
            "Mushroom lamp",
            "lamps",
            "Norr",
            json!([
            {"sku": "M-RED", "price": "3000", "attributes": [{"name": "color", "value": {"ru": "красный", "en": "red"}}]}]),
        ),
        (
            "Лампа Маяк",
            "Lighthouse lamp",
            "lamps",
            "Mayak",
            json!([
            {"sku": "L-BLU", "price": "7000", "attributes": [{"name": "color", "value": {"ru": "синий", "en": "blue"}}]}]),
        ),
        (
            "Книга о море",
            "A book of the sea",
            "books",
            "Polka",
            json!([{"sku": "BOOK", "price": "890"}]),
        ),
    ] {
        shop.sells(json!({
            "title": {"ru": ru, "en": en}, "category": category, "brand": brand, "variants": variants,
            "attributes": [{"name": "weight", "value": variants[0]["sku"].as_str().map_or(0, str::len), "unit": "g"}],
        }))
        .await;
    }
    shop
}

fn titles(list: &Value) -> Vec<&str> {
    let nodes = list["products"]["nodes"].as_array().expect("nodes");
    nodes.iter().filter_map(|node| node["title"].as_str()).collect()
}

fn facet(list: &Value, name: &str) -> Vec<(Value, i64, bool)> {
    let facets = list["products"]["facets"].as_array().expect("facets");
    let facet = facets
        .iter()
        .find(|facet| facet["name"] == name)
        .expect("the facet");
    let values = facet["values"].as_array().expect("values").iter();
    let words = |value: &Value| {
        (
            value["value"].clone(),
            value["count"].as_i64().unwrap_or(-1),
            value["selected"] == json!(true),
        )
    };
    values.map(words).collect()
}

#[tokio::test]
async fn facets_ignore_their_own_choice_and_filters_meet_in_one_variant() {
    let shop = furnished().await;
    let list = shop
        .guest(
            r#"{ products(filter: {category: "lamps", attributes: [{name: "color", values: ["red"]}]}, sort: PRICE_ASC) {
                nodes { title } totalCount priceRange { min { amount } max { amount } }
                facets { name values { value count selected } } } }"#,
        )
        .await;
    assert_eq!(titles(&list), ["Mushroom lamp", "Hedgehog lamp"]);
    let mut colours = facet(&list, "color");
    colours.sort_by_key(|(value, ..)| value.to_string());
    assert_eq!(
        colours,
        [
            (json!("black"), 1, false),
            (json!("blue"), 1, false),
            (json!("red"), 2, true)
        ]
    );
    assert_eq!(facet(&list, "brand"), [(json!("Norr"), 2, false)]);
    assert_eq!(
        facet(&list, "category"),
        [(json!("lamps"), 2, true), (json!("desk"), 1, false)]
    );
    assert_eq!(
        list["products"]["priceRange"],
        json!({"min": {"amount": "3000.00"}, "max": {"amount": "9000.00"}})
    );

    // The red hedgehog costs 9000; the one under 6000 is black.
    let list = shop
        .guest(
            r#"{ products(filter: {price: {max: "6000"}, attributes: [{name: "color", values: ["red"]}]}) { nodes { title } } }"#,
        )
        .await;
    assert_eq!(titles(&list), ["Mushroom lamp"]);
    let list = shop
        .guest(r#"{ products(filter: {attributes: [{name: "weight", min: "5", max: "6"}]}, search: "ламы") { nodes { title } } }"#)
        .await;
    assert_eq!(titles(&list).len(), 3, "a typo, and a range");
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_whatever_the_order() {
    let shop = furnished().await;
    for sort in ["RELEVANCE", "PRICE_ASC", "PRICE_DESC", "NEWEST", "TITLE"] {
        for search in ["", r#"search: "лампа","#] {
            let all = shop
                .guest(&format!(
                    "{{ products({search} sort: {sort}) {{ nodes {{ title }} }} }}"
                ))
                .await;
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = shop
                    .guest(&format!(
                        "{{ products({search} sort: {sort}, first: 1 {after}) {{ nodes {{ title }} totalCount
                            pageInfo {{ endCursor hasNextPage hasPreviousPage }} }} }}"
                    ))
                    .await;
                let info = &page["products"]["pageInfo"];
                assert_eq!(info["hasPreviousPage"], json!(!seen.is_empty()));
                seen.extend(titles(&page).into_iter().map(str::to_owned));
                if info["hasNextPage"] == json!(false) {
                    break;
                }
                after = format!(", after: {}", info["endCursor"]);
            }
            assert_eq!(seen, titles(&all), "{sort} {search}");
        }
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let shop = Shop::open().await;
    for arguments in [
        "first: 101",
        "first: -1",
        r#"after: "!""#,
        r#"after: "e30", sort: TITLE"#,
    ] {
        let query = format!("{{ products({arguments}) {{ totalCount }} }}");
        let answer = shop.world.ask(&shop.catalog, None, &query, json!({})).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{arguments}");
    }
    let garbage = shop
        .guest(r#"{ products(search: "\"*^~(( AND title:") { totalCount } }"#)
        .await;
    assert_eq!(garbage["products"]["totalCount"], 0);
}

#[tokio::test]
async fn every_refusal_of_a_save_names_its_field() {
    let shop = Shop::open().await;
    shop.sells(lamp("ONE")).await;
    let with = |changes: Value| {
        let mut input = lamp("TWO");
        for (key, value) in changes.as_object().expect("an object") {
            input[key] = value.clone();
        }
        input
    };
    let variant = |changes: Value| {
        let mut variant = json!({"sku": "TWO", "price": "10"});
        for (key, value) in changes.as_object().expect("an object") {
            variant[key] = value.clone();
        }
        with(json!({"variants": [variant]}))
    };
    let unknown = "00000000-0000-7000-8000-00000000ffff";
    for (input, code, field) in [
        (with(json!({"title": {"ru": "  "}})), "TITLE_REQUIRED", "title"),
        (with(json!({"slug": "Not a slug"})), "SLUG_INVALID", "slug"),
        (with(json!({"slug": "lamp"})), "SLUG_TAKEN", "slug"),
        (with(json!({"category": "boats"})), "CATEGORY_UNKNOWN", "category"),
        (with(json!({"variants": []})), "VARIANT_REQUIRED", "variants"),
        (with(json!({"id": unknown})), "PRODUCT_NOT_FOUND", "id"),
        (with(json!({"id": "7"})), "PRODUCT_NOT_FOUND", "id"),
        (
            with(json!({"images": [{"url": "javascript:alert(1)"}]})),
            "IMAGE_INVALID",
            "images.0.url",
        ),
        (
            with(json!({"attributes": [{"name": "x", "value": []}]})),
            "ATTRIBUTE_INVALID",
            "attributes.0.value",
        ),
        (
            with(json!({"attributes": [{"name": "brand", "value": 1}]})),
            "ATTRIBUTE_INVALID",
            "attributes.0.name",
        ),
        (variant(json!({"sku": "ONE"})), "SKU_TAKEN", "variants.0.sku"),
        (
            variant(json!({"sku": "с пробелом"})),
            "SKU_INVALID",
            "variants.0.sku",
        ),
        (
            variant(json!({"price": "0"})),
            "PRICE_INVALID",
            "variants.0.price",
        ),
        (
            variant(json!({"price": "-5"})),
            "PRICE_INVALID",
            "variants.0.price",
        ),
        (
            variant(json!({"price": "1.999"})),
            "PRICE_INVALID",
            "variants.0.price",
        ),
        (
            variant(json!({"compareAtPrice": "10"})),
            "PRICE_INVALID",
            "variants.0.compareAtPrice",
        ),
    ] {
        assert_eq!(
            shop.refuses(input.clone()).await,
            [(code.to_owned(), field.to_owned())],
            "{input}"
        );
    }
    assert_eq!(
        shop.guest("{ products { totalCount } }").await["products"]["totalCount"],
        1
    );
}

#[tokio::test]
async fn a_save_makes_a_slug_and_an_update_keeps_what_it_does_not_name() {
    let shop = Shop::open().await;
    let input = json!({"title": {"ru": "Ёлка"}, "brand": "Лес", "category": "books", "variants": [{"sku": "E", "price": "5"}]});
    let id = shop.sells(input).await;
    let second = shop
        .save(json!({"title": {"ru": "Ёлка"}, "category": "books", "variants": [{"sku": "F", "price": "5"}]}))
        .await;
    assert_eq!(second["product"]["slug"], "yolka-2");
    let update = json!({"id": id, "version": 1, "title": {"en": "Tree"}, "category": "lamps", "variants": [{"sku": "E", "price": "6"}]});
    let saved = shop.save(update.clone()).await;
    assert_eq!(saved["product"]["version"], 2);
    assert_eq!(
        shop.refuses(update).await,
        [("VERSION_CONFLICT".to_owned(), "version".to_owned())]
    );
    let tree = shop
        .guest(
            r#"{ product(slug: "yolka") { title brand category { slug } variants { price { amount } } } }"#,
        )
        .await;
    let expected = json!({"title": "Tree", "brand": "Лес", "category": {"slug": "lamps"}, "variants": [{"price": {"amount": "6.00"}}]});
    assert_eq!(tree["product"], expected);
}

#[tokio::test]
async fn an_unpublished_product_is_there_for_staff_and_services_only() {
    let shop = Shop::open().await;
    let mut input = lamp("HIDDEN");
    input["isPublished"] = json!(false);
    let id = shop.sells(input).await;
    let query = "query($id: ID!, $keys: [_Any!]!) { product(id: $id) { id } variant(sku: \"HIDDEN\") { sku }
        products { totalCount } suggestions(prefix: \"lamp\")
        _entities(representations: $keys) { ... on Variant { sku } ... on Product { id } } }";
    let keys = json!([{"__typename": "Variant", "sku": "HIDDEN"}, {"__typename": "Product", "slug": "lamp"}]);
    let variables = json!({"id": id, "keys": keys});
    let nothing = json!({"product": null, "variant": null, "products": {"totalCount": 0}, "suggestions": [], "_entities": [null, null]});
    assert_eq!(
        *shop
            .world
            .ask(&shop.catalog, None, query, variables.clone())
            .await
            .data(),
        nothing
    );
    let staff = shop.staff(query, variables).await;
    assert_eq!(staff["_entities"], json!([{"sku": "HIDDEN"}, {"id": id}]));
    let drafts = "{ products(filter: {isPublished: false}) { totalCount } }";
    assert_eq!(shop.staff(drafts, json!({})).await["products"]["totalCount"], 1);
    let guest = shop.world.ask(&shop.catalog, None, drafts, json!({})).await;
    assert_eq!(guest.error_code(), "UNAUTHENTICATED");

    let token = shop.world.service_token("cart");
    let query = "query($keys: [_Any!]!) { _entities(representations: $keys) { ... on Variant {
        title price { amount currency } orderable product { title isPublished } } } }";
    let variables = json!({"keys": [{"__typename": "Variant", "sku": "HIDDEN"}, {"__typename": "Variant", "sku": "GONE"}]});
    let answer = shop
        .world
        .ask(&shop.catalog, Some(&token), query, variables)
        .await;
    let hidden = json!({"title": "Lamp", "price": {"amount": "1290.50", "currency": "RUB"}, "orderable": false,
        "product": {"title": "Lamp", "isPublished": false}});
    assert_eq!(answer.data()["_entities"], json!([hidden, null]));
}

#[tokio::test]
async fn only_staff_may_edit() {
    let shop = Shop::open().await;
    let customer = shop.world.customer_token(lavka_kit::ids::Id::from_u128(5));
    let query = "mutation($input: SaveProductInput!) { saveProduct(input: $input) { product { id } } }";
    for (token, code) in [(None, "UNAUTHENTICATED"), (Some(customer.as_str()), "FORBIDDEN")] {
        let answer = shop
            .world
            .ask(&shop.catalog, token, query, json!({"input": lamp("X")}))
            .await;
        assert_eq!(answer.error_code(), code);
    }
}

#[tokio::test]
async fn an_import_names_bad_lines_and_keeps_good_ones() {
    let shop = Shop::open().await;
    let lines = [
        lamp("A").to_string(),
        "{not json".to_owned(),
        String::new(),
        r#"{"title":{"en":"X"},"category":"desk","colour":"red","variants":[{"sku":"B","price":"1"}]}"#
            .to_owned(),
        lamp("A").to_string(),
        r#"{"title":{"en":"X"},"category":"boats","variants":[{"sku":"C","price":"1"}]}"#.to_owned(),
        lamp("D").to_string(),
    ];
    let query = "mutation($input: ImportProductsInput!) { importProducts(input: $input) {
        imported failed { line message } userErrors { code } } }";
    let report = shop
        .staff(query, json!({"input": {"jsonLines": lines.join("\n")}}))
        .await["importProducts"]
        .clone();
    assert_eq!(report["imported"], 2);
    let failed = report["failed"].as_array().expect("a list");
    assert_eq!(
        failed
            .iter()
            .filter_map(|f| f["line"].as_i64())
            .collect::<Vec<_>>(),
        [2, 4, 5, 6]
    );
    assert!(
        failed[1]["message"]
            .as_str()
            .is_some_and(|text| text.contains("unknown field `colour`")),
        "{report}"
    );
    assert!(
        failed[2]["message"]
            .as_str()
            .is_some_and(|text| text.contains("variants.0.sku")),
        "{report}"
    );
    assert_eq!(
        shop.guest("{ products { totalCount } }").await["products"]["totalCount"],
        2
    );
}

#[tokio::test]
async fn a_deleted_product_is_gone_everywhere() {
    let shop = Shop::open().await;
    let id = shop.sells(lamp("A")).await;
    let query = "mutation($id: ID!) { deleteProduct(input: {id: $id}) { deletedId userErrors { code } } }";
    let gone = shop.staff(query, json!({"id": id})).await;
    assert_eq!(gone["deleteProduct"], json!({"deletedId": id, "userErrors": []}));
    let again = shop.staff(query, json!({"id": id})).await;
    assert_eq!(
        again["deleteProduct"],
        json!({"deletedId": null, "userErrors": [{"code": "PRODUCT_NOT_FOUND"}]})
    );
    let left = shop
        .guest(r#"{ products(search: "lamp") { totalCount } variant(sku: "A") { sku } }"#)
        .await;
    assert_eq!(left, json!({"products": {"totalCount": 0}, "variant": null}));
}

#[tokio::test]
async fn categories_are_a_tree_that_cannot_bite_its_tail() {
    let shop = Shop::open().await;
    let tree = shop
        .guest("{ categories { slug children { slug parent { slug } } } }")
        .await;
    let desk = json!({"slug": "desk", "parent": {"slug": "lamps"}});
    assert_eq!(
        tree["categories"],
        json!([{"slug": "lamps", "children": [desk]}, {"slug": "books", "children": []}])
    );
    let query = r#"mutation($input: SaveCategoryInput!) { saveCategory(input: $input) { category { title } userErrors { code } } }"#;
    let id = shop.guest(r#"{ category(slug: "lamps") { id } }"#).await["category"]["id"].clone();
    for (input, code) in [
        (json!({"title": {}}), "TITLE_REQUIRED"),
        (json!({"title": {"en": "X"}, "slug": "lamps"}), "SLUG_TAKEN"),
        (json!({"title": {"en": "X"}, "slug": "L"}), "SLUG_INVALID"),
        (json!({"title": {"en": "X"}, "parent": "boats"}), "PARENT_UNKNOWN"),
        (
            json!({"id": id, "title": {"en": "X"}, "parent": "desk"}),
            "PARENT_INVALID",
        ),
        (json!({"id": "7", "title": {"en": "X"}}), "CATEGORY_NOT_FOUND"),
    ] {
        let payload = shop.staff(query, json!({ "input": input })).await["saveCategory"].clone();
        assert_eq!(payload, json!({"category": null, "userErrors": [{"code": code}]}));
    }
    // Found by the category's new title at once.
    shop.sells(lamp("A")).await;
    shop.staff(query, json!({"input": {"id": id, "title": {"en": "Luminaires"}}}))
        .await;
    let found = shop
        .guest(r#"{ products(search: "luminaire") { totalCount } }"#)
        .await;
    assert_eq!(found["products"]["totalCount"], 1);
}

#[tokio::test]
async fn a_second_replica_follows_the_events() {
    let shop = Shop::open().await;
    let replica = crate::start(crate::Config::default(), shop.world.context.clone())
        .await
        .expect("started");
    shop.sells(lamp("A")).await;
    let query = "{ products { totalCount } }";
    let seen = async || {
        shop.world.ask(&replica, None, query, json!({})).await.data()["products"]["totalCount"].clone()
    };
    let patience = async {
        while seen().await != 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), patience)
        .await
        .expect("the replica follows");
}

#[tokio::test]
async fn the_demo_catalogue_imports_without_a_complaint_and_twice() {
    let world = lavka_kit::testing::TestWorld::of("catalog").await;
    let config = crate::Config::default();
    let categories = include_bytes!("../../../../src/demo/categories.jsonl").as_slice();
    let products = include_bytes!("../../../../src/demo/products.jsonl").as_slice();
    crate::import_categories(&config, &world.context, categories)
        .await
        .expect("imported");
    for (imported, kept) in [(97, 0), (0, 97)] {
        let report = crate::import_file(&config, &world.context, products, crate::Existing::Keep)
            .await
            .expect("imported");
        assert_eq!(
            (report.imported, report.kept, report.failed),
            (imported, kept, Vec::new())
        );
    }
    let catalog = crate::start(config, world.context.clone())
        .await
        .expect("started");
    let ask = async |search: &str| {
        let query = format!("{{ products(search: \"{search}\", first: 1) {{ nodes {{ slug }} }} }}");
        let answer = world.ask(&catalog, None, &query, json!({})).await;
        answer.data()["products"]["nodes"][0]["slug"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(ask("лампы маяк").await, "lighthouse-table-lamp");
    assert_eq!(ask("науншики беспроводные тишина").await, "silence-headphones");
    assert_eq!(ask("gooseneck ketle").await, "gooseneck-kettle");
    assert_eq!(ask("snake plants").await, "snake-plant");
    let answer = world
        .ask(
            &catalog,
            None,
            "{ suggestions(prefix: \"нау\", first: 3) }",
            json!({}),
        )
        .await;
    assert_eq!(answer.data()["suggestions"].as_array().map(Vec::len), Some(3));
}
