//! A lock for what has no row yet.

use super::{Connection, Dialect, Error, Transaction, query};

impl Transaction {
    /// Waits for the lock of this name and holds it until the end of the transaction: so that of two that look for the
    /// same thing and don't find it only one makes it, and the other finds it then. Nothing on SQLite, where a writing
    /// transaction is the only one.
    pub async fn lock_name(&mut self, name: &str) -> Result<(), Error> {
        let connection: &mut Connection = self;
        if connection.dialect() == Dialect::Postgres {
            // The locks of a database are shared by all of its schemas.
            query("SELECT pg_advisory_xact_lock(hashtextextended(current_schema()::text || ' ' || $1, 1))")
                .bind(name)
                .execute(connection)
                .await?;
        }
        Ok(())
    }
}
