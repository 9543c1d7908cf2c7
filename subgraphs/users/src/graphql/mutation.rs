//! Changing accounts.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, Utc};
use lavka_kit::caller::{Scope, caller, locale, request_head, require_scope, require_user};
use lavka_kit::errors::{fault, unauthenticated};
use lavka_kit::graphql::authenticated;
use lavka_kit::ids::Id;

use super::input::{
    ChangePasswordInput, DeleteAddressInput, LogInInput, LogOutInput, RefreshTokensInput, RegisterInput,
    RequestPasswordResetInput, ResetPasswordInput, RevokeSessionInput, SaveAddressInput, SetUserRolesInput,
    UpdateProfileInput, VerifyEmailInput,
};
use super::payload::{
    ChangePasswordPayload, LogOutPayload, RequestPasswordResetPayload, ResendEmailVerificationPayload,
    ResetPasswordPayload, RevokeSessionPayload, SignInPayload, Tokens, UserPayload,
};
use super::user::User;
use super::{sender, users};
use crate::log_in::LogIn;
use crate::refusal::{
    ChangePasswordError, Fault, LogOutError, Outcome, RequestPasswordResetError,
    ResendEmailVerificationError, ResetPasswordError, RevokeSessionError, SignInError, SignInErrorCode,
};
use crate::register::Register;
use crate::save_address::SaveAddress;
use crate::sign_in::SignedIn;
use crate::update_profile::UpdateProfile;

/// The cookie of a browser's refresh token.
const COOKIE: &str = "lavka_refresh";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Mutation;

#[Object]
impl Mutation {
    /// Makes an account and signs in to it.
    async fn register(&self, ctx: &Context<'_>, input: RegisterInput) -> Result<SignInPayload> {
        let register = Register {
            email: input.email,
            password: input.password,
            name: input.name,
            phone: input.phone,
            locale: input.locale.unwrap_or_else(|| locale(ctx)),
            cart: input.cart_id.as_ref().and_then(Id::parse),
        };
        let outcome = users(ctx)?.register(register, &sender(ctx)).await;
        signed_in(ctx, outcome, input.cookie == Some(true))
    }

    /// Signs in to an account.
    async fn log_in(&self, ctx: &Context<'_>, input: LogInInput) -> Result<SignInPayload> {
        let log_in = LogIn {
            email: input.email,
            password: input.password,
            cart: input.cart_id.as_ref().and_then(Id::parse),
        };
        let outcome = users(ctx)?.log_in(log_in, &sender(ctx)).await;
        signed_in(ctx, outcome, input.cookie == Some(true))
    }

    /// The next tokens for a refresh token, which works once: one that comes again ends its session.
    async fn refresh_tokens(&self, ctx: &Context<'_>, input: RefreshTokensInput) -> Result<SignInPayload> {
        let cookie = request_head(ctx).cookies.get(COOKIE);
        let by_cookie = input.refresh_token.is_none();
        let token = input
            .refresh_token
            .or_else(|| cookie.cloned())
            .unwrap_or_default();
        let outcome = users(ctx)?.refresh_tokens(&token, &sender(ctx)).await;
        signed_in(ctx, outcome, by_cookie)
    }

    /// Ends this session, or all of them.
    async fn log_out(&self, ctx: &Context<'_>, input: LogOutInput) -> Result<LogOutPayload> {
        let cookie = request_head(ctx).cookies.get(COOKIE).map(String::as_str);
        let everywhere = input.everywhere == Some(true);
        let outcome = users(ctx)?.log_out(caller(ctx).user(), cookie, everywhere).await;
        if cookie.is_some() {
            set_cookie(ctx, "", DateTime::UNIX_EPOCH);
        }
        Ok(match outcome.map_err(fault)? {
            Ok(()) => LogOutPayload {
                success: true,
                user_errors: Vec::new(),
            },
            Err(refusals) => LogOutPayload {
                success: false,
                user_errors: LogOutError::list(refusals, locale(ctx)),
            },
        })
    }

    /// Ends one of the person's sessions.
    #[graphql(directive = authenticated::apply())]
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload> {
        let user = require_user(ctx)?;
        let outcome = users(ctx)?
            .revoke_session(user.id, Id::parse(&input.session_id))
            .await;
        Ok(match outcome.map_err(fault)? {
            Ok(()) => {
                let account = users(ctx)?.account(user.id).await.map_err(fault)?;
                RevokeSessionPayload {
                    user: account.map(User),
                    user_errors: Vec::new(),
                }
            }
            Err(refusals) => RevokeSessionPayload {
                user: None,
                user_errors: RevokeSessionError::list(refusals, locale(ctx)),
            },
        })
    }

    /// The link in a letter was followed.
    async fn verify_email(&self, ctx: &Context<'_>, input: VerifyEmailInput) -> Result<UserPayload> {
        let outcome = users(ctx)?.verify_email(&input.token).await.map_err(fault)?;
        Ok(UserPayload::of(outcome, locale(ctx)))
    }

    /// Sends the letter with the link again.
    #[graphql(directive = authenticated::apply())]
    async fn resend_email_verification(&self, ctx: &Context<'_>) -> Result<ResendEmailVerificationPayload> {
        let user = require_user(ctx)?;
        let outcome = there(users(ctx)?.resend_email_verification(user.id).await)?;
        Ok(match outcome {
            Ok(account) => ResendEmailVerificationPayload {
                user: Some(User(account)),
                user_errors: Vec::new(),
            },
            Err(refusals) => ResendEmailVerificationPayload {
                user: None,
                user_errors: ResendEmailVerificationError::list(refusals, locale(ctx)),
            },
        })
    }

