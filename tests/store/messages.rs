//! What the store writes to people, and the inbox.

use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::people::eventually;
use crate::shop::{Shop, get};

impl Shop {
    /// The letters to an address, oldest first: subject and text.
    pub fn letters(&self, to: &str) -> Vec<String> {
        let letters = self.all_letters().into_iter();
        letters
            .filter_map(|(address, letter)| (address == to).then_some(letter))
            .collect()
    }

    /// Every letter with its address, oldest first.
    pub fn all_letters(&self) -> Vec<(String, String)> {
        let mut files: Vec<_> = std::fs::read_dir(self.data().join("mail"))
            .map(|it| {
                it.filter_map(|it| Some(it.ok()?.path()))
                    .filter(|it| it.extension().is_some_and(|it| it == "eml"))
                    .collect()
            })
            .unwrap_or_default();
        files.sort();
        files
            .iter()
            .filter_map(|file| {
                let bytes = std::fs::read(file).ok()?;
                let message = MessageParser::default().parse(&bytes)?;
                let address = message.to()?.first()?.address()?.to_owned();
                let text = message.body_text(0)?;
                let subject = message.subject().unwrap_or_default();
                Some((address, format!("{subject}\n{text}")))
            })
            .collect()
    }
}

const INBOX: &str = "query($unread: Boolean) { me { id unreadNotificationCount notifications(first: 20, unreadOnly: $unread) { totalCount
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { id kind title body createdAt readAt order { id number } deliveries { channel status attempts sentAt error } } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_happens_is_written_once_in_the_persons_language() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let mut received = ann
        .follows("subscription { notificationReceived { id kind title body createdAt order { id number status } } }", json!({}))
        .await;
    let order = ann.checks_out("ok").await;
    let mut kinds = Vec::new();
    while kinds.len() < 2 {
        let notification = received.next().await["notificationReceived"].clone();
        if notification["order"]["id"] == order.id.as_str() {
            kinds.push(notification["kind"].clone());
        }
    }
    assert_eq!(kinds, [json!("ORDER_PLACED"), json!("PAYMENT_SUCCEEDED")]);

    let inbox = ann.gets(INBOX, json!({})).await["me"].clone();
    let nodes = inbox["notifications"]["nodes"]
        .as_array()
        .expect("notifications")
        .clone();
    let count = |kind: &str| nodes.iter().filter(|it| it["kind"] == kind).count();
    assert_eq!(
        (
            count("ORDER_PLACED"),
            count("PAYMENT_SUCCEEDED"),
            count("WELCOME")
        ),
        (1, 1, 1),
        "{inbox:#}"
    );
    assert_eq!(
        inbox["unreadNotificationCount"],
        inbox["notifications"]["totalCount"]
    );
    eventually(async || Some(shop.letters("ann@example.com")).filter(|it| it.len() >= 2)).await;
    let sent = eventually(async || {
        let inbox = ann.gets(INBOX, json!({})).await["me"].clone();
        let node = inbox["notifications"]["nodes"]
            .as_array()?
            .iter()
            .find(|it| it["kind"] == "ORDER_PLACED")?
            .clone();
        let email = node["deliveries"]
            .as_array()?
            .iter()
            .find(|it| it["channel"] == "EMAIL")?
            .clone();
        (email["status"] == "SENT").then_some(node)
    })
    .await;
    let sms = sent["deliveries"]
        .as_array()
        .expect("deliveries")
        .iter()
        .find(|it| it["channel"] == "SMS")
        .cloned();
    if let Some(sms) = sms {
        assert_eq!(sms["status"], "SKIPPED", "and says why: {sms:#}");
        assert!(sms["error"].is_string());
    }

    let nobody_s = ann
        .does(
            "markNotificationsRead",
            "MarkNotificationsReadInput",
            json!({ "ids": ["00000000-0000-7000-8000-000000000000"] }),
            "user { id }",
        )
        .await;
    assert_eq!(
        nobody_s["userErrors"][0]["code"], "NOTIFICATION_NOT_FOUND",
        "{nobody_s:#}"
    );
    assert_eq!(nobody_s["userErrors"][0]["field"], json!(["input", "ids"]));

    let all = ann
        .does(
            "markNotificationsRead",
            "MarkNotificationsReadInput",
            json!({ "all": true }),
            "user { unreadNotificationCount }",
        )
        .await;
    assert_eq!(all["user"]["unreadNotificationCount"], 0, "{all:#}");
    let unread =
        ann.gets(INBOX, json!({ "unread": true })).await["me"]["notifications"]["totalCount"].clone();
    assert_eq!(unread, 0);
    let read = ann.gets(INBOX, json!({})).await["me"]["notifications"]["nodes"][0]["readAt"].clone();
    assert!(read.is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_written_to_in_the_language_they_ordered_in() {
    let shop = Shop::start().await;
    let mut anna = shop.guest();
    anna.language = "ru";
    let sku = anna.finds_one().await;
    anna.adds(&sku, 1).await;
    let order = anna.checks_out("ok").await;
    let number = anna.awaits(&order, "PAID").await["number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let letters =
        eventually(async || Some(shop.letters("anna@example.com")).filter(|it| it.len() == 2)).await;
    assert!(letters.iter().all(|it| it.contains(&number)), "{letters:#?}");
    assert!(
        letters
            .iter()
            .all(|it| it.chars().any(|it| ('а'..='я').contains(&it))),
        "in Russian: {letters:#?}"
    );

    let page = get(format!("{}/dev/mail", shop.url)).await.expect("an answer");
    assert_eq!(page.status(), 200);
    assert!(page.text().await.expect("a page").contains("anna@example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_letters_gets_none() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let preferences =
        "preferences { email sms push quietHours { from to timeZone } kinds { kind email sms push } }";
    let input = json!({ "email": false, "quietHours": { "from": "22:00", "to": "08:00", "timeZone": "Europe/Moscow" },
                        "kinds": [{ "kind": "ORDER_PLACED", "email": true, "sms": false, "push": true }] });
    let saved = ann
        .does(
            "updateNotificationPreferences",
            "UpdateNotificationPreferencesInput",
            input,
            preferences,
        )
        .await;
    assert_eq!(saved["userErrors"], json!([]), "{saved:#}");
    assert_eq!(saved["preferences"]["quietHours"]["timeZone"], "Europe/Moscow");
    let bad = json!({ "quietHours": { "from": "22:00", "to": "08:00", "timeZone": "Moon/Crater" } });
    let refused = ann
        .does(
            "updateNotificationPreferences",
            "UpdateNotificationPreferencesInput",
            bad,
            preferences,
        )
        .await;
    assert_ne!(refused["userErrors"], json!([]), "{refused:#}");
    let mine = ann.gets("{ me { notificationPreferences { email sms push quietHours { from to timeZone } kinds { kind email sms push } } } }", json!({})).await;
    assert_eq!(mine["me"]["notificationPreferences"]["email"], false);

    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    ann.awaits(&order, "PAID").await;
    let skipped = eventually(async || {
        let inbox = ann.gets(INBOX, json!({})).await;
        let node = inbox["me"]["notifications"]["nodes"]
            .as_array()?
            .iter()
            .find(|it| it["kind"] == "PAYMENT_SUCCEEDED")?
            .clone();
        node["deliveries"]
            .as_array()?
            .iter()
            .find(|it| it["channel"] == "EMAIL")
            .cloned()
    })
    .await;
    assert_eq!(skipped["status"], "SKIPPED", "{skipped:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_registered_for_push_and_removed() {
    let shop = Shop::start().await;
    let ann = shop.newcomer("Ann").await;
    let saved = ann
        .does(
            "registerPushDevice",
            "RegisterPushDeviceInput",
            json!({ "fcmToken": "a-token-of-the-device" }),
            "device { id kind createdAt }",
        )
        .await;
    assert_eq!(saved["userErrors"], json!([]), "{saved:#}");
    let removed = ann
        .does(
            "removePushDevice",
            "RemovePushDeviceInput",
            json!({ "id": saved["device"]["id"] }),
            "device { id }",
        )
        .await;
    assert_eq!(removed["userErrors"], json!([]), "{removed:#}");
    let twice = ann
        .does(
            "removePushDevice",
            "RemovePushDeviceInput",
            json!({ "id": saved["device"]["id"] }),
            "device { id }",
        )
        .await;
    assert_ne!(twice["userErrors"], json!([]));
    let neither = ann
        .does(
            "registerPushDevice",
            "RegisterPushDeviceInput",
            json!({}),
            "device { id }",
        )
        .await;
    assert!(neither["userErrors"][0]["code"].is_string(), "{neither:#}");
    assert_eq!(neither["device"], Value::Null);
}
