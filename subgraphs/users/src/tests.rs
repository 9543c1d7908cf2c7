//! The service as its clients see it: scenes over GraphQL.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use lavka_kit::caller::Role;
use lavka_kit::events::users::{EmailVerificationRequested, PasswordResetRequested};
use lavka_kit::events::{EventData, topics};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::on_both_engines;
use lavka_kit::sql::Dialect;
use lavka_kit::testing::{Answer, FakePeer, TestWorld};
use serde_json::{Value, json};

use crate::{Config, EnsureAccount, PasswordConfig, Started, start};

struct Shop {
    world: TestWorld,
    users: Started,
}

async fn stage(engine: Dialect) -> Option<Shop> {
    Shop::open(engine).await
}

on_both_engines! { stage:
    who_registers_is_signed_in_and_can_log_in_again
    failures_slow_the_next_try_also_with_the_right_password
    a_refresh_token_works_once_and_a_reused_one_ends_its_family
    a_browser_keeps_its_refresh_token_in_a_cookie
    links_in_letters_verify_and_reset_once
    a_cart_service_that_is_away_keeps_nobody_out_and_gets_its_cart_later
    only_an_administrator_gives_roles_and_one_always_stays
    keys_rotate_and_a_token_stays_good_to_its_end
    a_refresh_token_works_once_also_for_two_at_once
    of_two_admins_who_step_down_at_once_one_stays
}

const SIGN_IN: &str =
    "user { id email emailVerified } tokens { accessToken refreshToken } userErrors { code field }";
const PASSWORD: &str = "correct horse";

impl Shop {
    async fn open(engine: Dialect) -> Option<Self> {
        let world = TestWorld::on(engine, "users").await?;
        let password = PasswordConfig {
            memory_kib: 8,
            passes: 1,
            at_once: 2,
        };
        let users = start(
            Config {
                password,
                ..Config::default()
            },
            world.context.clone(),
        )
        .await
        .unwrap();
        world.context.verifier.trust(users.jwks.clone());
        Some(Self { world, users })
    }

    async fn ask(&self, token: Option<&str>, query: &str, input: Value) -> Answer {
        self.world
            .ask(&self.users.subgraph, token, query, json!({ "i": input }))
            .await
    }

    /// The payload of a mutation that signs in.
    async fn sign_in(&self, field: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!("mutation ($i: {kind}!) {{ {field}(input: $i) {{ {SIGN_IN} }} }}");
        self.ask(None, &query, input).await.data()[field].clone()
    }

    async fn ann(&self) -> Value {
        let input = json!({ "email": "ann@lavka.test", "password": PASSWORD, "name": "Ann" });
        self.sign_in("register", input).await
    }

    async fn log_in(&self, password: &str) -> Value {
        self.sign_in(
            "logIn",
            json!({ "email": "ANN@lavka.test", "password": password }),
        )
        .await
    }

    async fn refresh(&self, token: &Value) -> Value {
        self.sign_in("refreshTokens", json!({ "refreshToken": token }))
            .await
    }
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("none")
}

fn access(payload: &Value) -> &str {
    payload["tokens"]["accessToken"].as_str().unwrap()
}

