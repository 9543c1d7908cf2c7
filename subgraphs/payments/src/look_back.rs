//! Looks at a payment that brought its money: has it, or some of it, gone back in a way that we don't know of?
//!
//! Money that came is a fact, so nothing here changes how the payment stands. But somebody may have given money back in the
//! gateway's own pages, the shopper's bank may dispute the charge, and a refund that was confirmed may have failed days later. The
//! same three steps as in `settle_payment.rs`: it was noted that we ask; here we ask, and record.

use lavka_kit::errors::chain;
use lavka_kit::fault;
use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::{Charge, ChargeState, GatewayError, PaymentGateway};
use crate::payment::{Attention, Payment};
use crate::refund::{Refund, RefundStatus, asked_for, confirmed};
use crate::settle_payment::GONE_AFTER;
use crate::store::StoreError;

impl Desk {
    /// Asks, and records. Gives why the gateway's answer was of no use, if it was of none.
    pub(crate) async fn look_back(
        &self,
        gateway: &dyn PaymentGateway,
        payment: &Payment,
    ) -> Result<Option<String>, StoreError> {
        let before = asked_for(&self.store.refunds_of_payments(&[payment.id]).await?);
        let answer = match payment.name() {
            Some(name) => gateway.fetch(&name).await,
            None => Err(GatewayError::Unknown {
                gateway: payment.gateway,
                reference: String::new(),
            }),
        };
        fault::point("payments: looked back").await;
        self.record_back(payment.id, answer, before).await
    }

    /// `before` is what we knew of to go back when the gateway was asked.
    async fn record_back(
        &self,
        id: Id,
        answer: Result<Charge, GatewayError>,
        before: i64,
    ) -> Result<Option<String>, StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut payment) = work.payment(id).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let look_anew = payment.was_told_of_while_asking();
        let mut problem = None;
        match answer {
            Ok(charge) => {
                let mut refunds = work.refunds_of(id).await?;
                payment.compare_back(&charge, &refunds, before);
                for refund in refunds_in_doubt(&charge, &mut refunds) {
                    refund.look(now);
                    work.save_refund(refund).await?;
                }
                payment.due_at = look_anew.then_some(now);
            }
            Err(GatewayError::Unknown { reference, .. }) if now - payment.created_at > GONE_AFTER => {
                tracing::error!(payment = %id, reference, "the gateway doesn't know a charge any more that brought money");
                payment.vanish();
            }
            Err(GatewayError::OtherMoney { shown, .. }) => {
                tracing::error!(payment = %id, shown, "the gateway shows other money than what came before");
                payment.show_staff(Attention::AmountDisagrees);
                payment.due_at = None;
            }
            Err(error) => {
                let error = chain(&error);
                tracing::warn!(payment = %id, tries = payment.tries, error,
                    "the gateway gave no usable answer; trying again later");
                if payment.due_at.is_some() && !look_anew {
                    payment.due_at = Some(self.after_tries(payment.tries, id));
                }
                problem = Some(error);
            }
        }
        work.save_payment(&payment).await?;
        work.commit().await?;
        self.wake();
        Ok(problem)
    }
}

impl Payment {
    /// Takes in what the gateway shows of the money that came.
    fn compare_back(&mut self, charge: &Charge, refunds: &[Refund], before: i64) {
        self.learn_names(charge);
        self.clear(Attention::UnknownAtGateway);
        if charge.disputed {
            self.show_staff(Attention::Disputed);
        } else {
            self.clear(Attention::Disputed);
        }
        let back = match charge.state {
            ChargeState::Succeeded => charge.refunded,
            // It shows no money any more: all of it was taken back.
            _ => Some(self.amount.minor),
        };
        let Some(back) = back else { return };
        // Of what changed while the gateway was answering, the answer may have either.
        let elsewhere = (back - asked_for(refunds).max(before)).max(0);
        let all_known = refunds
            .iter()
            .all(|refund| refund.status != RefundStatus::Pending);
        if elsewhere > self.elsewhere {
            tracing::error!(payment = %self.id, elsewhere, "more went back at the gateway than we know of: staff has to look at it");
            self.elsewhere = elsewhere;
            self.call_staff(Attention::RefundedElsewhere);
        } else if all_known && elsewhere < self.elsewhere {
            self.elsewhere = elsewhere;
            if elsewhere == 0 {
                self.clear(Attention::RefundedElsewhere);
            }
        }
    }
}

/// Less went back than was confirmed: one of these has failed since. Or more than was asked for: what went back without us may hide that one has failed.
pub(crate) fn refunds_in_doubt<'a>(
    charge: &Charge,
    refunds: &'a mut [Refund],
) -> impl Iterator<Item = &'a mut Refund> {
    let (confirmed, asked_for) = (confirmed(refunds), asked_for(refunds));
    let doubt = charge.state == ChargeState::Succeeded
        && charge
            .refunded
            .is_some_and(|back| back < confirmed || back > asked_for);
    refunds
        .iter_mut()
        .filter(move |refund| doubt && refund.status == RefundStatus::Succeeded)
}

#[cfg(test)]
mod tests;
