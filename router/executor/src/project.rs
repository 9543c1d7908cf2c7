//! The client's answer, written from the tree in one pass.
//!
//! Null goes up by truncation: a value that can't be written leaves the buffer as it was at the nearest nullable
//! position above, and `null` is written there instead. Nothing is built first.

use std::ops::Range;

use bytes::Bytes;
use lavka_planner::{Denied, Scalar};

use crate::answer::Limits;
use crate::arena::{Key, ObjectId, Tree, Value};
use crate::errors::{Errors, FieldError, Segment};
use crate::left_out;
use crate::places::case_of;
use crate::prepare::{Conditions, Field, Later, PreparedPlan, Selection, Shape};
use crate::schedule::Done;

/// Writes `{"data": …}` and the errors, if any.
pub(crate) fn project(plan: &PreparedPlan, done: Done, limits: &Limits) -> Bytes {
    let Done {
        tree,
        root,
        conditions,
        errors,
    } = done;
    let mut writer = Writer::new(plan, &conditions, &tree, errors, limits);
    writer.root(root);
    let mut out = writer.out;
    write_errors(&writer.errors.into_list(), &mut out);
    out.push(b'}');
    plan.sizes.keep(tree.sizes(), out.len());
    out.into()
}

pub(crate) fn write_errors(errors: &[FieldError], out: &mut Vec<u8>) {
    if errors.is_empty() {
        return;
    }
    out.extend_from_slice(b",\"errors\":");
    let before = out.len();
    if serde_json::to_writer(&mut *out, errors).is_err() {
        // Strings, numbers and maps with string keys can always be written; should that change, it must stay JSON.
        out.truncate(before);
        out.extend_from_slice(b"[]");
    }
}

/// The value at this position can't be written: it must be null, and if it may not be, what holds it.
struct Bubble;

/// A step of the path to what is being written, borrowed from the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'p> {
    Field(&'p Field),
    Index(usize),
}

/// Fields that were left out because they come later, and where.
#[derive(Debug)]
pub(crate) struct Found<'p> {
    object: ObjectId,
    pub(crate) later: &'p Later,
    path: Vec<Step<'p>>,
}

impl Found<'_> {
    /// The client's path to the object.
    pub(crate) fn client_path(&self) -> Vec<Segment> {
        client_path(&self.path)
    }
}

/// The field that is being written: a list's elements belong to it too.
#[derive(Clone, Copy)]
struct At<'p> {
    object: ObjectId,
    field: &'p Field,
}

/// Writes what belongs together: all places in its output are in one piece of the answer.
pub(crate) struct Writer<'p, 't> {
    plan: &'p PreparedPlan,
    tree: &'t Tree,
    conditions: &'t Conditions,
    pub(crate) errors: Errors,
    pub(crate) out: Vec<u8>,
    /// What was left out for later, in the order of the answer.
    pub(crate) found: Vec<Found<'p>>,
    path: Vec<Step<'p>>,
    /// By object: where it was written last.
    written: Vec<Written>,
    /// Counts how often something was taken back: what was written before may be gone.
    generation: u32,
    limit: usize,
    is_too_large: bool,
}

/// An object that stands in the answer already, without any error in it. The same object under the same selection is the same bytes:
/// they are copied when it comes again, as an entity's lists do wherever the entity is.
#[derive(Clone, Copy, Default)]
struct Written {
    /// The address of the selection; it names it, and is never followed.
    selection: usize,
    start: usize,
    end: usize,
    generation: u32,
}

impl<'p, 't> Writer<'p, 't> {
    pub(crate) fn new(
        plan: &'p PreparedPlan,
        conditions: &'t Conditions,
        tree: &'t Tree,
        errors: Errors,
        limits: &Limits,
    ) -> Self {
        Self {
            plan,
            tree,
            conditions,
            errors,
            out: Vec::with_capacity(plan.sizes.answer().max(256)),
            found: Vec::new(),
            path: Vec::new(),
            written: vec![Written::default(); tree.object_count()],
            generation: 1,
            limit: limits.answer_bytes,
            is_too_large: false,
        }
    }

    /// Begins a response with its `data`: the root object, or null.
    pub(crate) fn root(&mut self, root: ObjectId) {
        self.out.extend_from_slice(b"{\"data\":");
        let start = self.out.len();
        if self.object(root, &self.plan.output).is_err() || self.is_too_large {
            self.take_back(start, 0);
            self.out.extend_from_slice(b"null");
        }
        if self.is_too_large {
            self.errors = Errors::new(1);
            self.tell_size();
        }
    }

