//! Old rows go piece by piece.

use chrono::{DateTime, Utc};

use super::{Database, Error, query};

/// So many go at once. A statement for all of them could take longer than statements may, after a pause of the service or a rush a month
/// ago: then nothing would go, each time, and more the next time.
const PIECE: i64 = 10_000;

impl Database {
    /// Deletes what is older than `before`, each piece in a commit of its own; how many rows. In `delete`, `$1` is the moment and `$2` how many
    /// at most: `DELETE FROM inbox WHERE … IN (SELECT … WHERE received_at < $1 LIMIT $2)`.
    pub async fn forget(&self, delete: &'static str, before: DateTime<Utc>) -> Result<u64, Error> {
        self.forget_by(PIECE, delete, before).await
    }

    pub(super) async fn forget_by(
        &self,
        piece: i64,
        delete: &'static str,
        before: DateTime<Utc>,
    ) -> Result<u64, Error> {
        let mut gone = 0;
        loop {
            let mut tx = self.write().await?;
            let delete = query(delete).bind(before).bind(piece);
            let done = delete.execute(&mut *tx).await?.rows_affected();
            tx.commit().await?;
            gone += done;
            if done < piece.unsigned_abs() {
                return Ok(gone);
            }
        }
    }
}
