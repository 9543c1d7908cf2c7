//! Checkout: a cart becomes an order.
//!
//! First what takes time and can fail without a trace: the key is looked up, the input checked, the cart and its prices read. Then
//! one unit of work: the key, the order (refused by a constraint when this generation of the cart was sold already), the stock, and
//! `order.placed`. Whatever is refused in it drops all of it, so that the key may be tried again. Then the lines are taken out of
//! the cart by a call; where that is lost, the event does it. A cart that has forgotten it all the same (its engine lost its last moments) is
//! told again by the next checkout that finds its generation sold.

use std::collections::HashMap;

use lavka_kit::caller::Caller;
use lavka_kit::errors::chain;
use lavka_kit::events::orders::{OrderRecipient, PaymentMethod};
use lavka_kit::ids::{Id, token};
use lavka_kit::locale::Locale;
use lavka_kit::money::{Money, MoneyError};
use lavka_kit::sql;
use serde::Serialize;

use super::{Orders, hash_of, scope_of};
use crate::order::{Entry, Line, Order, Shipping, SoldCart};
use crate::payment_method::{self, Gateway};
use crate::peers::{self, AskError, Cart, Offer};
use crate::recipient;
use crate::state::Status;
use crate::store::{StoreError, UsedKey};

/// What a shopper sends.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    pub cart: Option<Id>,
    pub recipient: OrderRecipient,
    pub shipping_method: String,
    pub gateway: Gateway,
    pub token: Option<String>,
    #[serde(skip)]
    pub idempotency_key: String,
    #[serde(skip)]
    pub locale: Locale,
}

/// Why a cart did not become an order. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceRefusal {
    CartEmpty,
    CartNotFound,
    CartBusy,
    OutOfStock {
        sku: String,
        title: String,
        available: i32,
    },
    VariantGone {
        sku: String,
    },
    Recipient(recipient::Flaw),
    ShippingUnavailable,
    PaymentMethod(payment_method::Problem),
    KeyReused,
}

/// What became of a checkout.
#[derive(Debug, Clone, PartialEq)]
pub enum Placed {
    /// The order: a new one, or the one that this key has made before.
    Order(Box<Order>),
    /// Everything that stands in the way.
    Refused(Vec<PlaceRefusal>),
}

/// The checkout failed: our fault.
#[derive(Debug, thiserror::Error)]
pub enum PlaceFault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("add up cart {cart}")]
    Money {
        cart: Id,
        #[source]
        source: MoneyError,
    },
}

/// What is checked before anything is asked or written.
struct Checked {
    recipient: OrderRecipient,
    payment_method: PaymentMethod,
}

