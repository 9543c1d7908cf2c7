//! JSON into the arena.
//!
//! An own parser, because no published one writes into somebody else's vectors without decoding: what this saves is the
//! executor's reason to exist. It accepts RFC 8259 exactly, at a bounded depth.
//!
//! Objects of a list have the same fields in the same order nearly always. So each key is first compared with the key
//! that stood at the same place of the object before it at the same depth, and only then looked up by its hash.

use std::borrow::Cow;

use bytes::Bytes;

use super::scan::{blanks_end, number_end, string_end};
use super::{Entry, Key, Keys, Text, Tree, Value, index};

/// Deeper answers are refused. The server's limit on operations lies far below.
const MAX_DEPTH: u32 = 256;

/// All responses of one request together. Keeps every index of the arena in 32 bits.
pub(super) const MAX_BYTES: usize = 1 << 31;

/// Why bytes aren't what they should be, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub(crate) struct Malformed {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

impl Malformed {
    pub(super) fn at(at: usize, what: &'static str) -> Self {
        Self { at, what }
    }
}

/// A reader of one response body.
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    body: u32,
    keys: &'a Keys,
    tree: &'a mut Tree,
    /// Elements of lists that are still open. They move to the tree together when their list ends, to lie side by side.
    open_values: Vec<Value>,
    open_entries: Vec<Entry>,
    /// For each depth, the keys of the object that was read last there, dropped ones included.
    shapes: Vec<Vec<SeenKey<'a>>>,
}

#[derive(Clone, Copy)]
struct SeenKey<'a> {
    name: &'a [u8],
    key: Option<Key>,
}

impl<'a> Parser<'a> {
    /// Takes the body into the tree. `bytes` is a second handle to the same body.
    pub(super) fn new(tree: &'a mut Tree, keys: &'a Keys, bytes: &'a Bytes) -> Result<Self, Malformed> {
        let held: usize = tree.bodies.iter().map(Bytes::len).sum();
        if held.saturating_add(bytes.len()) > MAX_BYTES {
            return Err(Malformed::at(0, "more than this request may hold"));
        }
        if let Err(error) = std::str::from_utf8(bytes) {
            return Err(Malformed::at(error.valid_up_to(), "not UTF-8"));
        }
        let body = index(tree.bodies.len());
        tree.bodies.push(bytes.clone());
        Ok(Self {
            bytes,
            at: 0,
            depth: 0,
            body,
            keys,
            tree,
            open_values: Vec::new(),
            open_entries: Vec::new(),
            shapes: Vec::new(),
        })
    }

    pub(super) fn malformed(&self, what: &'static str) -> Malformed {
        Malformed::at(self.at, what)
    }

    pub(super) fn value(&mut self) -> Result<Value, Malformed> {
        match self.peek() {
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => {
                let start = self.at;
                self.at = number_end(self.bytes, start)?;
                Ok(Value::Number(self.text(start)))
            }
            None => Err(self.malformed("the end, where a value should be")),
        }
    }

    /// Reads a value and keeps nothing of it.
    pub(super) fn skip(&mut self) -> Result<(), Malformed> {
        match self.peek() {
            Some(b'"') => self.at = string_end(self.bytes, self.at)?,
            Some(b'{') => {
                self.nested(|parser| parser.fields(|parser, _, _| parser.skip()))?;
            }
            Some(b'[') => {
                self.nested(|parser| parser.items(Self::skip))?;
            }
            Some(b't') => self.word("true", ())?,
            Some(b'f') => self.word("false", ())?,
            Some(b'n') => self.word("null", ())?,
            Some(_) => self.at = number_end(self.bytes, self.at)?,
            None => return Err(self.malformed("the end, where a value should be")),
        }
        Ok(())
    }

