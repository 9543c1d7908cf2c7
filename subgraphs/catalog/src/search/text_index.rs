//! The full-text index: which products match a query's words, and how well.
//!
//! Fields: title and body for each language (stemmed), and two of words as they are written, for what stems can't
//! do: a typo is close to a word as it is written, and so is a word half typed. `written` holds the words that name a
//! product (title, brand, category, skus), `prose` all the others.

use std::sync::{Mutex, PoisonError};

use lavka_kit::locale::Text;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{
    DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Score, SegmentOrdinal, SegmentReader,
    TantivyDocument, Term,
};

use super::analysis::{self, fold};
use super::text_query::TextQuery;

/// tantivy's least for its one writing thread.
const WRITER_MEMORY: usize = 15_000_000;

pub struct TextIndex {
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    words: analysis::Reader,
}

#[derive(Clone, Copy)]
pub struct Fields {
    slot: Field,
    pub title: [Field; 2],
    pub body: [Field; 2],
    pub written: Field,
    pub prose: Field,
}

/// The texts of one product.
#[derive(Default)]
pub struct TextDocument {
    pub title: Text,
    /// Brand, categories, variants' titles and skus: they name the product as its title does.
    pub names: Vec<String>,
    pub body: [Vec<String>; 2],
}

impl TextIndex {
    pub fn new() -> tantivy::Result<TextIndex> {
        let mut schema = Schema::builder();
        let text = |tokenizer: &str| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqs);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fields = Fields {
            slot: schema.add_u64_field("slot", INDEXED | FAST),
            title: ["title_ru", "title_en"].map(|name| schema.add_text_field(name, text(analysis::STEMS))),
            body: ["body_ru", "body_en"].map(|name| schema.add_text_field(name, text(analysis::STEMS))),
            written: schema.add_text_field("written", text(analysis::WORDS)),
            prose: schema.add_text_field("prose", text(analysis::WORDS)),
        };
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(analysis::STEMS, analysis::stems());
        index.tokenizers().register(analysis::WORDS, analysis::words());
        Ok(TextIndex {
            fields,
            writer: Mutex::new(index.writer_with_num_threads(1, WRITER_MEMORY)?),
            reader: index
                .reader_builder()
                .reload_policy(ReloadPolicy::Manual)
                .try_into()?,
            words: analysis::Reader::new(),
        })
    }

    /// Puts, replaces and takes out, then shows all of it at once. `None` takes out.
    pub fn write(
        &self,
        changes: impl IntoIterator<Item = (u32, Option<TextDocument>)>,
    ) -> tantivy::Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        for (slot, document) in changes {
            writer.delete_term(Term::from_field_u64(self.fields.slot, slot.into()));
            if let Some(document) = document {
                writer.add_document(self.fields.document(slot, &document))?;
            }
        }
        writer.commit()?;
        self.reader.reload()
    }

    /// The slots of the products that match, with their scores, in no order. A query without words matches nothing.
    pub fn search(&self, query: &str) -> tantivy::Result<Vec<(u32, Score)>> {
        let query = TextQuery::read(query, &mut self.words.clone());
        let searcher = self.reader.searcher();
        let Some(strict) = query.all_words(self.fields, &searcher)? else {
            return Ok(Vec::new());
        };
        let found = searcher.search(&*strict, &Slots)?;
        if !found.is_empty() {
            return Ok(found);
        }
        match query.most_words(self.fields, &searcher)? {
            Some(loose) => searcher.search(&*loose, &Slots),
            None => Ok(found),
        }
    }
}

impl Fields {
    fn document(self, slot: u32, text: &TextDocument) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.slot, slot.into());
        for (at, title) in [&text.title.ru, &text.title.en].into_iter().enumerate() {
            if let Some(title) = title {
                let title = fold(title);
                document.add_text(self.title[at], &title);
                document.add_text(self.written, &title);
            }
        }
        for name in &text.names {
            let name = fold(name);
            document.add_text(self.written, &name);
            document.add_text(self.body[0], &name);
        }
        for (at, body) in text.body.iter().enumerate() {
            for text in body {
                let text = fold(text);
                document.add_text(self.body[at], &text);
                document.add_text(self.prose, &text);
            }
        }
        document
    }
}

/// Collects every match: the shelf filters, counts and sorts them.
struct Slots;

struct SegmentSlots {
    slots: Column<u64>,
    found: Vec<(u32, Score)>,
}

