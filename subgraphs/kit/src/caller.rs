//! Who is asking. Each request carries a [`Caller`], made from its access or service token, and a [`RequestHead`].
//! The router checks `@authenticated` and `@requiresScopes` too, but a network is not a wall: a resolver asks here again.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::{Context, Enum, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::errors::{forbidden, unauthenticated};
use crate::ids::Id;
use crate::locale::Locale;
use crate::peers::RequestLoaders;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody has signed in.
    Guest,
    /// A person with an account.
    User(UserCaller),
    /// Another subgraph.
    Service {
        /// Its name: "orders".
        name: String,
    },
}

/// A signed-in person, as the access token tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCaller {
    /// The account.
    pub id: Id,
    /// The session that the token belongs to.
    pub session: Id,
    /// The account's roles when the token was made.
    pub roles: Vec<Role>,
    /// What those roles allow.
    pub scopes: Vec<String>,
}

/// What an account may be. Services are not accounts; they are [`Caller::Service`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, Enum,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// Buys.
    Customer,
    /// Works in the shop.
    Staff,
    /// Also gives roles to others.
    Admin,
}

/// What a role allows, as `@requiresScopes` and the token's `scope` claim name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope(&'static str);

impl Scope {
    /// Edit products and categories; see unpublished ones.
    pub const CATALOG_WRITE: Self = Self("catalog:write");
    /// See and move every order.
    pub const ORDERS_MANAGE: Self = Self("orders:manage");
    /// Set what is in stock.
    pub const STOCK_WRITE: Self = Self("stock:write");
    /// Give money back.
    pub const PAYMENTS_REFUND: Self = Self("payments:refund");
    /// See accounts and give roles.
    pub const USERS_MANAGE: Self = Self("users:manage");

    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl Role {
    /// The name, as tokens and SQL write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Staff => "STAFF",
            Self::Admin => "ADMIN",
        }
    }

    /// What it allows.
    pub const fn scopes(self) -> &'static [Scope] {
        const STAFF: &[Scope] = &[
            Scope::CATALOG_WRITE,
            Scope::ORDERS_MANAGE,
            Scope::STOCK_WRITE,
            Scope::PAYMENTS_REFUND,
        ];
        const ADMIN: &[Scope] = &[
            Scope::CATALOG_WRITE,
            Scope::ORDERS_MANAGE,
            Scope::STOCK_WRITE,
            Scope::PAYMENTS_REFUND,
            Scope::USERS_MANAGE,
        ];
        match self {
            Self::Customer => &[],
            Self::Staff => STAFF,
            Self::Admin => ADMIN,
        }
    }

    /// What several roles allow together, each scope once.
    pub fn scopes_of(roles: &[Self]) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        for scope in roles.iter().flat_map(|role| role.scopes()) {
            if !scopes.iter().any(|known| known == scope.0) {
                scopes.push(scope.0.to_owned());
            }
        }
        scopes
    }
}

impl UserCaller {
    /// Whether the person's roles allow this.
    pub fn has_scope(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|held| held == scope.0)
    }
}

impl Caller {
    /// The person, if it is one.
    pub const fn user(&self) -> Option<&UserCaller> {
        match self {
            Self::User(user) => Some(user),
            _ => None,
        }
    }

    /// The person's id, if it is one.
    pub fn user_id(&self) -> Option<Id> {
        self.user().map(|user| user.id)
    }

    /// Whether another subgraph is asking.
    pub const fn is_service(&self) -> bool {
        matches!(self, Self::Service { .. })
    }

    /// Whether a person's roles allow this. A service has no scopes: ask [`Caller::is_service`].
    pub fn has_scope(&self, scope: Scope) -> bool {
        self.user().is_some_and(|user| user.has_scope(scope))
    }

    /// Whether this is the person `owner`, somebody whose roles allow `scope`, or a service: the rule for what belongs
    /// to a person.
    pub fn may_see(&self, owner: Id, scope: Scope) -> bool {
        self.user_id() == Some(owner) || self.has_scope(scope) || self.is_service()
    }
}

/// What came with the request besides its body.
#[derive(Debug, Clone, Default)]
pub struct RequestHead {
    /// The language of the answer, by `Accept-Language`.
    pub locale: Locale,
    /// Where the person is: the last address of `X-Forwarded-For` that the router appended, else the peer's.
    pub ip: Option<IpAddr>,
    /// `User-Agent`, cut to 256 characters.
    pub user_agent: Option<String>,
    /// Cookies by name.
    pub cookies: HashMap<String, String>,
    /// All headers.
    pub headers: http::HeaderMap,
    /// Batches calls to peers within this request.
    pub loaders: Arc<RequestLoaders>,
}

/// Who is asking. A request that was not served through the kit is a guest's.
pub fn caller<'a>(ctx: &Context<'a>) -> &'a Caller {
    ctx.data_opt::<Caller>().unwrap_or(&Caller::Guest)
}

/// The signed-in person; UNAUTHENTICATED for a guest, FORBIDDEN for a service.
pub fn require_user<'a>(ctx: &Context<'a>) -> Result<&'a UserCaller> {
    match caller(ctx) {
        Caller::User(user) => Ok(user),
        Caller::Guest => Err(unauthenticated()),
        Caller::Service { .. } => Err(forbidden()),
    }
}

/// The signed-in person whose roles allow `scope`; UNAUTHENTICATED for a guest, FORBIDDEN for anybody else.
pub fn require_scope<'a>(ctx: &Context<'a>, scope: Scope) -> Result<&'a UserCaller> {
    let user = require_user(ctx)?;
    if user.has_scope(scope) {
        Ok(user)
    } else {
        Err(forbidden())
    }
}

/// The name of the calling subgraph; UNAUTHENTICATED for a guest, FORBIDDEN for a person.
pub fn require_service<'a>(ctx: &Context<'a>) -> Result<&'a str> {
    match caller(ctx) {
        Caller::Service { name } => Ok(name),
        Caller::Guest => Err(unauthenticated()),
        Caller::User(_) => Err(forbidden()),
    }
}

/// Whether another subgraph is asking.
pub fn is_service(ctx: &Context<'_>) -> bool {
    caller(ctx).is_service()
}

/// What came with the request besides its body.
pub fn request_head<'a>(ctx: &Context<'a>) -> &'a RequestHead {
    static NONE: std::sync::LazyLock<RequestHead> = std::sync::LazyLock::new(RequestHead::default);
    ctx.data_opt::<RequestHead>().unwrap_or(&NONE)
}

/// The language of the answer.
pub fn locale(ctx: &Context<'_>) -> Locale {
    request_head(ctx).locale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_add_up() {
        assert_eq!(Role::scopes_of(&[Role::Customer]), Vec::<String>::new());
        assert_eq!(Role::scopes_of(&[Role::Staff, Role::Admin]).len(), 5);
    }

    #[test]
    fn what_belongs_to_a_person_is_theirs_staffs_and_the_services() {
        let owner = Id::from_u128(1);
        let user = |id, roles: &[Role]| {
            Caller::User(UserCaller {
                id: Id::from_u128(id),
                session: Id::from_u128(9),
                roles: roles.to_vec(),
                scopes: Role::scopes_of(roles),
            })
        };
        let may = |caller: &Caller| caller.may_see(owner, Scope::ORDERS_MANAGE);
        assert!(may(&user(1, &[Role::Customer])));
        assert!(!may(&user(2, &[Role::Customer])));
        assert!(may(&user(2, &[Role::Staff])));
        assert!(may(&Caller::Service {
            name: "payments".into()
        }));
        assert!(!may(&Caller::Guest));
    }
}
