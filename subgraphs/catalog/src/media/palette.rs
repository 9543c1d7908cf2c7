//! The colours that things come in: each with its shade, its light and a colour that goes with it.

pub struct Palette {
    pub main: &'static str,
    pub dark: &'static str,
    pub light: &'static str,
    pub accent: &'static str,
    /// The backdrop that sets it off, and its lighter half.
    pub backdrop: [&'static str; 2],
}

const COLOURS: [(&str, Palette); 16] = [
    (
        "brass",
        colour(
            ["#c99a3f", "#96691f", "#f0d38a", "#3f5f6b"],
            ["#dfe7e3", "#eff4f0"],
        ),
    ),
    (
        "black",
        colour(
            ["#3a3842", "#22212a", "#6f6d7c", "#e8a24c"],
            ["#f3e0c3", "#fbf0dd"],
        ),
    ),
    (
        "white",
        colour(
            ["#f7f2e9", "#d5cbbb", "#ffffff", "#d98a5f"],
            ["#b9d0cf", "#cfe0de"],
        ),
    ),
    (
        "green",
        colour(
            ["#4f8a67", "#2f5e45", "#9ccbaa", "#f2b134"],
            ["#f6dfd3", "#fceee6"],
        ),
    ),
    (
        "blue",
        colour(
            ["#6fa8cf", "#3f769f", "#bfdcf0", "#f2b134"],
            ["#fbe3c8", "#fdf1e1"],
        ),
    ),
    (
        "red",
        colour(
            ["#d9503f", "#a22f25", "#f6a89b", "#fbe3b5"],
            ["#d7e5e6", "#e9f2f2"],
        ),
    ),
    (
        "yellow",
        colour(
            ["#f2b630", "#c07f12", "#fbdf95", "#c94f4f"],
            ["#cfdff0", "#e5eef8"],
        ),
    ),
    (
        "terracotta",
        colour(
            ["#c9714a", "#96482a", "#eda985", "#f2d9a8"],
            ["#d6e3d5", "#e8f0e6"],
        ),
    ),
    (
        "pink",
        colour(
            ["#e68fae", "#b65a7e", "#f9cddb", "#6aa977"],
            ["#d9ead9", "#ebf5ea"],
        ),
    ),
    (
        "grey",
        colour(
            ["#8f97a3", "#5f6672", "#c9ced6", "#e8734f"],
            ["#f7e6d4", "#fcf3e8"],
        ),
    ),
    (
        "wood",
        colour(
            ["#c98f5a", "#8f5c30", "#ecc79d", "#4f8a67"],
            ["#d9e4ea", "#ebf2f5"],
        ),
    ),
    (
        "navy",
        colour(
            ["#3d4f80", "#243258", "#8196c9", "#f2b134"],
            ["#f7dfc9", "#fdf0e3"],
        ),
    ),
    (
        "mint",
        colour(
            ["#8fd0b9", "#4f9a80", "#d0f0e4", "#e8734f"],
            ["#f9dcd6", "#fdeeea"],
        ),
    ),
    (
        "lilac",
        colour(
            ["#a58fd0", "#6f589f", "#d9ccf0", "#f2c14e"],
            ["#e6efd2", "#f3f8e6"],
        ),
    ),
    (
        "sand",
        colour(
            ["#dcc29a", "#ad8c5d", "#f5e6cb", "#4f7f8a"],
            ["#cfdde6", "#e4edf2"],
        ),
    ),
    (
        "orange",
        colour(
            ["#ee8a3c", "#b55a17", "#fbc695", "#3d6f80"],
            ["#d3e6ea", "#e7f3f5"],
        ),
    ),
];

#[cfg(test)]
pub const NAMES: [&str; 16] = {
    let mut names = [""; 16];
    let mut at = 0;
    while at < 16 {
        names[at] = COLOURS[at].0;
        at += 1;
    }
    names
};

pub fn named(name: &str) -> Option<&'static Palette> {
    COLOURS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, palette)| palette)
}

const fn colour([main, dark, light, accent]: [&'static str; 4], backdrop: [&'static str; 2]) -> Palette {
    Palette {
        main,
        dark,
        light,
        accent,
        backdrop,
    }
}