impl Collector for Slots {
    type Fruit = Vec<(u32, Score)>;
    type Child = SegmentSlots;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentSlots> {
        Ok(SegmentSlots {
            slots: segment.fast_fields().u64("slot")?,
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, found: Vec<Vec<(u32, Score)>>) -> tantivy::Result<Vec<(u32, Score)>> {
        Ok(found.concat())
    }
}

impl SegmentCollector for SegmentSlots {
    type Fruit = Vec<(u32, Score)>;

    fn collect(&mut self, document: DocId, score: Score) {
        if let Some(slot) = self
            .slots
            .first(document)
            .and_then(|slot| u32::try_from(slot).ok())
        {
            self.found.push((slot, score));
        }
    }

    fn harvest(self) -> Vec<(u32, Score)> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(products: &[(&str, &str, &str)]) -> TextIndex {
        let index = TextIndex::new().expect("an index");
        let document = |(ru, en, body): &(&str, &str, &str)| TextDocument {
            title: Text::new(*ru, *en),
            names: Vec::new(),
            body: [vec![(*body).to_owned()], Vec::new()],
        };
        let documents = products.iter().enumerate();
        index
            .write(documents.map(|(at, texts)| (at as u32, Some(document(texts)))))
            .expect("written");
        index
    }

    fn shop() -> TextIndex {
        index(&[
            (
                "Лампа настольная «Ёж»",
                "Desk lamp Hedgehog",
                "Тёплый свет для чтения",
            ),
            (
                "Чайник эмалированный",
                "Enamel kettle",
                "Поёт, когда закипает; стоит рядом с лампой",
            ),
            (
                "Наушники беспроводные",
                "Wireless headphones",
                "Держат заряд сорок часов",
            ),
            (
                "Книга о море",
                "A book about the sea",
                "Рассказы смотрителя маяка",
            ),
        ])
    }

    /// Best first.
    fn found(index: &TextIndex, query: &str) -> Vec<u32> {
        let mut found = index.search(query).expect("no query is an error");
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.into_iter().map(|(slot, _)| slot).collect()
    }

    #[test]
    fn word_forms_of_both_languages_find() {
        let shop = shop();
        assert_eq!(found(&shop, "настольные лампы"), [0]);
        assert_eq!(found(&shop, "kettles"), [1]);
        assert_eq!(found(&shop, "книги"), [3]);
    }

    #[test]
    fn a_title_outranks_a_description() {
        assert_eq!(found(&shop(), "лампа"), [0, 1]);
    }

    #[test]
    fn yo_and_ye_are_one_letter() {
        assert_eq!(found(&shop(), "еж"), [0]);
        assert_eq!(found(&shop(), "тёплый"), [0]);
        assert_eq!(found(&shop(), "теплый"), [0]);
    }

    #[test]
    fn a_typo_is_forgiven() {
        let shop = shop();
        for typo in ["лапма", "ланпа", "лампаа", "lmap "] {
            assert_eq!(found(&shop, typo).first(), Some(&0), "{typo}");
        }
        for typo in [
            "науншики",
            "наушнеки",
            "hedphones",
            "headfones",
            "безпроводные нушники",
        ] {
            assert_eq!(found(&shop, typo), [2], "{typo}");
        }
    }

    #[test]
    fn a_word_that_the_shop_knows_is_no_typo_of_another() {
        let shop = index(&[("Книга", "A book", ""), ("Крючок", "A hook", "")]);
        assert_eq!(found(&shop, "book "), [0]);
        assert_eq!(found(&shop, "hook"), [1]);
    }

    #[test]
    fn the_last_word_may_be_half_typed() {
        let shop = shop();
        assert_eq!(found(&shop, "беспров"), [2]);
        assert_eq!(found(&shop, "desk la"), [0]);
        assert_eq!(found(&shop, "нау"), [2]);
    }

    #[test]
    fn languages_mix_in_one_query() {
        assert_eq!(found(&shop(), "wireless наушники"), [2]);
        assert_eq!(found(&shop(), "лампа для desk"), [0]);
    }

    #[test]
    fn every_word_counts_but_an_unknown_one_does_not_hide_the_rest() {
        let shop = shop();
        assert_eq!(found(&shop, "лампа чтения"), [0]);
        assert_eq!(found(&shop, "эмалированный чайник хххххххх"), [1]);
        assert!(found(&shop, "хххххххх").is_empty());
    }

    #[test]
    fn garbage_finds_nothing_and_breaks_nothing() {
        let shop = shop();
        for garbage in [
            "",
            "   ",
            "\"",
            "title_ru:лампа^^ AND (",
            "*",
            "~2",
            "\u{0}\u{202e}",
            "🪔",
            "the",
            "-",
        ] {
            let _ = found(&shop, garbage);
        }
        assert!(found(&shop, "\"*()~").is_empty());
        let _ = found(&shop, &"лампа ".repeat(10_000));
        let _ = found(&shop, &"я".repeat(100_000));
    }

    #[test]
    fn what_is_written_again_is_replaced_and_what_is_taken_out_is_gone() {
        let shop = shop();
        let renamed = TextDocument {
            title: Text::new("Торшер", "Floor light"),
            ..TextDocument::default()
        };
        shop.write([(0, Some(renamed)), (3, None)]).expect("written");
        assert_eq!(found(&shop, "торшеры"), [0]);
        assert_eq!(found(&shop, "лампа"), [1]);
        assert!(found(&shop, "море ").is_empty());
    }
}
