//! Accounts: signing in and out, sessions, addresses, letters with links.

use serde_json::{Value, json};

use crate::people::eventually;
use crate::shop::{Shop, get};

const TOKENS: &str = "tokens { accessToken accessTokenExpiresAt refreshToken } user { id }";

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_works_once_and_a_stolen_one_ends_the_session() {
    let shop = Shop::start().await;
    let ann = shop.newcomer("Ann").await;
    let guest = shop.guest();
    let first = ann.refresh_token.clone().expect("a refresh token");
    let rotated = guest
        .does(
            "refreshTokens",
            "RefreshTokensInput",
            json!({ "refreshToken": first }),
            TOKENS,
        )
        .await;
    assert_eq!(rotated["userErrors"], json!([]), "{rotated:#}");
    let second = rotated["tokens"]["refreshToken"].clone();
    assert_ne!(second, json!(first));

    let reused = guest
        .does(
            "refreshTokens",
            "RefreshTokensInput",
            json!({ "refreshToken": first }),
            TOKENS,
        )
        .await;
    assert_eq!(reused["userErrors"][0]["code"], "TOKEN_INVALID");
    let revoked = guest
        .does(
            "refreshTokens",
            "RefreshTokensInput",
            json!({ "refreshToken": second }),
            TOKENS,
        )
        .await;
    assert_eq!(
        revoked["userErrors"][0]["code"], "TOKEN_INVALID",
        "the whole family is revoked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_the_refresh_token_in_a_cookie_that_no_script_reads() {
    let shop = Shop::start().await;
    let client = lavka_kit::tls::http_client()
        .cookie_store(true)
        .build()
        .expect("a client");
    let ask = |query: &'static str, csrf: bool| {
        let mut request = client.post(format!("{}/graphql", shop.url));
        if csrf {
            request = request.json(&json!({ "query": query }));
        } else {
            request = request
                .header("content-type", "text/plain")
                .body(json!({ "query": query }).to_string());
        }
        async move { request.send().await.expect("an answer") }
    };
    let login =
        "mutation { logIn(input: { email: \"shopper@lavka.test\", password: \"lavka-demo\", cookie: true }) {
        tokens { accessToken refreshToken } userErrors { code } } }";
    let answer = ask(login, true).await;
    let cookie = answer.headers()["set-cookie"]
        .to_str()
        .expect("a cookie")
        .to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite"),
        "{cookie}"
    );
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(
        body["data"]["logIn"]["tokens"]["refreshToken"],
        Value::Null,
        "it went into the cookie"
    );

    let refresh =
        "mutation { refreshTokens(input: {}) { tokens { accessToken refreshToken } userErrors { code } } }";
    let body: Value = ask(refresh, true).await.json().await.expect("JSON");
    assert!(
        body["data"]["refreshTokens"]["tokens"]["accessToken"].is_string(),
        "{body:#}"
    );
    let forged = ask(refresh, false).await;
    assert!(
        forged.status().is_client_error(),
        "a form on a foreign page can't: {}",
        forged.status()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended() {
    let shop = Shop::start().await;
    let phone = shop.newcomer("Ann").await;
    let mut laptop = shop.guest();
    laptop.logs_in("ann@example.com", "a long enough password").await;
    let query = "{ me { id sessions { id device ip createdAt lastUsedAt current } } }";
    let sessions = laptop.gets(query, json!({})).await["me"]["sessions"].clone();
    let sessions = sessions.as_array().expect("sessions");
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|it| it["current"] == true).count(), 1);
    let other = sessions
        .iter()
        .find(|it| it["current"] == false)
        .expect("the phone's session");
    laptop
        .does(
            "revokeSession",
            "RevokeSessionInput",
            json!({ "sessionId": other["id"] }),
            "user { sessions { id } }",
        )
        .await;
    let guest = shop.guest();
    let refresh = async |token: &Option<String>| {
        let input = json!({ "refreshToken": token });
        guest
            .does("refreshTokens", "RefreshTokensInput", input, TOKENS)
            .await
    };
    assert_eq!(
        refresh(&phone.refresh_token).await["userErrors"][0]["code"],
        "TOKEN_INVALID"
    );
    let mut tablet = shop.guest();
    tablet.logs_in("ann@example.com", "a long enough password").await;
    let out = tablet
        .does("logOut", "LogOutInput", json!({ "everywhere": true }), "success")
        .await;
    assert_eq!(out["success"], true, "{out:#}");
    assert_eq!(
        refresh(&laptop.refresh_token).await["userErrors"][0]["code"],
        "TOKEN_INVALID"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_look_alike_and_are_throttled() {
    let shop = Shop::start().await;
    let guest = shop.guest();
    let try_it = async |email: &str, password: &str| {
        guest
            .does(
                "logIn",
                "LogInInput",
                json!({ "email": email, "password": password }),
                TOKENS,
            )
            .await["userErrors"][0]
            .clone()
    };
    let wrong = try_it("shopper@lavka.test", "guess").await;
    assert_eq!(wrong["code"], "BAD_CREDENTIALS");
    assert_eq!(wrong, try_it("nobody@example.com", "guess").await);
    let mut codes = Vec::new();
    for _ in 0..12 {
        codes.push(try_it("shopper@lavka.test", "guess").await["code"].clone());
    }
    assert!(codes.contains(&json!("TOO_MANY_ATTEMPTS")), "{codes:?}");
    let other = try_it("staff@lavka.test", "lavka-demo").await;
    assert_eq!(other, Value::Null, "others are not kept out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_names_what_is_wrong() {
    let shop = Shop::start().await;
    let guest = shop.guest();
    for (field, value, code) in [
        ("email", "nonsense", "EMAIL_INVALID"),
        ("email", "shopper@lavka.test", "EMAIL_TAKEN"),
        ("password", "short", "PASSWORD_TOO_WEAK"),
        ("name", "  ", "NAME_REQUIRED"),
    ] {
        let mut input =
            json!({ "email": "new@example.com", "password": "a long enough password", "name": "New" });
        input[field] = json!(value);
        let refused = guest.does("register", "RegisterInput", input, TOKENS).await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused:#}");
        assert_eq!(
            refused["userErrors"][0]["field"]
                .as_array()
                .and_then(|it| it.last()),
            Some(&json!(field))
        );
        assert_eq!(refused["tokens"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_letter_is_sent_again() {
    let shop = Shop::start_configured("[users]\nletter_pause_seconds = 0\n").await;
    let ann = shop.newcomer("Ann").await;
    let again = ann
        .gets(
            "mutation { resendEmailVerification { userErrors { code message field } user { id } } }",
            json!({}),
        )
        .await;
    assert_eq!(again["resendEmailVerification"]["userErrors"], json!([]));
    assert!(
        again["resendEmailVerification"]["user"]["id"].is_string(),
        "{again:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_bring_links_that_verify_and_reset() {
    let shop = Shop::start().await;
    let ann = shop.newcomer("Ann").await;
    let me = async || ann.gets("{ me { id email emailVerified } }", json!({})).await["me"].clone();
    assert_eq!(me().await["emailVerified"], false);
    let again = ann
        .gets(
            "mutation { resendEmailVerification { userErrors { code message field } user { id } } }",
            json!({}),
        )
        .await;
    let refused = &again["resendEmailVerification"]["userErrors"][0]["code"];
    assert_eq!(
        *refused, "TOO_MANY_ATTEMPTS",
        "the first letter has only just gone out: {again:#}"
    );
    let token = shop.token_in_mail("ann@example.com", "verify").await;
    let verified = shop
        .guest()
        .does(
            "verifyEmail",
            "VerifyEmailInput",
            json!({ "token": token }),
            "user { id emailVerified }",
        )
        .await;
    assert_eq!(verified["userErrors"], json!([]), "{verified:#}");
    assert_eq!(me().await["emailVerified"], true);
    let forged = shop
        .guest()
        .does(
            "verifyEmail",
            "VerifyEmailInput",
            json!({ "token": "forged" }),
            "user { id }",
        )
        .await;
    assert_eq!(forged["userErrors"][0]["code"], "TOKEN_INVALID");

    let guest = shop.guest();
    let ask = async |email: &str| {
        guest
            .does(
                "requestPasswordReset",
                "RequestPasswordResetInput",
                json!({ "email": email }),
                "success",
            )
            .await
    };
    assert_eq!(
        ask("ann@example.com").await,
        ask("nobody@example.com").await,
        "nobody learns who has an account"
    );
    let token = shop.token_in_mail("ann@example.com", "reset").await;
    let reset = |password: &'static str| json!({ "token": token, "newPassword": password });
    let weak = guest
        .does("resetPassword", "ResetPasswordInput", reset("weak"), "success")
        .await;
    assert_eq!(weak["userErrors"][0]["code"], "PASSWORD_TOO_WEAK", "{weak:#}");
    let done = guest
        .does(
            "resetPassword",
            "ResetPasswordInput",
            reset("another long password"),
            "success",
        )
        .await;
    assert_eq!(
        (&done["userErrors"], &done["success"]),
        (&json!([]), &json!(true))
    );
    let twice = guest
        .does(
            "resetPassword",
            "ResetPasswordInput",
            reset("another long password"),
            "success",
        )
        .await;
    assert_eq!(
        twice["userErrors"][0]["code"], "TOKEN_INVALID",
        "a link works once"
    );
    let refresh = guest
        .does(
            "refreshTokens",
            "RefreshTokensInput",
            json!({ "refreshToken": ann.refresh_token }),
            TOKENS,
        )
        .await;
    assert_eq!(
        refresh["userErrors"][0]["code"], "TOKEN_INVALID",
        "a reset ends what was signed in"
    );
    shop.guest()
        .logs_in("ann@example.com", "another long password")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_its_addresses_and_its_password_change() {
    let shop = Shop::start().await;
    let ann = shop.newcomer("Ann").await;
    let user = "user { id name phone locale email emailVerified addresses { id recipient phone line1 line2 city region postalCode country isDefault } }";
    let input = json!({ "name": "Anna", "phone": "+79161234567", "locale": "RU" });
    let updated = ann.does("updateProfile", "UpdateProfileInput", input, user).await;
    assert_eq!(
        (&updated["user"]["name"], &updated["user"]["locale"]),
        (&json!("Anna"), &json!("RU")),
        "{updated:#}"
    );
    let bad = ann
        .does(
            "updateProfile",
            "UpdateProfileInput",
            json!({ "email": "nonsense" }),
            user,
        )
        .await;
    assert_eq!(bad["userErrors"][0]["code"], "EMAIL_INVALID");

    let address = |line1: &str| {
        json!({ "recipient": "Anna", "phone": "+79161234567", "line1": line1, "line2": "кв. 7", "city": "Москва", "region": "Москва",
                "postalCode": "101000", "country": "RU", "isDefault": true })
    };
    ann.does("saveAddress", "SaveAddressInput", address("Мясницкая, 1"), user)
        .await;
    let two = ann
        .does("saveAddress", "SaveAddressInput", address("Арбат, 2"), user)
        .await;
    let addresses = two["user"]["addresses"].as_array().expect("addresses").clone();
    assert_eq!(addresses.len(), 2);
    assert_eq!(
        addresses.iter().filter(|it| it["isDefault"] == true).count(),
        1,
        "one is the default: {two:#}"
    );
    let one = ann
        .does(
            "deleteAddress",
            "DeleteAddressInput",
            json!({ "id": addresses[0]["id"] }),
            user,
        )
        .await;
    assert_eq!(one["user"]["addresses"].as_array().map(Vec::len), Some(1));

    let change =
        |current: &str| json!({ "currentPassword": current, "newPassword": "a third long password" });
    let wrong = ann
        .does(
            "changePassword",
            "ChangePasswordInput",
            change("wrong"),
            "success",
        )
        .await;
    assert_eq!(wrong["userErrors"][0]["code"], "BAD_CREDENTIALS", "{wrong:#}");
    let right = ann
        .does(
            "changePassword",
            "ChangePasswordInput",
            change("a long enough password"),
            "success",
        )
        .await;
    assert_eq!(
        (&right["userErrors"], &right["success"]),
        (&json!([]), &json!(true)),
        "{right:#}"
    );
    shop.guest()
        .logs_in("ann@example.com", "a third long password")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_gives_roles_and_nobody_else_does() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let id = ann.gets("{ me { id } }", json!({})).await["me"]["id"].clone();
    let input = json!({ "userId": id, "roles": ["CUSTOMER", "STAFF"] });
    let query = "mutation($input: SetUserRolesInput!) { setUserRoles(input: $input) { user { id roles } userErrors { code message field } } }";
    for nobody in [&shop.guest(), &ann, &shop.staff().await] {
        let refused = nobody.asks(query, json!({ "input": input })).await;
        assert!(
            ["UNAUTHORIZED_FIELD_OR_TYPE", "UNAUTHENTICATED"].contains(&refused.code()),
            "{:#}",
            refused.body
        );
    }
    let given = shop
        .admin()
        .await
        .does("setUserRoles", "SetUserRolesInput", input, "user { id roles }")
        .await;
    assert_eq!(given["user"]["roles"], json!(["CUSTOMER", "STAFF"]), "{given:#}");
    ann.logs_in("ann@example.com", "a long enough password").await;
    ann.gets("{ orders { totalCount } }", json!({})).await;
    let unknown = json!({ "userId": "00000000-0000-7000-8000-000000000000", "roles": ["STAFF"] });
    let refused = shop
        .admin()
        .await
        .does("setUserRoles", "SetUserRolesInput", unknown, "user { id }")
        .await;
    assert_ne!(refused["userErrors"], json!([]), "{refused:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_that_tokens_are_signed_with_are_published() {
    let shop = Shop::start().await;
    let keys: Value = get(format!("{}/.well-known/jwks.json", shop.url))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let key = &keys["keys"][0];
    assert_eq!(
        (&key["kty"], &key["crv"], &key["alg"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")),
        "{keys:#}"
    );
    assert_eq!(key["d"], Value::Null, "and only their public half");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_cannot_be_ended_or_written_to() {
    let shop = Shop::start().await;
    let guest = shop.guest();
    let out = guest.does("logOut", "LogOutInput", json!({}), "success").await;
    assert_eq!(out["userErrors"][0]["code"], "NOT_SIGNED_IN", "{out:#}");
    let mail = guest
        .does(
            "requestPasswordReset",
            "RequestPasswordResetInput",
            json!({ "email": "nonsense" }),
            "success",
        )
        .await;
    assert_eq!(mail["userErrors"][0]["code"], "EMAIL_INVALID", "{mail:#}");
    let ann = shop.newcomer("Ann").await;
    let ended = ann
        .does(
            "revokeSession",
            "RevokeSessionInput",
            json!({ "sessionId": "none" }),
            "user { id }",
        )
        .await;
    assert_eq!(ended["userErrors"][0]["code"], "SESSION_NOT_FOUND", "{ended:#}");
}

impl Shop {
    /// The token in the link of the newest letter to an address whose link's path has a word in it.
    async fn token_in_mail(&self, to: &str, word: &str) -> String {
        eventually(async || {
            self.letters(to)
                .into_iter()
                .rev()
                .find_map(|letter| token_of_link(&letter, word))
        })
        .await
    }
}

fn token_of_link(letter: &str, word: &str) -> Option<String> {
    letter.split("http").skip(1).find_map(|it| {
        let link: String = it
            .chars()
            .take_while(|it| !it.is_whitespace() && !"\"<>".contains(*it))
            .collect();
        if !link.contains(word) {
            return None;
        }
        let token = link.split("token=").nth(1)?;
        Some(token.split('&').next()?.to_owned())
    })
}