async fn who_registers_is_signed_in_and_can_log_in_again(shop: Shop) {
    let ann = shop.ann().await;
    let me = shop
        .ask(
            Some(access(&ann)),
            "{ me { email emailVerified roles sessions { current } } }",
            json!({}),
        )
        .await;
    let expected = json!({ "email": "ann@lavka.test", "emailVerified": false, "roles": ["CUSTOMER"], "sessions": [{ "current": true }] });
    assert_eq!(me.data()["me"], expected);
    assert_eq!(shop.log_in(PASSWORD).await["user"]["id"], ann["user"]["id"]);
    assert_eq!(code(&shop.ann().await), "EMAIL_TAKEN");
    let bad = shop
        .sign_in(
            "register",
            json!({ "email": "x", "password": "short", "name": " " }),
        )
        .await;
    let codes: Vec<_> = bad["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["EMAIL_INVALID", "PASSWORD_TOO_WEAK", "NAME_REQUIRED"]);
}

async fn failures_slow_the_next_try_also_with_the_right_password(shop: Shop) {
    shop.ann().await;
    for _ in 0..5 {
        assert_eq!(code(&shop.log_in("wrong horse").await), "BAD_CREDENTIALS");
    }
    assert_eq!(code(&shop.log_in(PASSWORD).await), "TOO_MANY_ATTEMPTS");
    shop.world.clock.advance(Duration::from_secs(1));
    assert_eq!(code(&shop.log_in(PASSWORD).await), "none");
    // A stranger's address is throttled alike.
    for _ in 0..5 {
        shop.sign_in("logIn", json!({ "email": "no@lavka.test", "password": "x" }))
            .await;
    }
    let stranger = shop
        .sign_in("logIn", json!({ "email": "no@lavka.test", "password": "x" }))
        .await;
    assert_eq!(code(&stranger), "TOO_MANY_ATTEMPTS");
}

async fn a_refresh_token_works_once_and_a_reused_one_ends_its_family(shop: Shop) {
    let first = shop.ann().await["tokens"]["refreshToken"].clone();
    let second = shop.refresh(&first).await["tokens"]["refreshToken"].clone();
    assert_ne!(first, second);
    assert_eq!(code(&shop.refresh(&first).await), "TOKEN_INVALID");
    assert_eq!(
        code(&shop.refresh(&second).await),
        "TOKEN_INVALID",
        "the family has ended"
    );
    let third = shop.log_in(PASSWORD).await["tokens"]["refreshToken"].clone();
    let (one, two) = tokio::join!(shop.refresh(&third), shop.refresh(&third));
    let mut codes = [code(&one), code(&two)];
    codes.sort_unstable();
    assert_eq!(codes, ["TOKEN_INVALID", "none"], "two at once: one wins");
}

async fn a_browser_keeps_its_refresh_token_in_a_cookie(shop: Shop) {
    shop.ann().await;
    let query = format!("mutation ($i: LogInInput!) {{ logIn(input: $i) {{ {SIGN_IN} }} }}");
    let input = json!({ "email": "ann@lavka.test", "password": PASSWORD, "cookie": true });
    let answer = shop.ask(None, &query, input).await;
    assert_eq!(answer.data()["logIn"]["tokens"]["refreshToken"], Value::Null);
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/graphql")
    );
    let pair = cookie.split(';').next().unwrap();
    let refresh = format!("mutation {{ refreshTokens(input: {{}}) {{ {SIGN_IN} }} }}");
    let refreshed = shop
        .world
        .ask_with(
            &shop.users.subgraph,
            None,
            &refresh,
            json!({}),
            &[("cookie", pair)],
        )
        .await;
    assert_eq!(code(&refreshed.data()["refreshTokens"]), "none");
    assert!(refreshed.headers.contains_key("set-cookie"));
}

async fn links_in_letters_verify_and_reset_once(shop: Shop) {
    let mut news = shop.world.listen(topics::USERS).await;
    let ann = shop.ann().await;
    let link = loop {
        let event = news.next().await.unwrap();
        if event.is::<EmailVerificationRequested>() {
            break event.data::<EmailVerificationRequested>().unwrap();
        }
    };
    let verify = "mutation ($i: VerifyEmailInput!) { verifyEmail(input: $i) { user { emailVerified } userErrors { code } } }";
    let verified = shop.ask(None, verify, json!({ "token": link.token })).await;
    assert_eq!(verified.data()["verifyEmail"]["user"]["emailVerified"], true);
    let again = shop.ask(None, verify, json!({ "token": link.token })).await;
    assert_eq!(code(&again.data()["verifyEmail"]), "TOKEN_INVALID");

    let request = "mutation ($i: RequestPasswordResetInput!) { requestPasswordReset(input: $i) { success } }";
    let known = shop
        .ask(None, request, json!({ "email": "ann@lavka.test" }))
        .await;
    let unknown = shop
        .ask(None, request, json!({ "email": "nobody@lavka.test" }))
        .await;
    assert_eq!(known.body, unknown.body);
    let link = loop {
        let event = news.next().await.unwrap();
        if event.kind == PasswordResetRequested::TYPE {
            break event.data::<PasswordResetRequested>().unwrap();
        }
    };
    let reset =
        "mutation ($i: ResetPasswordInput!) { resetPassword(input: $i) { success userErrors { code } } }";
    let input = json!({ "token": link.token, "newPassword": "another horse" });
    assert_eq!(
        shop.ask(None, reset, input.clone()).await.data()["resetPassword"]["success"],
        true
    );
    assert_eq!(
        code(&shop.ask(None, reset, input).await.data()["resetPassword"]),
        "TOKEN_INVALID"
    );
    assert_eq!(
        code(&shop.refresh(&ann["tokens"]["refreshToken"]).await),
        "TOKEN_INVALID"
    );
    assert_eq!(code(&shop.log_in(PASSWORD).await), "BAD_CREDENTIALS");
    assert_eq!(code(&shop.log_in("another horse").await), "none");
}

