//! Look orders up.

use lavka_kit::graphql::{Page, PageArgs};
use lavka_kit::ids::Id;

use super::Orders;
use crate::access::Viewer;
use crate::order::Order;
use crate::store::{Filter, StoreError};

impl Orders {
    /// The order, if it is there and theirs.
    pub async fn find(&self, viewer: &Viewer, id: Option<Id>) -> Result<Option<Order>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        let order = self.store.order(id).await?;
        Ok(order.filter(|order| viewer.may_see(order)))
    }

    /// A page of orders, newest first. Whether the caller may see them was asked before.
    pub async fn page(&self, filter: &Filter, args: &PageArgs) -> Result<Page<Order>, StoreError> {
        // A cursor that isn't a number was never ours: the list begins anew below everything, that is, it is empty.
        let before = args.after.as_ref().map(|after| after.parse().unwrap_or(0));
        let found = self.store.page(filter, before, args.limit()).await?;
        Ok(Page::of(args, found.orders, found.total, |order| {
            order.number.to_string()
        }))
    }
}
