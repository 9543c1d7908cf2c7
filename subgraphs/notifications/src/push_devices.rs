//! Registering and removing the devices that a person wants push messages on.

use lavka_kit::ids::Id;

use crate::messenger::Messenger;
use crate::push_device::{MOST, PushAddress, PushDevice};
use crate::store::StoreError;

impl Messenger {
    /// Registers a device. The same one again keeps its id; one that was somebody else's (a shared browser) becomes this
    /// person's; beyond [`MOST`] the oldest make room.
    pub async fn register_device(&self, user_id: Id, address: PushAddress) -> Result<PushDevice, StoreError> {
        let mut work = self.store.begin().await?;
        let device = PushDevice {
            id: self.ids.next(),
            user_id,
            address,
            created_at: self.clock.now(),
        };
        let device = work.save_device(&device).await?;
        for surplus in work.devices(user_id).await?.into_iter().skip(MOST) {
            work.remove_device(user_id, surplus.id).await?;
        }
        work.commit().await?;
        Ok(device)
    }

    /// Removes a device of the person's.
    pub async fn remove_device(&self, user_id: Id, id: Id) -> Result<Option<PushDevice>, StoreError> {
        let mut work = self.store.begin().await?;
        let removed = work.remove_device(user_id, id).await?;
        work.commit().await?;
        Ok(removed)
    }
}