async fn a_cart_service_that_is_away_keeps_nobody_out_and_gets_its_cart_later(shop: Shop) {
    shop.world.context.peers.connect("cart", FakePeer::away());
    let cart = "11111111-1111-4111-8111-111111111111";
    let input = json!({ "email": "ann@lavka.test", "password": PASSWORD, "name": "Ann", "cartId": cart });
    assert_eq!(code(&shop.sign_in("register", input).await), "none");
    let peer = FakePeer::new(|_, _| Ok(json!({ "mergeCart": { "id": "x" } })));
    shop.world.context.peers.connect("cart", Arc::clone(&peer) as _);
    shop.users.users.merge_waiting().await.unwrap();
    shop.users.users.merge_waiting().await.unwrap();
    assert_eq!(peer.asked().len(), 1);
    assert_eq!(peer.asked()[0].1["cartId"], cart);
}

async fn only_an_administrator_gives_roles_and_one_always_stays(shop: Shop) {
    let boss = EnsureAccount {
        email: "boss@lavka.test".into(),
        password: PASSWORD.into(),
        name: "Boss".into(),
        locale: Locale::En,
        roles: vec![Role::Admin],
        email_verified: true,
    };
    shop.users.users.ensure_account(boss).await.unwrap();
    let boss = shop
        .sign_in(
            "logIn",
            json!({ "email": "boss@lavka.test", "password": PASSWORD }),
        )
        .await;
    let ann = shop.ann().await;
    let set = "mutation ($i: SetUserRolesInput!) { setUserRoles(input: $i) { user { roles } userErrors { code } } }";
    let input = |id: &Value| json!({ "userId": id, "roles": ["STAFF"] });
    assert_eq!(
        shop.ask(Some(access(&ann)), set, input(&ann["user"]["id"]))
            .await
            .error_code(),
        "FORBIDDEN"
    );
    let given = shop
        .ask(Some(access(&boss)), set, input(&ann["user"]["id"]))
        .await;
    assert_eq!(given.data()["setUserRoles"]["user"]["roles"], json!(["STAFF"]));
    let last = shop
        .ask(Some(access(&boss)), set, input(&boss["user"]["id"]))
        .await;
    assert_eq!(code(&last.data()["setUserRoles"]), "LAST_ADMIN");
}

async fn keys_rotate_and_a_token_stays_good_to_its_end(shop: Shop) {
    let keys = &shop.users.users.keys;
    let count = || keys.jwks().keys.len();
    assert_eq!(count(), 1);
    let day = Duration::from_secs(86_400);
    shop.world.clock.advance(day * 30 - Duration::from_secs(3_600));
    keys.rotate().await.unwrap();
    assert_eq!(count(), 2, "the next key is published before it signs");
    let ann = shop.ann().await;
    shop.world.clock.advance(Duration::from_secs(9 * 60));
    keys.rotate().await.unwrap();
    let me = shop.ask(Some(access(&ann)), "{ me { email } }", json!({})).await;
    assert_eq!(me.data()["me"]["email"], "ann@lavka.test");
    shop.world.clock.advance(Duration::from_secs(2 * 3_600));
    keys.rotate().await.unwrap();
    assert_eq!(count(), 1, "the previous key has gone");
    assert_eq!(code(&shop.log_in(PASSWORD).await), "none");
}

async fn a_refresh_token_works_once_also_for_two_at_once(shop: Shop) {
    let ann = shop.ann().await;
    let token = &ann["tokens"]["refreshToken"];
    let (one, other) = tokio::join!(shop.refresh(token), shop.refresh(token));
    let served = [&one, &other].into_iter().filter(|it| !it["tokens"].is_null());
    assert_eq!(served.count(), 1, "{one} {other}");
    // Nobody can tell which of the two was the thief.
    let next = if one["tokens"].is_null() { &other } else { &one };
    assert_eq!(
        code(&shop.refresh(&next["tokens"]["refreshToken"]).await),
        "TOKEN_INVALID"
    );
}

async fn of_two_admins_who_step_down_at_once_one_stays(shop: Shop) {
    let users = &shop.users.users;
    let mut ids: Vec<Id> = Vec::new();
    for name in ["ann", "bob"] {
        let email = format!("{name}@lavka.test");
        let input = json!({ "email": email, "password": PASSWORD, "name": name });
        let signed_in = shop.sign_in("register", input).await;
        ids.push(signed_in["user"]["id"].as_str().unwrap().parse().unwrap());
        assert!(users.set_roles(&email, &[Role::Admin]).await.unwrap());
    }
    let step_down = |id| users.set_user_roles(Some(id), &[Role::Customer]);
    let (one, other) = tokio::join!(step_down(ids[0]), step_down(ids[1]));
    let refused = [one.unwrap(), other.unwrap()].into_iter().filter(Result::is_err);
    assert_eq!(refused.count(), 1);
}
