//! Words of a text. Shoppers mix languages ("лампа desk E27"), so a word is stemmed by the letters that it is written in:
//! the English stemmer leaves Cyrillic alone and the Russian one Latin, and both run on every word.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter,
    TextAnalyzer,
};

/// The tokenizer of stemmed fields, and of fields of words as they are written.
pub const STEMS: &str = "stems";
pub const WORDS: &str = "words";

/// Bytes; what is longer is no word (Cyrillic letters take two).
const WORD_MAX: usize = 80;

/// Lower case, ё as е, and letters that came apart (й typed as и and a breve) put together again.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ё' => folded.push('е'),
            '\u{306}' if folded.ends_with('и') => {
                folded.pop();
                folded.push('й');
            }
            '\u{300}'..='\u{36f}' => {}
            _ => folded.push(letter),
        }
    }
    folded
}

pub fn words() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

pub fn stems() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .filter(Stemmer::new(Language::Russian))
        .build()
}

/// A word of a query: as it was written, its stem, and whether it says anything ("для", "the" do not).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub written: String,
    pub stem: String,
    pub says_nothing: bool,
}

/// Reads queries. Analyzers keep buffers, so each query clones one.
#[derive(Clone)]
pub struct Reader {
    words: TextAnalyzer,
    stems: TextAnalyzer,
    telling: TextAnalyzer,
}

impl Reader {
    pub fn new() -> Reader {
        let stop = |language| StopWordFilter::new(language).unwrap_or_else(|| StopWordFilter::remove([]));
        let telling = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(stop(Language::English))
            .filter(stop(Language::Russian))
            .build();
        Reader {
            words: words(),
            stems: stems(),
            telling,
        }
    }

    /// At most `limit` words of a query, in their order.
    pub fn read(&mut self, query: &str, limit: usize) -> Vec<Word> {
        let written = tokens(&mut self.words, &fold(query));
        let words = written.into_iter().take(limit);
        words
            .filter_map(|written| {
                let stem = tokens(&mut self.stems, &written).pop()?;
                let says_nothing = tokens(&mut self.telling, &written).is_empty();
                Some(Word {
                    written,
                    stem,
                    says_nothing,
                })
            })
            .collect()
    }
}

fn tokens(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push(token.text.clone());
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems_of(text: &str) -> Vec<String> {
        Reader::new()
            .read(text, 100)
            .into_iter()
            .map(|word| word.stem)
            .collect()
    }

    #[test]
    fn forms_of_a_word_meet_in_one_stem() {
        for forms in [
            ["лампа", "лампы", "лампой"],
            ["наушники", "наушников", "наушниками"],
            ["зелёный", "зеленая", "ЗЕЛЁНОЕ"],
            ["lamp", "lamps", "Lamps"],
            ["bicycle", "bicycles", "Bicycle"],
        ] {
            let stems = forms.map(|form| stems_of(form).concat());
            assert!(
                stems.iter().all(|stem| *stem == stems[0]),
                "{forms:?} -> {stems:?}"
            );
        }
    }

    #[test]
    fn a_query_may_mix_languages_and_scripts() {
        assert_eq!(
            stems_of("настольные lamps, E27 — café"),
            ["настольн", "lamp", "e27", "cafe"]
        );
    }

    #[test]
    fn letters_that_came_apart_are_put_together() {
        assert_eq!(fold("Чаи\u{306}ник ёлка"), "чайник елка");
        assert_eq!(fold("е\u{308}лка"), "елка");
    }

    #[test]
    fn small_words_say_nothing() {
        let mut reader = Reader::new();
        let telling = |text: &str, reader: &mut Reader| -> Vec<String> {
            let words = reader
                .read(text, 10)
                .into_iter()
                .filter(|word| !word.says_nothing);
            words.map(|word| word.written).collect()
        };
        assert_eq!(telling("лампа для the стола", &mut reader), ["лампа", "стола"]);
    }

    #[test]
    fn garbage_has_no_words() {
        assert!(stems_of("\"'()[]{}+-*?:^~\\/ \u{0} \u{202e}").is_empty());
        assert!(stems_of(&"я".repeat(10_000)).is_empty());
    }
}
