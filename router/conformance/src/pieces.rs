//! Puts an answer that came in pieces together, as strictly as the incremental delivery proposal lets a client be.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

/// An answer put together.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// As one GraphQL response.
    pub response: Json,
    /// How many fragments couldn't be had: null went up beyond them. In one piece it would have gone further.
    pub failed: usize,
}

/// A fragment that the client waits for.
struct Pending {
    path: Vec<Json>,
    is_complete: bool,
}

/// Puts pieces together.
///
/// # Errors
/// What the pieces do that they mustn't: name an id that wasn't announced, bring a field twice, lead nowhere, end too early or too late.
pub fn whole(pieces: &[Json]) -> Result<Whole, String> {
    let Some((first, rest)) = pieces.split_first() else {
        return Err("there is no piece".to_owned());
    };
    let mut client = Client {
        data: first["data"].clone(),
        errors: list(first, "errors").to_vec(),
        pending: BTreeMap::new(),
        failed: 0,
    };
    if first.get("data").is_none() {
        return Err(format!("the first piece has no data: {first}"));
    }
    client.announce(first)?;
    client.can_reach(first)?;
    for (number, piece) in rest.iter().enumerate() {
        if pieces[number]["hasNext"] != json!(true) {
            return Err(format!("a piece follows one that says it is the last: {piece}"));
        }
        client.take(piece)?;
    }
    let last = pieces.last().unwrap_or(first);
    if last["hasNext"] == json!(true) || (!rest.is_empty() && last["hasNext"] != json!(false)) {
        return Err(format!("the last piece doesn't say that it is the last: {last}"));
    }
    if let Some((id, _)) = client.pending.iter().find(|(_, pending)| !pending.is_complete) {
        return Err(format!("{id} was never completed"));
    }
    let mut response = json!({ "data": client.data });
    if !client.errors.is_empty() {
        response["errors"] = client.errors.into();
    }
    Ok(Whole {
        response,
        failed: client.failed,
    })
}

struct Client {
    data: Json,
    errors: Vec<Json>,
    pending: BTreeMap<String, Pending>,
    failed: usize,
}

impl Client {
    fn take(&mut self, piece: &Json) -> Result<(), String> {
        self.announce(piece)?;
        for patch in list(piece, "incremental") {
            let pending = self.open(&patch["id"])?;
            let mut path = pending.path.clone();
            path.extend(list(patch, "subPath").iter().cloned());
            let Json::Object(fields) = &patch["data"] else {
                return Err(format!("no data: {patch}"));
            };
            let object = self.at(&path)?;
            for (key, value) in fields {
                if object.insert(key.clone(), value.clone()).is_some() {
                    return Err(format!("{key} comes twice: {patch}"));
                }
            }
            self.errors.extend(list(patch, "errors").iter().cloned());
        }
        self.can_reach(piece)?;
        for completed in list(piece, "completed") {
            let errors = list(completed, "errors").to_vec();
            self.open(&completed["id"])?.is_complete = true;
            self.failed += usize::from(!errors.is_empty());
            self.errors.extend(errors);
        }
        Ok(())
    }

    fn announce(&mut self, piece: &Json) -> Result<(), String> {
        for pending in list(piece, "pending") {
            let id = pending["id"].as_str().unwrap_or_default().to_owned();
            let path = list(pending, "path").to_vec();
            let is_new = self
                .pending
                .insert(
                    id.clone(),
                    Pending {
                        path,
                        is_complete: false,
                    },
                )
                .is_none();
            if !is_new {
                return Err(format!("{id} is announced twice"));
            }
        }
        Ok(())
    }

    /// What is announced in a piece is there when the whole piece has been taken.
    fn can_reach(&mut self, piece: &Json) -> Result<(), String> {
        for pending in list(piece, "pending") {
            self.at(list(pending, "path"))?;
        }
        Ok(())
    }

    fn open(&mut self, id: &Json) -> Result<&mut Pending, String> {
        let known = id.as_str().and_then(|id| self.pending.get_mut(id));
        known
            .filter(|pending| !pending.is_complete)
            .ok_or_else(|| format!("{id} isn't pending"))
    }

    fn at(&mut self, path: &[Json]) -> Result<&mut Map<String, Json>, String> {
        let mut at = &mut self.data;
        for step in path {
            let next = match (step.as_str(), step.as_u64()) {
                (Some(key), _) => at.get_mut(key),
                (_, Some(index)) => at.get_mut(usize::try_from(index).unwrap_or(usize::MAX)),
                _ => None,
            };
            at = next.ok_or_else(|| format!("{path:?} leads nowhere"))?;
        }
        at.as_object_mut()
            .ok_or_else(|| format!("{path:?} leads to no object"))
    }
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json[name].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one_answer() {
        let pieces = [
            json!({"data": {"a": [{"b": 1}]}, "pending": [{"id": "0", "path": ["a", 0]}], "hasNext": true}),
            json!({"incremental": [{"id": "0", "data": {"c": 2}}], "completed": [{"id": "0"}], "hasNext": false}),
        ];
        assert_eq!(
            whole(&pieces).map(|whole| whole.response),
            Ok(json!({"data": {"a": [{"b": 1, "c": 2}]}}))
        );
    }

    #[test]
    fn what_a_client_would_stumble_over_is_an_error() {
        let first = json!({"data": {"a": 1}, "pending": [{"id": "0", "path": []}], "hasNext": true});
        for (second, why) in [
            (
                json!({"incremental": [{"id": "0", "data": {"a": 2}}], "hasNext": false}),
                "a comes twice",
            ),
            (
                json!({"completed": [{"id": "1"}], "hasNext": false}),
                "\"1\" isn't pending",
            ),
            (json!({"hasNext": false}), "0 was never completed"),
            (
                json!({"completed": [{"id": "0"}], "hasNext": true}),
                "the last piece",
            ),
        ] {
            let error = whole(&[first.clone(), second]).expect_err(why);
            assert!(error.starts_with(why), "{error}");
        }
    }
}
