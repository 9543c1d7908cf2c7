//! From what staff (or a line of an import) give to a product that may be saved. Pure: every rule that needs no store is here,
//! and all that is wrong is told at once.

use std::collections::HashSet;

use async_graphql::{ID, InputObject};
use lavka_kit::{
    locale::Text,
    money::{Currency, Decimal, Money},
};
use serde::Deserialize;
use serde_json::Value;

use super::refusal::{ProductErrorCode as Code, Refusal, Refused};
use crate::domain::{Attribute, AttributeValue, Image, ValueRefused, Variant, is_slug, slug_from};

const TITLE_MAX: usize = 300;
const DESCRIPTION_MAX: usize = 20_000;
const LABEL_MAX: usize = 100;
const VARIANTS_MAX: usize = 100;
const ATTRIBUTES_MAX: usize = 100;
const IMAGES_MAX: usize = 30;
const URL_MAX: usize = 2_000;
const SKU_MAX: usize = 64;

/// A text in one or both languages.
#[derive(Clone, Debug, Default, InputObject, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextInput {
    pub ru: Option<String>,
    pub en: Option<String>,
}

/// A product as it shall be. In an update (with `id`), what is absent stays as it is; an empty list, text or brand clears.
#[derive(Clone, Debug, InputObject, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveProductInput {
    /// Absent: a new product.
    pub id: Option<ID>,
    /// Its name in addresses; made from the title when absent.
    pub slug: Option<String>,
    pub title: TextInput,
    pub description: Option<TextInput>,
    pub brand: Option<String>,
    /// A category's slug or id.
    pub category: String,
    pub attributes: Option<Vec<AttributeInput>>,
    pub images: Option<Vec<ImageInput>>,
    pub variants: Vec<VariantInput>,
    /// Shoppers see published products only.
    #[graphql(default_with = "Some(true)")]
    #[serde(default)]
    pub is_published: Option<bool>,
    /// The version that was edited (`Product.version`). If somebody has saved the product since, this save is refused with
    /// VERSION_CONFLICT; without it the last save wins.
    pub version: Option<i32>,
}

#[derive(Clone, Debug, InputObject, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VariantInput {
    pub sku: ID,
    pub title: Option<TextInput>,
    pub price: Decimal,
    pub compare_at_price: Option<Decimal>,
    pub attributes: Option<Vec<AttributeInput>>,
}

#[derive(Clone, Debug, InputObject, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeInput {
    /// A Latin letter, then letters, digits and `_`; not `brand`, `category` or `price`, which are facets of their own.
    pub name: String,
    pub label: Option<TextInput>,
    /// true, a number, a text, `{"ru": …, "en": …}`, or a list of those.
    pub value: Value,
    pub unit: Option<String>,
}

#[derive(Clone, Debug, InputObject, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageInput {
    pub url: String,
    pub alt: Option<TextInput>,
}

/// What is right about an input. `None` means that it was not given.
pub struct Draft {
    /// The slug, and whether staff chose it.
    pub slug: Option<String>,
    pub title: Text,
    pub description: Option<Text>,
    pub brand: Option<Option<String>>,
    pub attributes: Option<Vec<Attribute>>,
    pub images: Option<Vec<Image>>,
    pub variants: Vec<Variant>,
}

impl TextInput {
    pub fn text(&self) -> Text {
        let form = |form: &Option<String>| {
            form.as_deref()
                .map(str::trim)
                .filter(|form| !form.is_empty())
                .map(str::to_owned)
        };
        Text {
            ru: form(&self.ru),
            en: form(&self.en),
        }
    }
}

