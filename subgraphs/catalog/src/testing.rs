//! The stage of this crate's scenes: a catalogue on an empty store, and the words to fill it.

use lavka_kit::{locale::Text, money::Money, subgraph::Subgraph, testing::TestWorld};
use serde_json::{Value, json};

use crate::domain::{Product, Variant};

pub struct Shop {
    pub world: TestWorld,
    pub catalog: Subgraph,
}

impl Shop {
    /// With the categories `lamps`, `desk` below it, and `books`.
    pub async fn open() -> Shop {
        let world = TestWorld::of("catalog").await;
        let categories = r#"{"slug":"lamps","title":{"ru":"Лампы","en":"Lamps"}}
            {"slug":"desk","title":{"ru":"Настольные","en":"Desk"},"parent":"lamps"}
            {"slug":"books","title":{"ru":"Книги","en":"Books"},"position":1}"#;
        let config = crate::Config::default();
        let report = crate::import_categories(&config, &world.context, categories.as_bytes()).await;
        assert_eq!(report.expect("imported").imported, 3);
        let catalog = crate::start(config, world.context.clone())
            .await
            .expect("started");
        Shop { world, catalog }
    }

    pub async fn staff(&self, query: &str, variables: Value) -> Value {
        let token = self.world.staff_token();
        self.world
            .ask(&self.catalog, Some(&token), query, variables)
            .await
            .data()
            .clone()
    }

    pub async fn guest(&self, query: &str) -> Value {
        self.world
            .ask(&self.catalog, None, query, json!({}))
            .await
            .data()
            .clone()
    }

    /// Saves what must be right, and gives its id.
    pub async fn sells(&self, input: Value) -> String {
        let payload = self.save(input).await;
        assert_eq!(payload["userErrors"], json!([]), "refused");
        payload["product"]["id"].as_str().expect("an id").to_owned()
    }

    pub async fn save(&self, input: Value) -> Value {
        let query = "mutation($input: SaveProductInput!) { saveProduct(input: $input) {
            product { id slug version title isPublished } userErrors { code field message } } }";
        self.staff(query, json!({ "input": input })).await["saveProduct"].clone()
    }

    /// The codes and fields of a refused save.
    pub async fn refuses(&self, input: Value) -> Vec<(String, String)> {
        let payload = self.save(input).await;
        let errors = payload["userErrors"].as_array().expect("a list").iter();
        let words = |error: &Value| {
            let field = error["field"].as_array().expect("a path").iter();
            let field: Vec<_> = field.filter_map(Value::as_str).collect();
            (
                error["code"].as_str().unwrap_or_default().to_owned(),
                field.join("."),
            )
        };
        errors.map(words).collect()
    }
}

/// The least that is a product.
pub fn lamp(sku: &str) -> Value {
    json!({
        "title": {"ru": "Лампа", "en": "Lamp"}, "category": "desk",
        "variants": [{"sku": sku, "price": "1290.50"}],
    })
}

/// The same for the store, without GraphQL.
pub fn product(number: u128, slug: &str, skus: &[&str]) -> Product {
    let id = lavka_kit::ids::Id::from_u128(number);
    let variants = skus.iter().map(|sku| Variant {
        sku: (*sku).to_owned(),
        title: Text::default(),
        price: Money::new(100, lavka_kit::money::Currency::Rub),
        compare_at_price: None,
        attributes: Vec::new(),
    });
    let at = chrono::DateTime::from_timestamp(1_768_478_400, 0).expect("a time");
    Product {
        id,
        slug: slug.to_owned(),
        title: Text::new("Лампа", "Lamp"),
        description: Text::default(),
        brand: None,
        category: lavka_kit::ids::Id::from_u128(1),
        attributes: Vec::new(),
        images: Vec::new(),
        variants: variants.collect(),
        is_published: true,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}
