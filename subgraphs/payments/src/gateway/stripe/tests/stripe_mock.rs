//! Stripe's published shapes, by Stripe's own mock: it refuses every parameter that the API doesn't have, wants the version that
//! we pin, and answers with everything that the API gives.

use lavka_kit::clock::ManualClock;
use lavka_kit::ids::Id;
use lavka_kit::testing::Engine;
use lavka_stand_ins::door::{Behind, Door};

use super::*;

/// A call without the ids in it: "POST /v1/payment_intents/pi/confirm 200".
fn plain(call: &str) -> String {
    call.split('/')
        .map(|part| match part.split_once('_') {
            Some((name @ ("pi" | "re"), rest)) => {
                let status = rest.split_once(' ').map(|(_, status)| format!(" {status}"));
                format!("{name}{}", status.unwrap_or_default())
            }
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn stripes_own_mock_takes_what_we_send_and_we_read_what_it_gives() {
    let Some(url) = Engine::StripeMock.url() else {
        return;
    };
    let door = Door::open(Behind::StripeMock, &url).await;
    let config = StripeConfig {
        // It takes keys of a certain look only.
        secret_key: Some(Secret::new("sk_test_123".to_owned())),
        ..config(&door.url)
    };
    let clock = Arc::new(ManualClock::default());
    let randomness = Arc::new(SeededRandomness::new(1));
    let stripe = Stripe::new(&config, patience(1), clock.clone(), randomness)
        .unwrap()
        .unwrap();
    let took = || door.passed().iter().map(|call| plain(call)).collect::<Vec<_>>();

    let id = Id::from_u128(1);
    let request = ChargeRequest {
        payment_id: id,
        order_id: id,
        amount: Money::new(129_050, Currency::Eur),
        token: None,
        description: "L-1".to_owned(),
        locale: lavka_kit::locale::Locale::En,
        return_url: "https://shop.test/orders/1".to_owned(),
        wanted: true,
        since: clock.now(),
    };
    let charge = stripe.create(&request).await.unwrap();
    assert!(charge.reference.starts_with("pi_"), "{charge:?}");
    assert_eq!(charge.amount, Money::new(129_050, Currency::Eur));
    assert_eq!(took(), ["POST /v1/payment_intents 200"]);

    // Its intents seem to have been declined already, so that the adapter by itself would not confirm them.
    for token in ["pm_card_visa", "ctoken_123"] {
        let intent = stripe.begin(&request).await.unwrap();
        assert!(intent.client_secret.is_some());
        stripe.confirm(&request, token, intent).await.unwrap();
        assert_eq!(
            took(),
            [
                "POST /v1/payment_intents 200",
                "POST /v1/payment_intents/pi/confirm 200"
            ]
        );
    }
    let name = ChargeName {
        payment_id: id,
        reference: charge.reference,
        capture: None,
    };
    stripe.fetch(&name).await.unwrap();
    stripe.capture(&name).await.unwrap();
    stripe.cancel(&name).await.unwrap();
    assert_eq!(
        took(),
        [
            "GET /v1/payment_intents/pi 200",
            "POST /v1/payment_intents/pi/capture 200",
            "POST /v1/payment_intents/pi/cancel 200",
        ]
    );

    // After a day its key may be forgotten: it is looked for first.
    let old = ChargeRequest {
        since: clock.now() - TimeDelta::days(2),
        ..request
    };
    stripe.create(&old).await.unwrap();
    assert_eq!(
        took(),
        [
            "GET /v1/payment_intents/search 200",
            "GET /v1/payment_intents/pi 200"
        ]
    );

    let refund = RefundRequest {
        charge: name,
        refund_id: id,
        amount: Money::new(100, Currency::Eur),
        since: clock.now(),
    };
    let made = stripe.refund(&refund).await.unwrap();
    assert!(made.reference.starts_with("re_"), "{made:?}");
    stripe.fetch_refund(&refund, &made.reference).await.unwrap();
    assert_eq!(took(), ["POST /v1/refunds 200", "GET /v1/refunds/re 200"]);
    let old = RefundRequest {
        since: clock.now() - TimeDelta::days(2),
        ..refund
    };
    stripe.refund(&old).await.unwrap();
    assert_eq!(took()[0], "GET /v1/refunds 200");
}
