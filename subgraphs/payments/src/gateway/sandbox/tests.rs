use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};

use super::*;
use crate::scene::Scene;

fn request(payment: u128, token: Option<&str>) -> ChargeRequest {
    ChargeRequest {
        payment_id: Id::from_u128(payment),
        amount: Money::new(5_000, Currency::Rub),
        token: token.map(str::to_owned),
        description: "L-1".into(),
        locale: Locale::En,
        return_url: "http://shop.test/orders/1".into(),
        order_id: Id::from_u128(1),
        wanted: true,
        since: chrono::DateTime::from_timestamp(1_768_478_400, 0).unwrap(),
    }
}

fn name(reference: &str) -> ChargeName {
    ChargeName {
        payment_id: Id::from_u128(1),
        reference: reference.to_owned(),
        capture: None,
    }
}

#[tokio::test]
async fn one_key_is_one_charge_and_another_amount_is_refused() {
    let scene = Scene::start().await;
    let bank = &scene.bank;
    let one = bank.create(&request(1, None)).await.unwrap();
    assert_eq!(one.state, ChargeState::Succeeded);
    assert_eq!(
        bank.create(&request(1, None)).await.unwrap().reference,
        one.reference
    );
    let more = ChargeRequest {
        amount: Money::new(9_000, Currency::Rub),
        ..request(1, None)
    };
    let error = bank.create(&more).await.unwrap_err();
    assert!(
        matches!(&error, GatewayError::Refused { failure, .. } if failure.code == "idempotency_key_reused"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_over_can_not_be_cancelled_or_captured() {
    let scene = Scene::start().await;
    let bank = &scene.bank;
    let paid = bank.create(&request(1, None)).await.unwrap();
    assert_eq!(
        bank.cancel(&name(&paid.reference)).await.unwrap().state,
        ChargeState::Succeeded
    );
    let slow = bank.create(&request(2, Some("slow"))).await.unwrap();
    assert_eq!(
        bank.cancel(&name(&slow.reference)).await.unwrap().state,
        ChargeState::Cancelled
    );
    assert_eq!(
        bank.capture(&name(&slow.reference)).await.unwrap().state,
        ChargeState::Cancelled
    );
    assert!(matches!(
        bank.fetch(&name("sandbox_404")).await,
        Err(GatewayError::Unknown { .. })
    ));
}

#[tokio::test]
async fn no_more_goes_back_than_came() {
    let scene = Scene::start().await;
    let bank = &scene.bank;
    let charge = bank.create(&request(1, None)).await.unwrap().reference;
    let back = |refund, minor| RefundRequest {
        charge: name(&charge),
        refund_id: Id::from_u128(refund),
        amount: Money::new(minor, Currency::Rub),
        since: chrono::DateTime::from_timestamp(1_768_478_400, 0).unwrap(),
    };
    let one = bank.refund(&back(1, 3_000)).await.unwrap();
    assert_eq!(one, bank.refund(&back(1, 3_000)).await.unwrap());
    assert!(matches!(
        bank.refund(&back(2, 2_001)).await,
        Err(GatewayError::Refused { .. })
    ));
    assert_eq!(
        bank.refund(&back(2, 2_000)).await.unwrap().state,
        GatewayRefundState::Succeeded
    );
}