impl Draft {
    pub fn check(input: &SaveProductInput, currency: Currency) -> Refused<Draft> {
        let mut check = Check {
            wrong: Vec::new(),
            currency,
        };
        let title = input.title.text();
        if title.is_empty() {
            check.refuse(
                Code::TitleRequired,
                &["title"],
                "Нужно название",
                "A title is needed",
            );
        }
        check.length(&title, TITLE_MAX, &["title"]);
        let slug = input
            .slug
            .as_deref()
            .map(str::trim)
            .filter(|slug| !slug.is_empty())
            .map(str::to_owned);
        if slug.as_deref().is_some_and(|slug| !is_slug(slug)) {
            check.refuse(
                Code::SlugInvalid,
                &["slug"],
                "Адрес — строчные латинские буквы и цифры через одиночный дефис, не длиннее 100",
                "A slug is lower-case Latin letters and digits joined by single hyphens, at most 100",
            );
        }
        let description = input.description.as_ref().map(TextInput::text);
        check.length(
            description.as_ref().unwrap_or(&Text::default()),
            DESCRIPTION_MAX,
            &["description"],
        );
        let brand = input
            .brand
            .as_deref()
            .map(|brand| Some(brand.trim().to_owned()).filter(|brand| !brand.is_empty()));
        if let Some(Some(brand)) = &brand
            && brand.chars().count() > LABEL_MAX
        {
            check.too_long(&["brand"]);
        }
        let attributes = input
            .attributes
            .as_deref()
            .map(|attributes| check.attributes(attributes, &[]));
        let images = input.images.as_deref().map(|images| check.images(images));
        let variants = check.variants(&input.variants);
        if check.wrong.is_empty() {
            Ok(Draft {
                slug,
                title,
                description,
                brand,
                attributes,
                images,
                variants,
            })
        } else {
            Err(check.wrong)
        }
    }

    /// The slug that the title suggests, in English rather than in transliterated Russian.
    pub fn slug_of_title(&self) -> Option<String> {
        let form = |form: &Option<String>| form.as_deref().and_then(slug_from);
        form(&self.title.en).or_else(|| form(&self.title.ru))
    }
}

struct Check {
    wrong: Vec<Refusal<Code>>,
    currency: Currency,
}

impl Check {
    fn refuse(&mut self, code: Code, field: &[&str], ru: &str, en: &str) {
        self.wrong.push(Refusal::new(code, field, ru, en));
    }

    fn too_long(&mut self, field: &[&str]) {
        self.refuse(Code::TooLong, field, "Слишком длинно", "Too long");
    }

    fn length(&mut self, text: &Text, most: usize, field: &[&str]) {
        for (language, form) in [("ru", &text.ru), ("en", &text.en)] {
            if form.as_deref().is_some_and(|form| form.chars().count() > most) {
                self.too_long(&[field, &[language]].concat());
            }
        }
    }

    fn attributes(&mut self, inputs: &[AttributeInput], at: &[&str]) -> Vec<Attribute> {
        if inputs.len() > ATTRIBUTES_MAX {
            self.too_long(&[at, &["attributes"]].concat());
            return Vec::new();
        }
        let mut names = HashSet::new();
        let mut attributes = Vec::with_capacity(inputs.len());
        for (number, input) in inputs.iter().enumerate() {
            let number = number.to_string();
            let field = |last: &'static str| [at, &["attributes", number.as_str(), last]].concat();
            if !is_attribute_name(&input.name) {
                self.refuse(
                    Code::AttributeInvalid,
                    &field("name"),
                    "Имя — латинская буква, дальше буквы, цифры и _; не brand, category, price",
                    "A name is a Latin letter, then letters, digits and _; not brand, category, price",
                );
            } else if !names.insert(input.name.as_str()) {
                let (ru, en) = ("Такая характеристика уже есть", "This attribute is already there");
                self.refuse(Code::AttributeInvalid, &field("name"), ru, en);
            }
            let label = input.label.as_ref().map(TextInput::text).unwrap_or_default();
            self.length(&label, LABEL_MAX, &field("label"));
            let unit = input
                .unit
                .as_deref()
                .map(str::trim)
                .filter(|unit| !unit.is_empty())
                .map(str::to_owned);
            if unit
                .as_deref()
                .is_some_and(|unit| unit.chars().count() > LABEL_MAX)
            {
                self.too_long(&field("unit"));
            }
            match AttributeValue::parse(&input.value) {
                Ok(value) => attributes.push(Attribute {
                    name: input.name.clone(),
                    label,
                    value,
                    unit,
                }),
                Err(refused) => {
                    let (ru, en) = why(refused);
                    self.refuse(Code::AttributeInvalid, &field("value"), ru, en);
                }
            }
        }
        attributes
    }

    fn images(&mut self, inputs: &[ImageInput]) -> Vec<Image> {
        if inputs.len() > IMAGES_MAX {
            self.too_long(&["images"]);
            return Vec::new();
        }
        let mut images = Vec::with_capacity(inputs.len());
        for (number, input) in inputs.iter().enumerate() {
            let number = number.to_string();
            let url = input.url.trim();
            let home = url.starts_with("/media/") || url.starts_with("https://");
            if !home
                || url.len() > URL_MAX
                || url.contains(|letter: char| letter.is_whitespace() || letter.is_control())
            {
                let (ru, en) = (
                    "Нужен адрес /media/… или https://…",
                    "An address /media/… or https://… is needed",
                );
                self.refuse(Code::ImageInvalid, &["images", &number, "url"], ru, en);
            }
            let alt = input.alt.as_ref().map(TextInput::text).unwrap_or_default();
            self.length(&alt, TITLE_MAX, &["images", &number, "alt"]);
            images.push(Image {
                url: url.to_owned(),
                alt,
            });
        }
        images
    }

