//! Why an edit was refused: data, not an error, in both languages, with the path of the input's field.

use async_graphql::Enum;
use lavka_kit::locale::Text;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<Code> {
    pub code: Code,
    pub message: Text,
    /// `["variants", "0", "price"]`
    pub field: Vec<String>,
}

pub type Refused<T, Code = ProductErrorCode> = Result<T, Vec<Refusal<Code>>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProductErrorCode {
    /// Another product has this slug.
    SlugTaken,
    /// A slug is lower-case Latin letters and digits in groups joined by single hyphens, at most 100 in all.
    SlugInvalid,
    /// Another product, or another variant of this one, has this sku.
    SkuTaken,
    /// A sku is 1 to 64 visible ASCII characters.
    SkuInvalid,
    /// A title is needed in one language at least.
    TitleRequired,
    /// There is no category of this slug or id.
    CategoryUnknown,
    /// A product needs at least one variant.
    VariantRequired,
    /// Not above zero, more places than the currency has, or a `compareAtPrice` that is not above the price.
    PriceInvalid,
    /// A name that can't be one, twice the same name, or a value of a shape that nobody could filter by.
    AttributeInvalid,
    /// Neither `/media/…` nor `https://…`.
    ImageInvalid,
    /// A text or a list that is longer than the catalogue keeps.
    TooLong,
    /// No product has this id.
    ProductNotFound,
    /// Somebody else has saved the product since the given `version`.
    VersionConflict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CategoryErrorCode {
    /// Another category has this slug.
    SlugTaken,
    /// A slug is lower-case Latin letters and digits in groups joined by single hyphens, at most 100 in all.
    SlugInvalid,
    /// A title is needed in one language at least.
    TitleRequired,
    /// There is no category of this slug or id.
    ParentUnknown,
    /// The category would stand below itself, or deeper than eight levels.
    ParentInvalid,
    /// No category has this id.
    CategoryNotFound,
}

impl<Code> Refusal<Code> {
    pub fn new(code: Code, field: &[&str], ru: &str, en: &str) -> Refusal<Code> {
        let field = field.iter().map(|&step| step.to_owned()).collect();
        Refusal {
            code,
            message: Text::new(ru, en),
            field,
        }
    }
}
