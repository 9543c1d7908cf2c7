//! A lock for what has no row yet.

use super::{Connection, Dialect, Error, QueryBuilder, Transaction, pieces};

impl Transaction {
    /// Waits for the lock of this name and holds it until the end of the transaction: so that of two that look for the
    /// same thing and don't find it only one makes it, and the other finds it then. Nothing on SQLite, where a writing
    /// transaction is the only one.
    pub async fn lock_name(&mut self, name: &str) -> Result<(), Error> {
        self.lock_names(vec![name.to_owned()]).await
    }

    /// The same for several, always in the same order.
    pub async fn lock_names(&mut self, mut names: Vec<String>) -> Result<(), Error> {
        let connection: &mut Connection = self;
        if connection.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        names.sort_unstable();
        names.dedup();
        for some in pieces(&names) {
            // The locks of a database are shared by all of its schemas.
            let mut lock = QueryBuilder::new(
                "SELECT count(pg_advisory_xact_lock(hashtextextended(current_schema()::text || ' ' || name, 1))) FROM (VALUES ",
            );
            for (at, name) in some.iter().enumerate() {
                lock.push(if at == 0 { "(" } else { ", (" })
                    .push_bind(name)
                    .push(")");
            }
            lock.push(") AS names (name)");
            lock.build().execute(&mut *connection).await?;
        }
        Ok(())
    }
}
