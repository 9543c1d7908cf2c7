//! A model's subgraphs as SDL.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::model::{Field, Kind, Model, NAMES, Object, Sub};

const HEAD: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override", "@context", "@fromContext"])
enum Color { RED GREEN }
"#;

pub(super) fn subgraphs(model: &Model) -> BTreeMap<String, String> {
    (0..model.subgraphs)
        .map(|sub| (NAMES[sub].to_owned(), subgraph(model, sub)))
        .collect()
}

fn subgraph(model: &Model, sub: Sub) -> String {
    let mut text = HEAD.to_owned();
    for object in model
        .objects
        .iter()
        .filter(|object| object.members.contains(&sub))
    {
        write_object(&mut text, model, object, sub);
    }
    for one in &model.abstracts {
        if one.object_in == Some(sub) {
            let _ = writeln!(
                text,
                "type {} @key(fields: \"id\") @interfaceObject {{\n  id: ID!",
                one.name
            );
            for field in one.extras.iter().chain(&one.externals) {
                write_field(&mut text, field, sub);
            }
            text.push_str("}\n");
        }
        let Some(members) = one.members.get(&sub) else {
            continue;
        };
        if one.is_union {
            let members: Vec<&str> = members.iter().map(String::as_str).collect();
            let _ = writeln!(text, "union {} = {}", one.name, members.join(" | "));
            continue;
        }
        let key = if one.keyed_in == Some(sub) {
            " @key(fields: \"id\")"
        } else {
            ""
        };
        let _ = writeln!(text, "interface {}{key} {{", one.name);
        for (name, ty, argument) in one.fields.get(&sub).into_iter().flatten() {
            let _ = writeln!(text, "  {name}{}: {}", arguments(*argument), ty.text(false));
        }
        text.push_str("}\n");
    }
    text
}

fn write_object(text: &mut String, model: &Model, object: &Object, sub: Sub) {
    let fields: Vec<&Field> = object
        .fields
        .iter()
        .filter(|field| field.homes.contains(&sub) || field.external.contains(&sub))
        .collect();
    if fields.is_empty() {
        return;
    }
    let interfaces: Vec<&str> = model
        .abstracts
        .iter()
        .filter(|one| !one.is_union)
        .filter(|one| {
            one.members
                .get(&sub)
                .is_some_and(|members| members.contains(&object.name))
        })
        .map(|one| one.name.as_str())
        .collect();
    let _ = write!(text, "type {}", object.name);
    if !interfaces.is_empty() {
        let _ = write!(text, " implements {}", interfaces.join(" & "));
    }
    for key in object.keys.get(&sub).into_iter().flatten() {
        let resolvable = if key.resolvable { "" } else { ", resolvable: false" };
        let _ = write!(text, " @key(fields: \"{}\"{resolvable})", key.fields);
    }
    if object.sets_context.contains(&sub) {
        text.push_str(" @context(name: \"ctx\")");
    }
    text.push_str(" {\n");
    for field in fields {
        write_field(text, field, sub);
    }
    text.push_str("}\n");
    debug_assert!(object.kind != Kind::Entity || object.keys.contains_key(&sub));
}

fn write_field(text: &mut String, field: &Field, sub: Sub) {
    let ty = field.ty.text(field.loose.contains(&sub));
    let arguments = match &field.context {
        Some(context) => {
            let own = if field.argument { "lang: String, " } else { "" };
            format!("({own}from: String @fromContext(field: \"{context}\"))")
        }
        None => arguments(field.argument).to_owned(),
    };
    let _ = write!(text, "  {}{arguments}: {ty}", field.name);
    if field.homes.contains(&sub) {
        if field.shareable {
            text.push_str(" @shareable");
        }
        if let Some(requires) = &field.requires {
            let _ = write!(text, " @requires(fields: \"{}\")", requires.replace('"', "\\\""));
        }
        if let Some(provides) = field.provides.get(&sub) {
            let _ = write!(text, " @provides(fields: \"{provides}\")");
        }
        if let Some(taken) = field.overridden.as_ref().filter(|taken| taken.by == sub) {
            let label = if taken.label { ", label: \"new\"" } else { "" };
            let _ = write!(text, " @override(from: \"{}\"{label})", NAMES[taken.from]);
        }
        if field.inaccessible {
            text.push_str(" @inaccessible");
        }
    } else {
        text.push_str(" @external");
    }
    text.push('\n');
}

fn arguments(has_one: bool) -> &'static str {
    if has_one { "(lang: String)" } else { "" }
}
