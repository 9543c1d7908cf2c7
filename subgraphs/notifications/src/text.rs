//! Words: what a notification says, in a person's language, from templates.
//!
//! Each kind has one small file a language with four blocks: `title` (also the subject), `body` (the inbox), `letter` (the e-mail's
//! paragraphs, an empty line between them) and `button`. Two layouts, `mail.txt` and `mail.html`, make an e-mail of them;
//! only the second escapes for HTML, so a template never needs to.

pub(crate) mod facts;
mod format;

use chrono_tz::Tz;
use lavka_kit::locale::Locale;
use minijinja::{AutoEscape, Environment, Value, context};

use crate::kind::Kind;
use crate::mail::Mail;
use crate::notification::Recipient;

/// All templates, in both languages.
pub struct Texts {
    ru: Environment<'static>,
    en: Environment<'static>,
    shop_url: String,
}

/// What a message is made of.
pub struct Subject<'a> {
    /// What it is about.
    pub kind: Kind,
    /// Whom it goes to.
    pub to: &'a Recipient,
    /// How times of day are written.
    pub zone: Tz,
    /// Where its button leads.
    pub link: &'a str,
    /// What its template speaks of.
    pub facts: serde_json::Value,
}

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In a few words.
    pub title: String,
    /// In a sentence or two.
    pub body: String,
    /// As an e-mail.
    pub mail: Mail,
}

impl Texts {
    /// Reads all templates.
    pub fn new(shop_url: &str) -> Result<Self, minijinja::Error> {
        Ok(Self {
            ru: environment(Locale::Ru)?,
            en: environment(Locale::En)?,
            shop_url: shop_url.to_owned(),
        })
    }

    /// Puts it into words.
    pub fn write(&self, subject: &Subject<'_>) -> Result<Words, minijinja::Error> {
        let (to, locale) = (subject.to, subject.to.locale);
        let environment = match locale {
            Locale::Ru => &self.ru,
            Locale::En => &self.en,
        };
        let facts = context! {
            name => to.name.trim(),
            zone => subject.zone.name(),
            ..facts::value(&subject.facts)
        };
        let template = environment.get_template(subject.kind.templates().0)?;
        let mut captured = template.render_captured(facts.clone())?;
        let mut block = |name| captured.with_state_mut(|state| state.render_block(name));
        let (title, body) = (one_line(&block("title")?), one_line(&block("body")?));
        let (letter, button) = (block("letter")?, one_line(&block("button")?));
        let paragraphs: Vec<String> = letter.split("\n\n").map(one_line).collect();
        let layout = context! {
            words => words(locale),
            title => &title,
            paragraphs => paragraphs,
            button => button,
            link => subject.link,
            shop_url => &self.shop_url,
            ..facts
        };
        let mail = Mail {
            to_name: to.name.clone(),
            to_address: to.email.clone(),
            subject: title.clone(),
            text: environment.get_template("mail.txt")?.render(layout.clone())?,
            html: environment.get_template("mail.html")?.render(layout)?,
        };
        Ok(Words { title, body, mail })
    }
}

fn environment(locale: Locale) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.add_filter("money", move |amount: Value| format::money(&amount, locale));
    environment.add_filter("date", move |state: &minijinja::State<'_, '_>, moment: String| {
        format::date(state, &moment, locale)
    });
    environment.add_filter("sentence", |text: String| format::sentence(&text));
    environment.add_template("mail.txt", include_str!("templates/mail.txt"))?;
    environment.add_template("mail.html", include_str!("templates/mail.html"))?;
    for kind in Kind::ALL {
        let (name, ru, en) = kind.templates();
        environment.add_template(name, locale.pick(ru, en))?;
    }
    Ok(environment)
}

/// The layouts' own words.
fn words(locale: Locale) -> Value {
    match locale {
        Locale::Ru => context! {
            lang => "ru",
            hello => "Здравствуйте",
            total => "Итого",
            or_open => "Если кнопка не работает, откройте ссылку:",
            footer => "Это письмо отправил магазин Lavka. Отвечать на него не нужно.",
        },
        Locale::En => context! {
            lang => "en",
            hello => "Hello",
            total => "Total",
            or_open => "If the button does not work, open this link:",
            footer => "This message was sent by the shop Lavka. There is no need to reply.",
        },
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
