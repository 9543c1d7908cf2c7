//! Looking around: a page of a category, and searches.

use anyhow::{Result, bail};
use bytes::Bytes;
use serde_json::json;

use crate::goods;
use crate::report::Report;
use crate::store::Store;
use crate::traffic::{Pace, Visitor};

/// What the storefront's list shows of a product, without what others know of it.
const CARD: &str = "id slug title brand images { url alt } priceRange { min { amount currency } max { amount } } \
                    variants { sku price { amount } compareAtPrice { amount } }";

/// Asks for each of these in turn, for ever.
struct Looker {
    requests: Vec<Bytes>,
    next: usize,
}

impl Visitor for Looker {
    fn asks(&mut self) -> Option<Bytes> {
        self.next += 1;
        self.requests.get(self.next % self.requests.len()).cloned()
    }

    fn hears(&mut self, answer: &Bytes) -> Result<()> {
        // An error has no data beside it here; a list that is found empty would be a mistake of the phrases.
        if !answer.starts_with(br#"{"data":{"products":{"totalCount":"#)
            || answer.starts_with(br#"{"data":{"products":{"totalCount":0,"#)
        {
            bail!(
                "an answer without products: {:.500}",
                String::from_utf8_lossy(answer)
            );
        }
        Ok(())
    }
}

fn lookers(count: usize, requests: &[Bytes]) -> Vec<Looker> {
    (0..count)
        .map(|number| Looker {
            requests: requests.to_vec(),
            next: number * 7,
        })
        .collect()
}

/// The first pages of the categories, 24 products each.
pub async fn listing(store: &Store, pace: Pace, report: &mut Report) -> Result<()> {
    let query = format!(
        "query Listing($category: String!) {{ products(filter: {{ category: $category }}, first: 24) {{ totalCount nodes {{ {CARD} }} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let request =
        |category: &&str| json!({ "query": query, "variables": { "category": category } }).to_string();
    let requests: Vec<Bytes> = goods::CATEGORIES.iter().map(|it| request(it).into()).collect();
    let (outcome, _) = pace
        .traffic(store, None)
        .of(lookers(pace.shoppers, &requests), store.programs())
        .await?;
    report.add("product list page, 24 products", "3,000/s", outcome);
    Ok(())
}

/// Searches of one and two words in both languages, some with a mistake in them, at an unhurried pace: what is asked for is how long one waits.
pub async fn search(store: &Store, pace: Pace, report: &mut Report) -> Result<()> {
    let query = format!(
        "query Search($search: String!) {{ products(search: $search, first: 24) {{ totalCount nodes {{ {CARD} }} }} }}"
    );
    let request = |phrase: String| json!({ "query": query, "variables": { "search": phrase } }).to_string();
    let requests: Vec<Bytes> = goods::phrases()
        .into_iter()
        .map(|it| request(it).into())
        .collect();
    let unhurried = pace.traffic(store, Some(50.0));
    let (outcome, _) = unhurried.of(lookers(4, &requests), store.programs()).await?;
    report.add(
        format!("search over {} products, 50/s", store.products()),
        "p99 10 ms",
        outcome,
    );
    let (outcome, _) = pace
        .traffic(store, None)
        .of(lookers(pace.shoppers, &requests), store.programs())
        .await?;
    report.add("search, as fast as it goes", "", outcome);
    Ok(())
}
