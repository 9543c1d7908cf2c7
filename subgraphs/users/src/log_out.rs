//! Ending this session, or all of them.

use lavka_kit::caller::UserCaller;

use crate::mailed_token::hashed;
use crate::refusal::{Fault, LogOutErrorCode, Outcome, Refusal};
use crate::store::{accounts, sessions};
use crate::users::Users;

impl Users {
    /// By the access token, or, when it has run out, by the browser's cookie.
    pub(crate) async fn log_out(
        &self,
        user: Option<&UserCaller>,
        cookie: Option<&str>,
        everywhere: bool,
    ) -> Result<Outcome<(), LogOutErrorCode>, Fault> {
        let mut tx = self.database.write().await?;
        let (account, session) = match (user, cookie) {
            (Some(user), _) => (user.id, user.session),
            (None, Some(cookie)) => match sessions::token(&mut *tx, &hashed(cookie)).await? {
                Some(known) => (known.account, known.session),
                None => return Ok(Err(vec![Refusal::of(LogOutErrorCode::NotSignedIn)])),
            },
            (None, None) => return Ok(Err(vec![Refusal::of(LogOutErrorCode::NotSignedIn)])),
        };
        let now = self.clock.now();
        if everywhere {
            // Two that end all sessions take turns: each has its own already.
            accounts::locked(&mut tx, account).await?;
            sessions::end_all(&mut tx, account, None, now).await?;
        } else {
            sessions::end(&mut tx, account, session, now).await?;
        }
        tx.commit().await?;
        Ok(Ok(()))
    }
}
