use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};
use proptest::prelude::*;

use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_478_400, 0).unwrap()
}

fn payment() -> Payment {
    Payment {
        id: Id::from_u128(1),
        order_id: Id::from_u128(2),
        attempt: 1,
        customer_id: None,
        gateway: Gateway::Sandbox,
        token: None,
        amount: Money::new(100, Currency::Rub),
        status: Status::Pending,
        goal: Goal::Collect,
        sent: true,
        capturing: false,
        reference: None,
        client_secret: None,
        redirect_url: None,
        expires_at: None,
        failure: None,
        capture: None,
        attention: Attentions::default(),
        settled: Attentions::default(),
        came: None,
        elsewhere: 0,
        due_at: Some(now()),
        tries: 1,
        created_at: now(),
        compare_at: None,
    }
}

fn charge(state: ChargeState) -> Charge {
    let look_again_at = now() + TimeDelta::seconds(9);
    Charge {
        reference: "c".into(),
        amount: Money::new(100, Currency::Rub),
        capture: None,
        refunded: Some(0),
        disputed: false,
        state,
        look_again_at,
    }
}

fn action() -> ChargeState {
    ChargeState::ActionRequired {
        redirect_url: Some("u".into()),
        client_secret: None,
        expires_at: now(),
    }
}

#[test]
fn money_that_comes_after_a_failure_is_a_fact() {
    let mut payment = payment();
    assert_eq!(
        payment.observe(&charge(ChargeState::Failed(Failure::known("declined"))), now()),
        News::Failed
    );
    assert_eq!(
        payment.observe(&charge(ChargeState::Succeeded), now()),
        News::Succeeded
    );
    assert_eq!(payment.failure, None);
}

#[test]
fn whoever_wanted_it_stopped_does_not_hear_that_it_failed() {
    let mut payment = payment();
    assert!(payment.give_up(now()));
    let news = payment.observe(&charge(ChargeState::Failed(Failure::known("declined"))), now());
    assert_eq!((news, payment.status), (News::Cancelled, Status::Cancelled));
    assert!(!payment.give_up(now()), "there is nothing left to stop");
}

#[test]
fn an_action_that_is_still_wanted_is_told_once() {
    let mut payment = payment();
    assert_eq!(payment.observe(&charge(action()), now()), News::ActionRequired);
    assert_eq!(payment.observe(&charge(action()), now()), News::Nothing);
    assert_eq!(payment.due_at, Some(now() + TimeDelta::seconds(9)));
}

#[test]
fn given_up_while_the_gateway_answers_it_is_looked_at_again_at_once() {
    let mut payment = payment();
    payment.give_up(now());
    payment.observe(&charge(ChargeState::Processing), now());
    assert_eq!(payment.due_at, Some(now()));
}

#[test]
fn given_up_while_the_gateway_answers_with_another_amount_it_is_still_to_be_stopped() {
    let mut payment = payment();
    payment.give_up(now());
    payment.disagree("c", None);
    assert_eq!(payment.due_at, Some(now()));
    let euros = Money::new(7, Currency::Eur);
    payment.disagree("c", Some(euros));
    assert_eq!((payment.due_at, payment.came), (None, Some(euros)));
}

#[test]
fn of_an_attempt_that_is_over_another_amount_calls_nobody_unless_it_came() {
    let mut payment = payment();
    payment.cancel_unsent();
    payment.due_at = Some(now());
    payment.disagree("c", None);
    assert_eq!((payment.due_at, payment.attention.first()), (None, None));
    payment.disagree("c", Some(Money::new(7, Currency::Rub)));
    assert_eq!(payment.attention.first(), Some(Attention::AmountDisagrees));
}

fn any_state() -> impl Strategy<Value = ChargeState> {
    prop_oneof![
        Just(ChargeState::Processing),
        Just(action()),
        Just(ChargeState::Authorized),
        Just(ChargeState::Succeeded),
        Just(ChargeState::Failed(Failure::known("declined"))),
        Just(ChargeState::Cancelled),
    ]
}

proptest! {
    /// Whatever a gateway shows, in whatever order, however often.
    #[test]
    fn each_end_is_told_at_most_once_and_success_is_never_taken_back(
        states in prop::collection::vec(any_state(), 1..12),
        give_up_before in 0..12_usize,
    ) {
        let mut payment = payment();
        let mut told = Vec::new();
        for (step, state) in states.iter().enumerate() {
            if step == give_up_before {
                payment.give_up(now());
            }
            let news = payment.observe(&charge(state.clone()), now());
            if !matches!(news, News::Nothing | News::ActionRequired) {
                told.push(news);
            }
            if told.contains(&News::Succeeded) {
                prop_assert_eq!(payment.status, Status::Succeeded);
            }
            prop_assert_eq!(payment.status.is_live(), told.is_empty());
            prop_assert_eq!(payment.due_at.is_some(), payment.status.is_live());
        }
        let ends = told.iter().filter(|news| **news != News::Succeeded).count();
        prop_assert!(ends <= 1, "{told:?}");
        prop_assert!(told.len() - ends <= 1, "{told:?}");
    }
}
