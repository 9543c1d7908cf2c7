//! A plan as a picture. (As text it is in every other test; as JSON it is read back in [`super::scene`].)

use std::collections::BTreeMap;

use lavka_planner::PlanOptions;

use super::scene::{graph, unrestricted};

#[test]
fn a_picture_of_requests_and_of_what_they_wait_for() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { things: [Thing!] } type Thing @key(fields: "id") { id: ID! }"#,
        ),
        (
            "names",
            r#"type Thing @key(fields: "id") { id: ID! name(upper: String): String }"#,
        ),
        (
            "prices",
            r#"type Thing @key(fields: "id") { id: ID! price: Int }"#,
        ),
    ]);
    let planned = graph
        .try_plan(
            r#"query ($dear: Boolean!) { things { name(upper: "<b>") price @include(if: $dear) } }"#,
            &unrestricted(),
        )
        .expect("a plan");
    insta::assert_snapshot!(planned.to_mermaid(), @r#"
    flowchart TD
      client([query])
      subgraph wave0 [wave 0]
        f0["0: root<br/>{things{id}}"]
      end
      subgraph wave1 [wave 1]
        f1["1: names<br/>Thing by id at /things<br/>query($r0:[_Any!]!){_entities(representations:$r0){...on Thing{name(upper:#quot;#lt;b#gt;#quot;)}}}"]
        f2["2: prices<br/>Thing by id at /things<br/>query($r0:[_Any!]!){_entities(representations:$r0){...on Thing{price}}}"]
      end
      client --> f0
      f0 --> f1
      f0 -->|"if $dear"| f2
      answer([answer])
      f1 --> answer
      f2 --> answer
    "#);
}

#[test]
fn a_picture_of_what_comes_later() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! size: Int }"#,
        ),
        (
            "names",
            r#"type Thing @key(fields: "id") { id: ID! name: String maker: Maker } type Maker @key(fields: "id") { id: ID! }"#,
        ),
        (
            "makers",
            r#"type Maker @key(fields: "id") { id: ID! city: String }"#,
        ),
    ]);
    let options = PlanOptions {
        deferral: Some(BTreeMap::new()),
        ..unrestricted()
    };
    let planned = graph
        .try_plan(
            r#"{ thing { size ... @defer(label: "more") { name maker { ... @defer { city } } } } }"#,
            &options,
        )
        .expect("a plan");
    insta::assert_snapshot!(planned.to_mermaid(), @r#"
    flowchart TD
      client([query])
      subgraph wave0 [wave 0]
        f0["0: root<br/>{thing{size id}}"]
      end
      subgraph wave1 [wave 1]
        f1["1: names<br/>Thing by id at /thing<br/>query($r0:[_Any!]!){_entities(representations:$r0){...on Thing{name maker{id}}}}"]
      end
      subgraph wave2 [wave 2]
        f2["2: makers<br/>Maker by id at /thing/maker<br/>query($r0:[_Any!]!){_entities(representations:$r0){...on Maker{city}}}"]
      end
      client --> f0
      f0 --> f1
      f1 --> f2
      answer([at first])
      f0 --> answer
      part0(["later: more"])
      answer -.-> part0
      f1 --> part0
      part1(["later: fragment 1 within more"])
      answer -.-> part1
      f2 --> part1
    "#);
}

#[test]
fn nothing_to_ask() {
    let graph = graph(&[("root", "type Query { a: Int }")]);
    let planned = graph.try_plan("{ __typename }", &unrestricted()).expect("a plan");
    insta::assert_snapshot!(planned.to_mermaid(), @r"
    flowchart TD
      client([query])
      answer([answer])
      client --> answer
    ");
}