    /// Sends a letter with a link to choose a new password. The answer doesn't tell whether an account has the address.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload> {
        Ok(match users(ctx)?.request_password_reset(&input.email) {
            Ok(()) => RequestPasswordResetPayload {
                success: true,
                user_errors: Vec::new(),
            },
            Err(refusals) => RequestPasswordResetPayload {
                success: false,
                user_errors: RequestPasswordResetError::list(refusals, locale(ctx)),
            },
        })
    }

    /// A new password by the link in a letter; ends all sessions.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        input: ResetPasswordInput,
    ) -> Result<ResetPasswordPayload> {
        let outcome = users(ctx)?
            .reset_password(&input.token, &input.new_password)
            .await;
        Ok(match outcome.map_err(fault)? {
            Ok(()) => ResetPasswordPayload {
                success: true,
                user_errors: Vec::new(),
            },
            Err(refusals) => ResetPasswordPayload {
                success: false,
                user_errors: ResetPasswordError::list(refusals, locale(ctx)),
            },
        })
    }

    /// A new password by the old one; ends the other sessions.
    #[graphql(directive = authenticated::apply())]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let user = require_user(ctx)?;
        let changed = users(ctx)?
            .change_password(user, &input.current_password, &input.new_password)
            .await;
        Ok(match there(changed)? {
            Ok(()) => ChangePasswordPayload {
                success: true,
                user_errors: Vec::new(),
            },
            Err(refusals) => ChangePasswordPayload {
                success: false,
                user_errors: ChangePasswordError::list(refusals, locale(ctx)),
            },
        })
    }

    /// Changes what is given, and leaves the rest.
    #[graphql(directive = authenticated::apply())]
    async fn update_profile(&self, ctx: &Context<'_>, input: UpdateProfileInput) -> Result<UserPayload> {
        let user = require_user(ctx)?;
        let change = UpdateProfile {
            name: input.name,
            phone: input.phone,
            locale: input.locale,
            email: input.email,
        };
        let outcome = there(users(ctx)?.update_profile(user.id, change).await)?;
        Ok(UserPayload::of(outcome, locale(ctx)))
    }

    /// Adds or changes an entry of the address book.
    #[graphql(directive = authenticated::apply())]
    async fn save_address(&self, ctx: &Context<'_>, input: SaveAddressInput) -> Result<UserPayload> {
        let user = require_user(ctx)?;
        let address = SaveAddress {
            id: input.id.as_ref().map(Id::parse),
            is_default: input.is_default == Some(true),
            lines: input.into_lines(),
        };
        let outcome = there(users(ctx)?.save_address(user.id, address).await)?;
        Ok(UserPayload::of(outcome, locale(ctx)))
    }

    /// Takes an entry out of the address book.
    #[graphql(directive = authenticated::apply())]
    async fn delete_address(&self, ctx: &Context<'_>, input: DeleteAddressInput) -> Result<UserPayload> {
        let user = require_user(ctx)?;
        let outcome = there(users(ctx)?.delete_address(user.id, Id::parse(&input.id)).await)?;
        Ok(UserPayload::of(outcome, locale(ctx)))
    }

    /// Says what a person may do.
    #[graphql(requires_scopes = "users:manage")]
    async fn set_user_roles(&self, ctx: &Context<'_>, input: SetUserRolesInput) -> Result<UserPayload> {
        require_scope(ctx, Scope::USERS_MANAGE)?;
        let outcome = users(ctx)?
            .set_user_roles(Id::parse(&input.user_id), &input.roles)
            .await;
        Ok(UserPayload::of(outcome.map_err(fault)?, locale(ctx)))
    }
}

/// What an operation on the own account answers; a token may outlive its account.
fn there<T>(outcome: Result<Option<T>, Fault>) -> Result<T> {
    outcome.map_err(fault)?.ok_or_else(unauthenticated)
}

fn signed_in(
    ctx: &Context<'_>,
    outcome: Result<Outcome<SignedIn, SignInErrorCode>, Fault>,
    cookie: bool,
) -> Result<SignInPayload> {
    let signed_in = match outcome.map_err(fault)? {
        Ok(signed_in) => signed_in,
        Err(refusals) => {
            let user_errors = SignInError::list(refusals, locale(ctx));
            return Ok(SignInPayload {
                user: None,
                tokens: None,
                user_errors,
            });
        }
    };
    let issued = signed_in.tokens;
    let refresh_token = if cookie {
        set_cookie(ctx, &issued.refresh_token, issued.refresh_token_expires_at);
        None
    } else {
        Some(issued.refresh_token)
    };
    let tokens = Tokens {
        access_token: issued.access_token,
        access_token_expires_at: issued.access_token_expires_at,
        refresh_token,
    };
    Ok(SignInPayload {
        user: Some(User(signed_in.account)),
        tokens: Some(tokens),
        user_errors: Vec::new(),
    })
}

/// RFC 6265: no script reads it, no other site sends it, and it goes to the API only.
fn set_cookie(ctx: &Context<'_>, value: &str, expires: DateTime<Utc>) {
    let secure = users(ctx).is_ok_and(|it| it.secure);
    let expires = expires.format("%a, %d %b %Y %H:%M:%S GMT");
    let secure = if secure { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={value}; Path=/graphql; HttpOnly; SameSite=Strict; Expires={expires}{secure}");
    ctx.append_http_header("set-cookie", cookie);
}
