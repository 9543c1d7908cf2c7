//! The demo shop: products in the catalogue, stock in the store room, accounts to sign in with.
//!
//! Everything comes in through the API, as the staff would write it, so that the demo data is also a test of the API.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use lavka_kit::caller::Role;
use lavka_kit::locale::Locale;
use lavka_kit::subgraph::GraphqlService;
use lavka_users::EnsureAccount;
use serde_json::{Value, json};

use crate::assembly::Store;

/// The password of every demo account.
pub const PASSWORD: &str = "lavka-demo";

/// A demo account.
pub struct Account {
    pub email: &'static str,
    pub what: &'static str,
    name: &'static str,
    locale: Locale,
    roles: &'static [Role],
}

/// The demo accounts.
pub const ACCOUNTS: [Account; 3] = [
    Account {
        email: "shopper@lavka.test",
        what: "buys things",
        name: "Анна Петрова",
        locale: Locale::Ru,
        roles: &[Role::Customer],
    },
    Account {
        email: "staff@lavka.test",
        what: "assembles and sends them",
        name: "Stepan Sklad",
        locale: Locale::En,
        roles: &[Role::Customer, Role::Staff],
    },
    Account {
        email: "admin@lavka.test",
        what: "says who may do what",
        name: "Alla Admin",
        locale: Locale::En,
        roles: &[Role::Customer, Role::Staff, Role::Admin],
    },
];

const CATEGORIES: &str = include_str!("demo/categories.jsonl");
const PRODUCTS: &str = include_str!("demo/products.jsonl");
const STOCK: &str = include_str!("demo/stock.jsonl");

/// Says that the furnishing was finished; it is begun again where it was cut off.
const DONE: &str = "demo-furnished";

/// Furnishes an unfurnished shop. The accounts are looked after at every start, the goods once: what was sold is sold.
///
/// # Errors
/// When the API refuses something.
pub async fn furnish(data: &Path, store: &Store) -> Result<()> {
    for account in &ACCOUNTS {
        let account = EnsureAccount {
            email: account.email.to_owned(),
            password: PASSWORD.to_owned(),
            name: account.name.to_owned(),
            locale: account.locale,
            roles: account.roles.to_vec(),
            email_verified: true,
        };
        store
            .users
            .ensure_account(account)
            .await
            .context("make a demo account")?;
    }
    let done = data.join(DONE);
    if done.exists() {
        return Ok(());
    }
    tracing::info!("furnishing the demo shop");
    let staff = Staff::sign_in(store).await?;
    for line in CATEGORIES.lines() {
        let input: Value = serde_json::from_str(line).context("read demo/categories.jsonl")?;
        let mutation = "mutation($input: SaveCategoryInput!) { done: saveCategory(input: $input) { userErrors { code message } } }";
        staff
            .tell("catalog", mutation, json!({ "input": input }), &["SLUG_TAKEN"])
            .await?;
    }
    let mutation = "mutation($input: ImportProductsInput!) { done: importProducts(input: $input) { failed { line message } userErrors { code message } } }";
    staff
        .tell(
            "catalog",
            mutation,
            json!({ "input": { "jsonLines": PRODUCTS } }),
            &[],
        )
        .await?;
    for line in STOCK.lines() {
        let input: Value = serde_json::from_str(line).context("read demo/stock.jsonl")?;
        let mutation = "mutation($input: SetStockInput!) { done: setStock(input: $input) { userErrors { code message } } }";
        staff
            .tell("orders", mutation, json!({ "input": input }), &[])
            .await?;
    }
    std::fs::write(&done, b"").with_context(|| format!("write {}", done.display()))
}

/// A member of the staff at work.
struct Staff<'a> {
    store: &'a Store,
    head: HeaderMap,
}

impl<'a> Staff<'a> {
    async fn sign_in(store: &'a Store) -> Result<Self> {
        let mut staff = Self {
            store,
            head: HeaderMap::new(),
        };
        let input = json!({ "email": ACCOUNTS[1].email, "password": PASSWORD });
        let mutation = "mutation($input: LogInInput!) { done: logIn(input: $input) { tokens { accessToken } userErrors { code message } } }";
        let payload = staff
            .tell("users", mutation, json!({ "input": input }), &[])
            .await?;
        let token = payload["tokens"]["accessToken"]
            .as_str()
            .context("no access token")?;
        staff.head.insert(
            header::AUTHORIZATION,
            HeaderValue::from_str(&format!("Bearer {token}"))?,
        );
        Ok(staff)
    }

    /// Sends a mutation whose payload is called `done`; gives the payload. Refusals with these codes are fine.
    async fn tell(&self, subgraph: &str, mutation: &str, variables: Value, fine: &[&str]) -> Result<Value> {
        let service = self.service(subgraph)?;
        let body = Bytes::from(json!({ "query": mutation, "variables": variables }).to_string());
        let answer = service.execute(self.head.clone(), None, body).await;
        let mut answer: Value = serde_json::from_slice(&answer.body).context("read the answer")?;
        let payload = answer["data"]["done"].take();
        let refusals = payload["userErrors"].as_array();
        let is_fine =
            refusals.is_some_and(|it| it.iter().all(|it| fine.iter().any(|code| it["code"] == *code)));
        if !is_fine {
            bail!("{subgraph} refuses {variables}: {payload} {}", answer["errors"]);
        }
        Ok(payload)
    }

    fn service(&self, name: &str) -> Result<&Arc<dyn GraphqlService>> {
        let found = self.store.subgraphs.iter().find(|it| it.name == name);
        found
            .map(|it| &it.service)
            .with_context(|| format!("there is no subgraph {name}"))
    }
}