impl Placed {
    fn refused(refusal: PlaceRefusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl Orders {
    /// Makes the order, or says everything that stands in its way.
    pub async fn place(&self, caller: &Caller, input: Place) -> Result<Placed, PlaceFault> {
        let Some(cart_id) = input.cart else {
            return Ok(Placed::refused(PlaceRefusal::CartNotFound));
        };
        let scope = scope_of(caller.user_id(), cart_id);
        let body_hash = hash_of("checkout", &input)?;
        if let Some(used) = self.store.used_key(&scope, &input.idempotency_key).await? {
            return self.repeated(used, &body_hash).await;
        }
        let key = input.idempotency_key.clone();
        let placed = self
            .place_anew(caller, input, cart_id, scope.clone(), body_hash.clone())
            .await?;
        // The same request may have come twice and its twin have won meanwhile: it emptied the cart that this one saw.
        if matches!(placed, Placed::Refused(_))
            && let Some(used) = self.store.used_key(&scope, &key).await?
        {
            return self.repeated(used, &body_hash).await;
        }
        Ok(placed)
    }

    async fn place_anew(
        &self,
        caller: &Caller,
        input: Place,
        cart_id: Id,
        scope: String,
        body_hash: String,
    ) -> Result<Placed, PlaceFault> {
        let checked = match self.check(&input) {
            Ok(checked) => checked,
            Err(refusals) => return Ok(Placed::Refused(refusals)),
        };
        let cart = match peers::cart(&self.peers, cart_id).await? {
            Some(cart) if cart.user_id.is_none() || cart.user_id == caller.user_id() => cart,
            _ => return Ok(Placed::refused(PlaceRefusal::CartNotFound)),
        };
        if cart.lines.is_empty() {
            return Ok(Placed::refused(PlaceRefusal::CartEmpty));
        }
        let skus: Vec<&str> = cart.lines.iter().map(|line| line.sku.as_str()).collect();
        let mut offers = peers::offers(&self.peers, &skus, input.locale).await?;
        let gone: Vec<_> = cart
            .lines
            .iter()
            .filter(|line| !offers.contains_key(&line.sku))
            .collect();
        if !gone.is_empty() {
            let gone = gone.into_iter().map(|line| PlaceRefusal::VariantGone {
                sku: line.sku.clone(),
            });
            return Ok(Placed::Refused(gone.collect()));
        }
        let money = |source| PlaceFault::Money {
            cart: cart_id,
            source,
        };
        let (lines, subtotal) = self.priced(&cart, &mut offers).map_err(money)?;
        let country = &checked.recipient.country;
        let Some(shipping) = self
            .methods
            .choose(&input.shipping_method, country, subtotal, input.locale)
        else {
            return Ok(Placed::refused(PlaceRefusal::ShippingUnavailable));
        };
        let total = subtotal.add(shipping.price).map_err(money)?;
        let payment_method = checked.payment_method.clone();
        let mut order = self.blank(caller, &input, checked, shipping);
        order.cart = SoldCart {
            id: cart_id,
            generation: cart.generation,
        };
        (order.lines, order.subtotal, order.total) = (lines, subtotal, total);
        let key = UsedKey {
            scope,
            key: input.idempotency_key,
            body_hash,
            order: order.id,
        };
        lavka_kit::fault::point("orders: cart read").await;
        let sold = order.cart;
        let placed = sql::retry(|| self.commit(order.clone(), payment_method.clone(), key.clone())).await?;
        if placed == Placed::refused(PlaceRefusal::CartBusy) {
            self.remind(sold).await?;
        }
        Ok(placed)
    }

    /// Tells a cart once more that it was sold. Where it hears of it from somebody else meanwhile, its generation says that nothing is to
    /// be done.
    async fn remind(&self, cart: SoldCart) -> Result<(), PlaceFault> {
        let Some(order) = self.store.order_of(cart).await? else {
            return Ok(());
        };
        if let Err(error) = peers::take_ordered_lines(&self.peers, &order).await {
            tracing::warn!(order = %order.id, error = chain(&error), "the cart of an order still offers what it has sold");
        }
        Ok(())
    }

    /// The key was used: the same answer, or none.
    async fn repeated(&self, used: UsedKey, body_hash: &str) -> Result<Placed, PlaceFault> {
        if used.body_hash != body_hash {
            return Ok(Placed::refused(PlaceRefusal::KeyReused));
        }
        match self.store.order(used.order).await? {
            Some(order) => Ok(Placed::Order(Box::new(order))),
            // Keys and orders are written together.
            None => Ok(Placed::refused(PlaceRefusal::KeyReused)),
        }
    }

    fn check(&self, input: &Place) -> Result<Checked, Vec<PlaceRefusal>> {
        let recipient = recipient::check(input.recipient.clone());
        let method = payment_method::check(&self.gateways, input.gateway, input.token.as_deref());
        match (recipient, method) {
            (Ok(recipient), Ok(payment_method)) => Ok(Checked {
                recipient,
                payment_method,
            }),
            (recipient, method) => {
                let flaws = recipient
                    .err()
                    .unwrap_or_default()
                    .into_iter()
                    .map(PlaceRefusal::Recipient);
                Err(flaws
                    .chain(method.err().map(PlaceRefusal::PaymentMethod))
                    .collect())
            }
        }
    }

    fn priced(
        &self,
        cart: &Cart,
        offers: &mut HashMap<String, Offer>,
    ) -> Result<(Vec<Line>, Money), MoneyError> {
        let mut lines = Vec::with_capacity(cart.lines.len());
        let mut subtotal = Money::zero(self.currency);
        for line in &cart.lines {
            let Some(Offer { title, price }) = offers.remove(&line.sku) else {
                continue;
            };
            let line = Line {
                sku: line.sku.clone(),
                title,
                quantity: line.quantity,
                unit_price: price,
            };
            subtotal = subtotal.add(line.subtotal()?)?;
            lines.push(line);
        }
        Ok((lines, subtotal))
    }

    fn blank(&self, caller: &Caller, input: &Place, checked: Checked, shipping: Shipping) -> Order {
        let (now, nothing, customer) = (self.clock.now(), Money::zero(self.currency), caller.user_id());
        Order {
            id: self.ids.next(),
            number: 0,
            customer,
            cart: SoldCart {
                id: self.ids.next(),
                generation: 0,
            },
            // Kept as it is, not hashed or derived: it is given again to whoever repeats the idempotency key, and it opens one
            // order, which lies in the same row.
            key: customer.is_none().then(|| token(&*self.randomness)),
            locale: input.locale,
            lines: Vec::new(),
            recipient: checked.recipient,
            shipping,
            subtotal: nothing,
            total: nothing,
            placed_at: now,
            status: Status::PendingPayment,
            attempt: 1,
            awaiting_action: false,
            paid_by: None,
            refund_required: false,
            holds_stock: true,
            flag: None,
            tracking_number: None,
            expires_at: Some(self.deadline()),
            history: vec![Entry {
                status: Status::PendingPayment,
                at: now,
                note: None,
            }],
        }
    }

    async fn commit(
        &self,
        mut order: Order,
        payment_method: PaymentMethod,
        key: UsedKey,
    ) -> Result<Placed, PlaceFault> {
        let mut work = self.store.begin().await?;
        if !work.use_key(&key, order.placed_at).await? {
            // The other click of a double click was faster.
            let used = work.used_key(&key.scope, &key.key).await?;
            drop(work);
            return match used {
                Some(used) => self.repeated(used, &key.body_hash).await,
                None => Ok(Placed::refused(PlaceRefusal::CartBusy)),
            };
        }
        order.number = work.next_number().await?;
        if !work.insert(&order).await? {
            return Ok(Placed::refused(PlaceRefusal::CartBusy));
        }
        let short = work.hold(&order.pieces()).await?;
        if !short.is_empty() {
            let title = |sku: &str| {
                order
                    .lines
                    .iter()
                    .find(|line| line.sku == sku)
                    .map(|line| line.title.clone())
            };
            let refusals = short.into_iter().map(|short| PlaceRefusal::OutOfStock {
                title: title(&short.sku).unwrap_or_default(),
                sku: short.sku,
                available: short.available,
            });
            return Ok(Placed::Refused(refusals.collect()));
        }
        self.publish(&mut *work, &order, &order.placed(payment_method))
            .await?;
        work.commit().await?;
        lavka_kit::fault::point("orders: placed").await;
        if let Err(error) = peers::take_ordered_lines(&self.peers, &order).await {
            tracing::warn!(order = %order.id, error = chain(&error), "the cart will hear of its order by the event only");
        }
        Ok(Placed::Order(Box::new(order)))
    }
}
