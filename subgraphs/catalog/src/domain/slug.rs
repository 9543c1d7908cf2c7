//! A slug is a product's name in an address. It is made from the title when staff give none; Russian is written in
//! Latin letters then, as people write it in addresses themselves.

const SLUG_MAX: usize = 100;

/// Lower-case Latin letters and digits in groups joined by single hyphens, at most 100 in all.
pub fn is_slug(text: &str) -> bool {
    text.len() <= SLUG_MAX
        && text.split('-').all(|group| {
            !group.is_empty()
                && group
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// The slug of a title, or None when the title has no letter that can be written in Latin.
pub fn slug_from(title: &str) -> Option<String> {
    let mut slug = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        match latin(letter) {
            Some(letters) => slug.push_str(letters),
            None if letter.is_ascii_alphanumeric() => slug.push(letter),
            None if slug.ends_with('-') || slug.is_empty() => {}
            None => slug.push('-'),
        }
    }
    if slug.len() > SLUG_MAX {
        let end = slug[..SLUG_MAX].rfind('-').unwrap_or(SLUG_MAX);
        slug.truncate(end);
    }
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// How a letter is written in Latin; "" for signs and marks that fall out without parting the word.
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' => "e",
        'ё' => "yo",
        'ж' => "zh",
        'з' => "z",
        'и' => "i",
        'й' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' => "y",
        'э' => "e",
        'ю' => "yu",
        'я' => "ya",
        'à' | 'á' | 'â' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'ö' | 'ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ß' => "ss",
        '\'' | '’' | '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_an_address() {
        let slug = |title| slug_from(title).unwrap_or_default();
        assert_eq!(
            slug("Лампа настольная «Ёж», 40 Вт"),
            "lampa-nastolnaya-yozh-40-vt"
        );
        assert_eq!(slug("Café Crème — the mug"), "cafe-creme-the-mug");
        assert_eq!(slug("Щётка   для объектива!"), "shchyotka-dlya-obektiva");
        assert_eq!(slug("Reader's lamp"), "readers-lamp");
    }

    #[test]
    fn a_title_without_letters_has_no_slug() {
        assert_eq!(slug_from("—!!—"), None);
        assert_eq!(slug_from(""), None);
        assert_eq!(slug_from("台灯"), None);
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        let slug = slug_from(&"слово ".repeat(40)).expect("a slug");
        assert!(is_slug(&slug), "{slug}");
        assert!(slug.ends_with("slovo"), "{slug}");
        assert!(is_slug(&slug_from(&"щ".repeat(40)).expect("a slug")));
    }

    #[test]
    fn whatever_it_makes_is_a_slug_and_nothing_else_is() {
        for bad in [
            "",
            "-",
            "a-",
            "-a",
            "a--b",
            "A",
            "a_b",
            "a/b",
            "..",
            "а",
            &"a".repeat(101),
        ] {
            assert!(!is_slug(bad), "{bad}");
        }
        for good in ["a", "1984", "desk-lamp-2"] {
            assert!(is_slug(good), "{good}");
        }
    }
}