    /// Writes fields that were left out as an object; the answer is where it stands in the output. None: null went up beyond them.
    pub(crate) fn part(&mut self, part: &Found<'p>) -> Option<Range<usize>> {
        let (start, found) = (self.out.len(), self.found.len());
        self.path.clone_from(&part.path);
        let written = self.fields(part.object, &part.later.fields);
        if written.is_ok() && !self.is_too_large {
            return Some(start..self.out.len());
        }
        self.take_back(start, found);
        if std::mem::take(&mut self.is_too_large) {
            self.tell_size();
        }
        None
    }

    fn tell_size(&mut self) {
        let message = format!("the answer would be larger than {} bytes", self.limit);
        self.errors.add(|| FieldError::new(message, "ANSWER_TOO_LARGE"));
    }

    /// What was written since then is not in the answer.
    fn take_back(&mut self, start: usize, found: usize) {
        self.found.truncate(found);
        if self.out.len() > start {
            self.out.truncate(start);
            self.generation += 1;
        }
    }

    fn object(&mut self, object: ObjectId, selection: &'p Selection) -> Result<(), Bubble> {
        if self.out.len() > self.limit {
            self.is_too_large = true;
            return Err(Bubble);
        }
        let name = std::ptr::from_ref(selection).addr();
        let written = self.written[object.index()];
        if written.selection == name && written.generation == self.generation {
            self.out.extend_from_within(written.start..written.end);
            return Ok(());
        }
        let (start, errors, found) = (self.out.len(), self.errors.told(), self.found.len());
        self.new_object(object, selection)?;
        // What comes later is found at each place where it is.
        if self.errors.told() == errors && self.found.len() == found {
            self.written[object.index()] = Written {
                selection: name,
                start,
                end: self.out.len(),
                generation: self.generation,
            };
        }
        Ok(())
    }

    fn new_object(&mut self, object: ObjectId, selection: &'p Selection) -> Result<(), Bubble> {
        let Some(case) = case_of(self.tree, self.plan.typename, object, selection) else {
            self.unknown_type(object);
            return Err(Bubble);
        };
        self.fields(object, &case.fields)?;
        for later in &case.later {
            self.found.push(Found {
                object,
                later,
                path: self.path.clone(),
            });
        }
        Ok(())
    }

