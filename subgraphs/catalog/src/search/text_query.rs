//! From a shopper's words to a query of the index.
//!
//! Each word may match in several ways, and the best one counts: its stem in a title, in a body, as the beginning of a word
//! (the last one only: it may be half typed), or, when the shop doesn't know the word at all, as a typo of one that it knows. A known
//! word is never taken for a typo: "book" must not find hooks.

use tantivy::collector::Count;
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Score, Searcher, Term};

use super::analysis::{Reader, Word};
use super::text_index::Fields;

/// More words than anybody types; the rest of a longer query is not looked at.
const WORDS_MAX: usize = 12;
const TITLE: Score = 4.0;
const BODY: Score = 1.0;
/// Half-typed words and typos score a constant: below a match in a title, beside one in a body.
const BEGINNING: Score = 1.5;
const TYPO: Score = 1.0;
const TYPO_IN_PROSE: Score = 0.4;

pub struct TextQuery {
    words: Vec<Word>,
    /// Whether the last word may go on: nothing was typed behind it.
    open: bool,
}

impl TextQuery {
    pub fn read(text: &str, reader: &mut Reader) -> TextQuery {
        let mut words = reader.read(text, WORDS_MAX);
        let open = text.chars().next_back().is_some_and(char::is_alphanumeric);
        // A query of nothing but small words is looked for as it is: "на" may become "наушники".
        if words.iter().any(|word| !word.says_nothing) {
            words.retain(|word| !word.says_nothing);
        }
        TextQuery { words, open }
    }

    /// Every word must match. None when there are no words.
    pub fn all_words(&self, fields: Fields, searcher: &Searcher) -> tantivy::Result<Option<Box<dyn Query>>> {
        Ok(match self.clauses(fields, searcher)? {
            clauses if clauses.is_empty() => None,
            clauses => Some(Box::new(BooleanQuery::intersection(clauses))),
        })
    }

    /// At least half of the words must match: what to show when no product has them all.
    pub fn most_words(&self, fields: Fields, searcher: &Searcher) -> tantivy::Result<Option<Box<dyn Query>>> {
        if self.words.len() < 2 {
            return Ok(None);
        }
        let clauses = self.clauses(fields, searcher)?;
        let enough = clauses.len().div_ceil(2);
        Ok(Some(Box::new(BooleanQuery::union_with_minimum_required_clauses(
            clauses, enough,
        ))))
    }

    fn clauses(&self, fields: Fields, searcher: &Searcher) -> tantivy::Result<Vec<Box<dyn Query>>> {
        let last = self.words.len().saturating_sub(1);
        let words = self.words.iter().enumerate();
        words
            .map(|(at, word)| clause(word, self.open && at == last, fields, searcher))
            .collect()
    }
}

fn clause(
    word: &Word,
    may_go_on: bool,
    fields: Fields,
    searcher: &Searcher,
) -> tantivy::Result<Box<dyn Query>> {
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    let mut known = false;
    for (stemmed, weight) in [(fields.title, TITLE), (fields.body, BODY)] {
        for field in stemmed {
            let term = Term::from_field_text(field, &word.stem);
            if searcher.doc_freq(&term)? > 0 {
                known = true;
                ways.push(weighed(
                    TermQuery::new(term, IndexRecordOption::WithFreqs),
                    weight,
                ));
            }
        }
    }
    if may_go_on {
        for (field, weight) in [(fields.written, BEGINNING), (fields.prose, TYPO_IN_PROSE)] {
            let beginning = near(field, word, 0, true);
            if known || searcher.search(&beginning, &Count)? > 0 {
                known = true;
                ways.push(weighed(beginning, weight));
            }
        }
    }
    let typos = typos_forgiven(&word.written);
    if !known && typos > 0 {
        for (field, weight) in [(fields.written, TYPO), (fields.prose, TYPO_IN_PROSE)] {
            ways.push(weighed(near(field, word, typos, false), weight));
            if may_go_on {
                ways.push(weighed(near(field, word, 1, true), weight / 2.0));
            }
        }
    }
    if ways.is_empty() {
        return Ok(Box::new(EmptyQuery));
    }
    Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1)))
}

fn near(field: Field, word: &Word, distance: u8, beginning: bool) -> FuzzyTermQuery {
    let term = Term::from_field_text(field, &word.written);
    if beginning {
        FuzzyTermQuery::new_prefix(term, distance, true)
    } else {
        FuzzyTermQuery::new(term, distance, true)
    }
}

fn weighed(query: impl Query, weight: Score) -> Box<dyn Query> {
    Box::new(BoostQuery::new(Box::new(query), weight))
}

/// One wrong, missing, extra or swapped letter in a word of four letters, two in one of eight. In a shorter word
/// a letter is too much of it, and a number is never mistyped on purpose: "E27" is not "E14".
fn typos_forgiven(word: &str) -> u8 {
    if word.chars().any(char::is_numeric) {
        return 0;
    }
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}