    fn variants(&mut self, inputs: &[VariantInput]) -> Vec<Variant> {
        if inputs.is_empty() {
            let (ru, en) = ("Нужен хотя бы один вариант", "At least one variant is needed");
            self.refuse(Code::VariantRequired, &["variants"], ru, en);
        }
        if inputs.len() > VARIANTS_MAX {
            self.too_long(&["variants"]);
            return Vec::new();
        }
        let mut skus = HashSet::new();
        let mut variants = Vec::with_capacity(inputs.len());
        for (number, input) in inputs.iter().enumerate() {
            let number = number.to_string();
            let at = ["variants", number.as_str()];
            let sku = input.sku.as_str();
            if sku.is_empty() || sku.len() > SKU_MAX || !sku.bytes().all(|byte| byte.is_ascii_graphic()) {
                let (ru, en) = (
                    "Артикул — от 1 до 64 латинских букв, цифр и знаков без пробелов",
                    "A sku is 1 to 64 Latin letters, digits and signs without spaces",
                );
                self.refuse(Code::SkuInvalid, &[at[0], at[1], "sku"], ru, en);
            } else if !skus.insert(sku) {
                let (ru, en) = (
                    "Такой артикул уже есть у другого варианта",
                    "Another variant has this sku",
                );
                self.refuse(Code::SkuTaken, &[at[0], at[1], "sku"], ru, en);
            }
            let title = input.title.as_ref().map(TextInput::text).unwrap_or_default();
            self.length(&title, TITLE_MAX, &[at[0], at[1], "title"]);
            let price = self.price(&input.price, &[at[0], at[1], "price"]);
            let before = input.compare_at_price.as_ref().map(|before| {
                let field = [at[0], at[1], "compareAtPrice"];
                let before = self.price(before, &field);
                if price.is_some()
                    && before.is_some_and(|before| Some(before.minor) <= price.map(|price| price.minor))
                {
                    let (ru, en) = (
                        "Прежняя цена должна быть выше нынешней",
                        "The former price must be above the price",
                    );
                    self.refuse(Code::PriceInvalid, &field, ru, en);
                }
                before
            });
            let attributes = self.attributes(input.attributes.as_deref().unwrap_or_default(), &at);
            variants.extend(price.map(|price| Variant {
                sku: sku.to_owned(),
                title,
                price,
                compare_at_price: before.flatten(),
                attributes,
            }));
        }
        variants
    }

    fn price(&mut self, price: &Decimal, field: &[&str]) -> Option<Money> {
        match price.to_money(self.currency) {
            Ok(price) if price.minor > 0 => Some(price),
            Ok(_) => {
                self.refuse(
                    Code::PriceInvalid,
                    field,
                    "Цена должна быть больше нуля",
                    "A price must be above zero",
                );
                None
            }
            Err(_) => {
                let (ru, en) = (
                    "В цене больше знаков, чем есть у валюты магазина",
                    "The price has more digits than the store's currency",
                );
                self.refuse(Code::PriceInvalid, field, ru, en);
                None
            }
        }
    }
}

fn is_attribute_name(name: &str) -> bool {
    name.len() <= LABEL_MAX
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !["brand", "category", "price"].contains(&name)
}

fn why(refused: ValueRefused) -> (&'static str, &'static str) {
    match refused {
        ValueRefused::Null => ("Нужно значение", "A value is needed"),
        ValueRefused::EmptyText => ("Пустой текст", "An empty text"),
        ValueRefused::TextTooLong => ("Текст длиннее 500 знаков", "A text of more than 500 characters"),
        ValueRefused::UnknownForm => (
            "У текста могут быть только формы ru и en",
            "A text has forms ru and en, and they are texts",
        ),
        ValueRefused::EmptyList => ("Пустой список", "An empty list"),
        ValueRefused::ListTooLong => ("В списке больше 50 значений", "A list of more than 50 values"),
        ValueRefused::NestedList => ("Список внутри списка", "A list within a list"),
    }
}
