//! How pieces are written.

use std::ops::Range;

use bytes::Bytes;
use serde::Serialize;

use crate::errors::{FieldError, Segment};
use crate::project::write_errors;

/// The forms in which an answer's pieces can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceForm {
    /// As the incremental delivery proposal has it since 2023: fragments are announced by `pending` under an id, `incremental` brings their data and
    /// `completed` ends them. Apollo calls it `incrementalSpec=v0.2`.
    Ids,
    /// As it was in August 2022: every patch has its `path` and `label`. Apollo calls it `deferSpec=20220824`.
    Paths,
}

/// A fragment that the client is told of.
#[derive(Debug, Serialize)]
pub(super) struct Announced {
    pub id: String,
    pub path: Vec<Segment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<std::sync::Arc<str>>,
}

/// Fields that were left out before.
#[derive(Debug)]
pub(super) struct Patch {
    pub id: usize,
    /// The path of the object that has the fields.
    pub path: Vec<Segment>,
    /// How much of it is the path of the fragment.
    pub known: usize,
    pub label: Option<std::sync::Arc<str>>,
    /// Where the fields are in the output.
    pub data: Range<usize>,
    pub errors: Vec<FieldError>,
}

/// A fragment of which nothing more comes.
#[derive(Debug)]
pub(super) struct Completed {
    pub id: usize,
    pub path: Vec<Segment>,
    pub label: Option<std::sync::Arc<str>>,
    /// Why it can't be had, if so.
    pub errors: Option<Vec<FieldError>>,
}

/// What one piece says, beside the data.
#[derive(Debug, Default)]
pub(super) struct News {
    pub pending: Vec<Announced>,
    pub patches: Vec<Patch>,
    pub completed: Vec<Completed>,
}

/// What is answered where there is no answer.
pub(super) fn nothing() -> Bytes {
    Bytes::from_static(b"{\"data\":null}")
}

/// Ends the first piece, which begins with its data.
pub(super) fn end_first(
    mut out: Vec<u8>,
    errors: &[FieldError],
    news: &News,
    has_next: bool,
    form: PieceForm,
) -> Bytes {
    write_errors(errors, &mut out);
    if form == PieceForm::Ids && !news.pending.is_empty() {
        out.extend_from_slice(b",\"pending\":");
        write(&news.pending, &mut out);
    }
    if has_next {
        out.extend_from_slice(b",\"hasNext\":true");
    }
    out.push(b'}');
    out.into()
}

/// A later piece. `data` is what the patches point into.
pub(super) fn later(news: &News, data: &[u8], has_next: bool, form: PieceForm) -> Bytes {
    let mut out = Vec::with_capacity(data.len() + 256);
    out.push(b'{');
    match form {
        PieceForm::Ids => with_ids(news, data, &mut out),
        PieceForm::Paths => with_paths(news, data, &mut out),
    }
    out.extend_from_slice(b"\"hasNext\":");
    out.extend_from_slice(if has_next { b"true}" } else { b"false}" });
    out.into()
}

fn with_ids(news: &News, data: &[u8], out: &mut Vec<u8>) {
    if !news.pending.is_empty() {
        out.extend_from_slice(b"\"pending\":");
        write(&news.pending, out);
        out.push(b',');
    }
    list(out, "incremental", &news.patches, |patch, out| {
        out.extend_from_slice(b"{\"id\":");
        write(&patch.id.to_string(), out);
        if patch.path.len() > patch.known {
            out.extend_from_slice(b",\"subPath\":");
            write(&patch.path[patch.known..], out);
        }
        out.extend_from_slice(b",\"data\":");
        out.extend_from_slice(&data[patch.data.clone()]);
        write_errors(&patch.errors, out);
        out.push(b'}');
    });
    list(out, "completed", &news.completed, |completed, out| {
        out.extend_from_slice(b"{\"id\":");
        write(&completed.id.to_string(), out);
        write_errors(completed.errors.as_deref().unwrap_or_default(), out);
        out.push(b'}');
    });
}

fn with_paths(news: &News, data: &[u8], out: &mut Vec<u8>) {
    let patches = news.patches.iter().map(Entry::Patch);
    let failed = news
        .completed
        .iter()
        .filter(|completed| completed.errors.is_some());
    let entries: Vec<Entry<'_>> = patches.chain(failed.map(Entry::Failed)).collect();
    list(out, "incremental", &entries, |entry, out| {
        out.extend_from_slice(b"{\"data\":");
        let (path, label, errors) = match entry {
            Entry::Patch(patch) => {
                out.extend_from_slice(&data[patch.data.clone()]);
                (&patch.path, &patch.label, patch.errors.as_slice())
            }
            Entry::Failed(failed) => {
                out.extend_from_slice(b"null");
                (
                    &failed.path,
                    &failed.label,
                    failed.errors.as_deref().unwrap_or_default(),
                )
            }
        };
        out.extend_from_slice(b",\"path\":");
        write(path, out);
        if let Some(label) = label {
            out.extend_from_slice(b",\"label\":");
            write(&**label, out);
        }
        write_errors(errors, out);
        out.push(b'}');
    });
}

enum Entry<'n> {
    Patch(&'n Patch),
    Failed(&'n Completed),
}

/// A member whose value is a list, and a comma; nothing where the list is empty.
fn list<T>(out: &mut Vec<u8>, name: &str, items: &[T], mut item: impl FnMut(&T, &mut Vec<u8>)) {
    if items.is_empty() {
        return;
    }
    write(name, out);
    out.extend_from_slice(b":[");
    for (number, one) in items.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        item(one, out);
    }
    out.extend_from_slice(b"],");
}

fn write(value: &(impl Serialize + ?Sized), out: &mut Vec<u8>) {
    let before = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        // Strings and numbers can always be written; should that change, it must stay JSON.
        out.truncate(before);
        out.extend_from_slice(b"null");
    }
}
