//! A gateway says that something happened to a charge. It is not believed: it makes us look.

use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::payment::Status;
use crate::store::StoreError;

impl Desk {
    /// Looks at the charge soon. A charge that we can't name yet is no loss: its creation will be asked again.
    pub async fn hear_news(&self, gateway: Gateway, reference: &str) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        let Some(mut payment) = work.payment_by_reference(gateway, reference).await? else {
            return Ok(());
        };
        if payment.status == Status::Succeeded {
            // Nothing that the gateway could say takes that back.
            return Ok(());
        }
        payment.due_at = Some(self.clock.now());
        payment.tries = 0;
        work.save_payment(&payment).await?;
        work.commit().await?;
        self.wake();
        Ok(())
    }
}
