//! What is sold: made up from lists of words, the same each time.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::store::Store;

/// Categories of the demo that the products are spread over.
pub const CATEGORIES: [&str; 8] = [
    "table-lamps",
    "floor-lamps",
    "kettles",
    "cookware",
    "fiction",
    "backpacks",
    "audio",
    "toys",
];

const MATERIALS: [(&str, &str); 12] = [
    ("brass", "латунный"),
    ("oak", "дубовый"),
    ("linen", "льняной"),
    ("glass", "стеклянный"),
    ("ceramic", "керамический"),
    ("copper", "медный"),
    ("steel", "стальной"),
    ("leather", "кожаный"),
    ("woollen", "шерстяной"),
    ("paper", "бумажный"),
    ("marble", "мраморный"),
    ("cork", "пробковый"),
];
const THINGS: [(&str, &str); 16] = [
    ("lamp", "светильник"),
    ("kettle", "чайник"),
    ("teapot", "заварник"),
    ("saucepan", "ковш"),
    ("notebook", "блокнот"),
    ("backpack", "рюкзак"),
    ("satchel", "ранец"),
    ("speaker", "динамик"),
    ("turntable", "проигрыватель"),
    ("puzzle", "пазл"),
    ("lantern", "фонарь"),
    ("tray", "поднос"),
    ("jug", "кувшин"),
    ("stool", "табурет"),
    ("mirror", "зеркальный блок"),
    ("clock", "будильник"),
];
const SERIES: [&str; 40] = [
    "Alder", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Grove", "Harbour", "Isle", "Juniper", "Kestrel",
    "Lagoon", "Meadow", "Nimbus", "Orchard", "Pebble", "Quartz", "Ridge", "Sierra", "Tundra", "Umber",
    "Valley", "Willow", "Yarrow", "Zephyr", "Anchor", "Beacon", "Canyon", "Delta", "Estuary", "Fern",
    "Glacier", "Heath", "Inlet", "Jetty", "Knoll", "Ledge", "Marsh", "Nook", "Oasis",
];
const COLOURS: [&str; 8] = ["white", "black", "green", "blue", "red", "grey", "sand", "plum"];

/// As many skus have stock.
const IN_STOCK: usize = 200;

/// A sku that can be bought, by a number of any size.
pub fn in_stock(number: usize) -> String {
    sku(number % IN_STOCK)
}

fn sku(number: usize) -> String {
    format!("LOAD-{number:06}")
}

fn pick<T: Copy, const N: usize>(from: &[T; N], number: usize) -> T {
    // Spread, so that neighbours don't share their words.
    from[number.wrapping_mul(2_654_435_761) / 7 % N]
}

fn product(number: usize) -> Value {
    let (material, thing) = (pick(&MATERIALS, number), pick(&THINGS, number / 3));
    let series = pick(&SERIES, number / 5);
    let attribute = |name: &str, label: &str, value: Value| json!({ "name": name, "label": { "ru": label, "en": label }, "value": value });
    json!({
        "slug": format!("load-{number:06}"),
        "title": {
            "en": format!("{series} {} {} {number}", material.0, thing.0),
            "ru": format!("{} {} {series} {number}", material.1, thing.1),
        },
        "description": {
            "en": format!("A {} {} of the {series} series, made to be used every day and repaired rather than replaced.", material.0, thing.0),
            "ru": format!("{} {} из серии {series}: сделан на каждый день, и его можно починить.", material.1, thing.1),
        },
        "brand": pick(&SERIES, number / 11),
        "category": CATEGORIES[number % CATEGORIES.len()],
        "attributes": [
            attribute("material", "Material", json!({ "en": material.0, "ru": material.1 })),
            attribute("height", "Height", json!(10 + number % 90)),
        ],
        "images": [{ "url": "/media/desk-lamp/black/hedgehog-desk-lamp.svg", "alt": { "ru": "", "en": "" } }],
        "variants": [{
            "sku": sku(number),
            "title": { "ru": "", "en": "" },
            "price": format!("{}", 500 + number % 9_500),
            "attributes": [attribute("color", "Colour", json!(pick(&COLOURS, number / 2)))],
        }],
    })
}

/// A file for `lavka catalog import`.
pub fn write(count: usize, file: &Path) -> Result<()> {
    let mut lines = String::new();
    for number in 0..count.max(IN_STOCK) {
        writeln!(lines, "{}", product(number)).context("write a line")?;
    }
    fs::write(file, lines).with_context(|| format!("write {}", file.display()))
}

/// What people type: words and beginnings of words in both languages, pairs, a mistake here and there.
pub fn phrases() -> Vec<String> {
    let mut phrases = Vec::new();
    for (number, (thing, russian)) in THINGS.into_iter().enumerate() {
        let (material, in_russian) = MATERIALS[number % MATERIALS.len()];
        phrases.push(thing.to_owned());
        phrases.push(format!("{material} {thing}"));
        phrases.push(format!("{} {thing}", SERIES[number]));
        phrases.push(format!("{in_russian} {russian}"));
        phrases.push(material.chars().take(4).collect());
    }
    // "bras lamp", "teapott"
    phrases.extend(["bras lamp", "teapott", "светильнк"].map(str::to_owned));
    phrases
}

/// Puts enough on the shelves, as staff does.
pub async fn stock(store: &Store) -> Result<()> {
    let log_in = "mutation($input: LogInInput!) { logIn(input: $input) { tokens { accessToken } } }";
    let staff = json!({ "input": { "email": "staff@lavka.test", "password": "lavka-demo" } });
    let tokens = store.asks(log_in, staff).await?;
    let token = tokens["logIn"]["tokens"]["accessToken"].as_str();
    let token = token.context("staff of the demo can't log in")?;
    let set = "mutation($input: SetStockInput!) { setStock(input: $input) { userErrors { code } } }";
    for number in 0..IN_STOCK {
        let input = json!({ "input": { "sku": sku(number), "quantity": 1_000_000 } });
        let done = store.asks_as(Some(token), set, input).await?;
        ensure!(done["setStock"]["userErrors"] == json!([]), "no stock: {done}");
    }
    Ok(())
}