    fn fields(&mut self, object: ObjectId, fields: &'p [Field]) -> Result<(), Bubble> {
        self.out.push(b'{');
        let mut hint = 0;
        let mut is_first = true;
        for field in fields {
            if !self.conditions.hold(field.condition) {
                continue;
            }
            if !is_first {
                self.out.push(b',');
            }
            is_first = false;
            self.out.extend_from_slice(&field.name);
            self.path.push(Step::Field(field));
            let written = self.field(At { object, field }, &mut hint);
            self.path.pop();
            written?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn field(&mut self, at: At<'p>, hint: &mut usize) -> Result<(), Bubble> {
        if let Some(denied) = at.field.denied {
            self.deny(denied);
            return self.null(at.field);
        }
        if let Shape::Typename(Some(name)) = &at.field.shape {
            self.out.extend_from_slice(name);
            return Ok(());
        }
        match self.tree.get_near(at.object, at.field.key, hint) {
            Some(value) => self.position(value, at, &at.field.lists),
            None => {
                self.missing(at);
                self.null(at.field)
            }
        }
    }

    /// A value at a position of its own: where null may stop.
    fn position(&mut self, value: Value, at: At<'p>, lists: &'p [bool]) -> Result<(), Bubble> {
        let is_non_null = lists.first().copied().unwrap_or(at.field.non_null);
        let (start, found) = (self.out.len(), self.found.len());
        let written = match value {
            Value::Null => {
                if is_non_null && !self.errors.is_explained(at.object, at.field.key) {
                    self.unexpected_null();
                }
                Err(Bubble)
            }
            value => self.value(value, at, lists),
        };
        match written {
            Err(Bubble) if !is_non_null => {
                self.take_back(start, found);
                self.out.extend_from_slice(b"null");
                Ok(())
            }
            written => written,
        }
    }

    fn value(&mut self, value: Value, at: At<'p>, lists: &'p [bool]) -> Result<(), Bubble> {
        if let Some((_, inner)) = lists.split_first() {
            let Value::List(list) = value else {
                return self.misshapen("a list");
            };
            self.out.push(b'[');
            for (number, item) in self.tree.list(list).iter().enumerate() {
                if number > 0 {
                    self.out.push(b',');
                }
                self.path.push(Step::Index(number));
                let written = self.position(*item, at, inner);
                self.path.pop();
                written?;
            }
            self.out.push(b']');
            return Ok(());
        }
        match (&at.field.shape, value) {
            (Shape::Object(selection), Value::Object(object)) => self.object(object, selection),
            (Shape::Object(_), _) => self.misshapen("an object"),
            (Shape::Leaf, value) => {
                self.out.extend_from_slice(self.tree.raw(value));
                Ok(())
            }
            (Shape::Scalar(scalar), value) => match self.is_a(*scalar, value) {
                Ok(()) => {
                    self.out.extend_from_slice(self.tree.raw(value));
                    Ok(())
                }
                Err(wanted) => self.misshapen(wanted),
            },
            (Shape::Enum(values), Value::String(text)) => {
                let name = self.tree.unquoted(text);
                if values.iter().any(|known| known.as_bytes() == name) {
                    self.out.extend_from_slice(self.tree.text(text));
                    Ok(())
                } else {
                    self.error("the enum value is not part of this schema", "INVALID_ENUM_VALUE");
                    Err(Bubble)
                }
            }
            (Shape::Typename(_), Value::String(text)) => {
                self.out.extend_from_slice(self.tree.text(text));
                Ok(())
            }
            (Shape::Enum(_) | Shape::Typename(_), _) => self.misshapen("a name"),
        }
    }

    /// Whether it is a value of the scalar; else, what one would be.
    fn is_a(&self, scalar: Scalar, value: Value) -> Result<(), &'static str> {
        let (fits, wanted) = match (scalar, value) {
            (Scalar::Int, Value::Number(text)) => (is_int(self.tree.text(text)), "an Int"),
            (Scalar::Int, _) => (false, "an Int"),
            (Scalar::Float, value) => (matches!(value, Value::Number(_)), "a Float"),
            (Scalar::String, value) => (matches!(value, Value::String(_)), "a String"),
            (Scalar::Boolean, value) => (matches!(value, Value::Bool(_)), "a Boolean"),
            (Scalar::Id, Value::Number(text)) => (is_whole(self.tree.text(text)), "an ID"),
            (Scalar::Id, value) => (matches!(value, Value::String(_)), "an ID"),
        };
        if fits { Ok(()) } else { Err(wanted) }
    }

    fn null(&mut self, field: &Field) -> Result<(), Bubble> {
        if field.lists.first().copied().unwrap_or(field.non_null) {
            return Err(Bubble);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn missing(&mut self, at: At<'p>) {
        if self.errors.is_explained(at.object, at.field.key) {
            return;
        }
        if let Some(error) = self.failure(at.object, at.field.key) {
            let path = self.client_path();
            self.errors.add(|| error.at(path));
        } else if at.field.lists.first().copied().unwrap_or(at.field.non_null) {
            self.unexpected_null();
        }
    }

    /// The fault of which a field is missing, if it is a fetch's.
    fn failure(&mut self, object: ObjectId, key: Key) -> Option<FieldError> {
        let known = self.errors.failure_for(object, key);
        known.or_else(|| {
            left_out::note(self.plan, self.tree, &mut self.errors);
            self.errors.failure_for(object, key)
        })
    }

    /// A type that wasn't fetched is another fetch's fault; one that was is hidden from the client.
    fn unknown_type(&mut self, object: ObjectId) {
        let typename = self.plan.typename;
        if self.errors.is_explained(object, typename) {
            return;
        }
        let is_missing = self.tree.get(object, typename).is_none();
        match self.failure(object, typename).filter(|_| is_missing) {
            Some(error) => {
                let path = self.client_path();
                self.errors.add(|| error.at(path));
            }
            None => self.error("the object's type is not part of this schema", "UNKNOWN_TYPE"),
        }
    }

    fn unexpected_null(&mut self) {
        self.error("null for a field that is never null", "UNEXPECTED_NULL");
    }

    fn misshapen(&mut self, wanted: &str) -> Result<(), Bubble> {
        self.error(
            &format!("the subgraph's value is not {wanted}"),
            "SUBREQUEST_MALFORMED_RESPONSE",
        );
        Err(Bubble)
    }

    fn deny(&mut self, denied: Denied) {
        match denied {
            Denied::Unauthenticated => self.error("sign in to see this field", "UNAUTHENTICATED"),
            Denied::Forbidden => self.error("you may not see this field", "UNAUTHORIZED_FIELD_OR_TYPE"),
        }
    }

    fn error(&mut self, message: &str, code: &str) {
        let path = self.client_path();
        self.errors.add(|| FieldError::new(message, code).at(path));
    }

    fn client_path(&self) -> Vec<Segment> {
        client_path(&self.path)
    }
}

fn client_path(path: &[Step<'_>]) -> Vec<Segment> {
    let segment = |step: &Step<'_>| match step {
        Step::Field(field) => Segment::Key(field.response_key.clone()),
        Step::Index(number) => Segment::Index(*number),
    };
    path.iter().map(segment).collect()
}

/// A JSON number without a fraction or an exponent.
fn is_whole(number: &[u8]) -> bool {
    number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// A whole number of 32 bits (GraphQL specification, section 3.5.1).
fn is_int(number: &[u8]) -> bool {
    // Nine digits always fit.
    is_whole(number)
        && (number.len() < 10
            || std::str::from_utf8(number).is_ok_and(|number| number.parse::<i32>().is_ok()))
}