    /// Reads a value and gives the bytes it was written with.
    pub(super) fn raw(&mut self) -> Result<&'a [u8], Malformed> {
        self.blanks();
        let start = self.at;
        self.skip()?;
        Ok(&self.bytes[start..self.at])
    }

    /// Nothing but blanks may follow.
    pub(super) fn end(&mut self) -> Result<(), Malformed> {
        if self.peek().is_some() {
            Err(self.malformed("something behind the response's end"))
        } else {
            Ok(())
        }
    }

    /// Reads an object and hands each field's name (between its quotes) and number to `field`, which reads the value.
    pub(super) fn fields(
        &mut self,
        mut field: impl FnMut(&mut Self, &'a [u8], usize) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.expect(b'{', "not an object")?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        for number in 0.. {
            if self.peek() != Some(b'"') {
                return Err(self.malformed("no field's name"));
            }
            let start = self.at;
            self.at = string_end(self.bytes, start)?;
            let name = &self.bytes[start + 1..self.at - 1];
            self.expect(b':', "no colon behind a field's name")?;
            field(self, name, number)?;
            if self.separator(b'}')? {
                break;
            }
        }
        Ok(())
    }

    fn object(&mut self) -> Result<Value, Malformed> {
        let start = self.at;
        let first = self.open_entries.len();
        let level = self.depth as usize;
        if self.shapes.len() <= level {
            self.shapes.resize_with(level + 1, Vec::new);
        }
        self.fields(|parser, name, number| {
            match parser.key(level, number, name) {
                Some(key) => {
                    let value = parser.value()?;
                    parser.open_entries.push(Entry { key, value });
                }
                None => parser.skip()?,
            }
            Ok(())
        })?;
        let text = self.text(start);
        let id = self.tree.push_entries(self.open_entries.drain(first..), text);
        Ok(Value::Object(id))
    }

    fn key(&mut self, level: usize, number: usize, name: &'a [u8]) -> Option<Key> {
        let shape = &mut self.shapes[level];
        if let Some(seen) = shape.get(number)
            && seen.name == name
        {
            return seen.key;
        }
        let key = unescaped(name).and_then(|name| self.keys.find(&name));
        shape.truncate(number);
        shape.push(SeenKey { name, key });
        key
    }

    fn list(&mut self) -> Result<Value, Malformed> {
        let start = self.at;
        let first = self.open_values.len();
        self.items(|parser| {
            let value = parser.value()?;
            parser.open_values.push(value);
            Ok(())
        })?;
        let text = self.text(start);
        let list = self.tree.push_list(self.open_values.drain(first..), text);
        Ok(Value::List(list))
    }

    fn items(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Malformed>) -> Result<(), Malformed> {
        self.expect(b'[', "not a list")?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            if self.separator(b']')? {
                return Ok(());
            }
        }
    }

    /// Passes a comma (false) or the end (true).
    fn separator(&mut self, end: u8) -> Result<bool, Malformed> {
        let ended = match self.peek() {
            Some(b',') => false,
            Some(byte) if byte == end => true,
            _ => return Err(self.malformed("neither a comma nor the end of a list or object")),
        };
        self.at += 1;
        Ok(ended)
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Malformed>) -> Result<T, Malformed> {
        if self.depth == MAX_DEPTH {
            return Err(self.malformed("too deep"));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn string(&mut self) -> Result<Text, Malformed> {
        let start = self.at;
        self.at = string_end(self.bytes, start)?;
        Ok(self.text(start))
    }

    fn text(&self, start: usize) -> Text {
        Text {
            body: self.body,
            start: index(start),
            end: index(self.at),
        }
    }

    fn word<T>(&mut self, word: &str, value: T) -> Result<T, Malformed> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.malformed("not a JSON value"))
        }
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Malformed> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.malformed(what))
        }
    }

    /// The next byte that isn't blank.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.blanks();
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        self.at = blanks_end(self.bytes, self.at);
    }
}

/// A field's name without escapes; `None` when it has some that no name can have.
pub(super) fn unescaped(name: &[u8]) -> Option<Cow<'_, str>> {
    if !name.contains(&b'\\') {
        return std::str::from_utf8(name).ok().map(Cow::Borrowed);
    }
    let mut quoted = Vec::with_capacity(name.len() + 2);
    quoted.push(b'"');
    quoted.extend_from_slice(name);
    quoted.push(b'"');
    serde_json::from_slice::<String>(&quoted).ok().map(Cow::Owned)
}
