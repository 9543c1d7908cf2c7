//! Suggestions while somebody types: titles and brands in which a word begins as the last typed one, and the others occur.
//!
//! A title answers in the language that it was found in: who types Latin letters wants to go on in them.

use std::collections::HashSet;

use lavka_kit::locale::Locale;

use super::analysis::fold;
use super::shelf::Shelf;
use super::terms::BRAND;

/// What is typed beyond this is no beginning of a title.
const PREFIX_MAX: usize = 100;

pub(super) fn suggest(shelf: &Shelf, prefix: &str, locale: Locale, first: usize) -> Vec<String> {
    let folded = fold(prefix.trim_start());
    let typed: String = folded.chars().take(PREFIX_MAX).collect();
    let words: Vec<&str> = split(&typed).collect();
    if words.is_empty() || first == 0 {
        return Vec::new();
    }
    let open = typed.chars().next_back().is_some_and(char::is_alphanumeric);
    let mut ranked: Vec<(Rank, &str)> = Vec::new();
    if let Some(brands) = shelf.terms.dimension(BRAND) {
        for (_, term) in shelf.terms.iter().filter(|(_, term)| term.dimension == brands) {
            for brand in term.value.words() {
                ranked.extend(rank(&fold(brand), &words, open).map(|rank| (rank, brand)));
            }
        }
    }
    let forms = locale.pick("ru", "en");
    let forms = if forms == "ru" { [0, 1] } else { [1, 0] };
    for (_, row) in shelf.rows().filter(|(_, row)| row.published) {
        let best = forms.into_iter().find_map(|form| {
            rank(&row.title_keys[form], &words, open).map(|rank| (rank, &*row.titles[form]))
        });
        ranked.extend(best);
    }
    ranked.sort_unstable();
    let mut seen = HashSet::new();
    let fresh = ranked.into_iter().filter(|(_, text)| seen.insert(fold(text)));
    fresh.take(first).map(|(_, text)| text.to_owned()).collect()
}

/// Smaller is better: begins with what was typed, then shorter.
type Rank = (bool, usize);

fn rank(key: &str, typed: &[&str], open: bool) -> Option<Rank> {
    let (last, whole) = typed.split_last()?;
    let has = |word: &&str| split(key).any(|own| own == *word);
    let begins = split(key).any(|own| if open { own.starts_with(last) } else { own == *last });
    (begins && whole.iter().all(has)).then(|| {
        let at_start = split(key).next().is_some_and(|own| own.starts_with(typed[0]));
        (!at_start, key.chars().count())
    })
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}
