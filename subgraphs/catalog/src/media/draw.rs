//! A motif, its colours and its surroundings put together.

use super::palette::Palette;
use super::{books, scene};

/// An object of 400 × 400 as SVG elements. Their classes are its colours: `m`ain, `d`ark, `l`ight and `a`ccent come from the
/// palette; `k` is ink, `t` and `u` metal, `c` cream, `w` and `v` wood, `g`, `h` and `j` leaves, `o` shadow, `i` a gleam, `y` a
/// lamp's light, `bg` what is behind. With an `s` before it, a class draws a line instead.
pub struct Motif {
    pub name: &'static str,
    shapes: &'static str,
    hangs: bool,
    lit: bool,
}

impl Motif {
    /// Stands on the line y = 340.
    pub const fn standing(name: &'static str, shapes: &'static str) -> Motif {
        Motif {
            name,
            shapes,
            hangs: false,
            lit: false,
        }
    }

    /// Hangs from y = 0.
    pub const fn hanging(name: &'static str, shapes: &'static str) -> Motif {
        Motif {
            name,
            shapes,
            hangs: true,
            lit: false,
        }
    }

    /// Shines: at home it is evening.
    pub const fn lit(self) -> Motif {
        Motif { lit: true, ..self }
    }
}

pub fn picture(motif: &Motif, palette: &Palette, seed: &str, at_home: bool) -> String {
    let chance = hash(&format!("{}/{seed}", motif.name));
    let shapes = motif.shapes.replace("{cover}", &books::cover(chance >> 8));
    let (behind, backdrop, object) = if at_home {
        let behind = if motif.lit {
            scene::EVENING
        } else {
            scene::wall(chance)
        };
        // Smaller, and to one side, where the scene has left room for it.
        let place = if motif.hangs {
            "translate(88 0) scale(.62)"
        } else {
            "translate(32 97) scale(.62)"
        };
        (
            behind,
            scene::room(chance, motif.lit),
            format!(r#"<g transform="{place}">{shapes}</g>"#),
        )
    } else {
        let [low, high] = palette.backdrop;
        (high, studio(low, high, motif.hangs, chance), shapes)
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 400\" width=\"800\" height=\"800\">{}{backdrop}{object}</svg>",
        style(palette, behind),
    )
}

/// A quiet backdrop: a field, a disc or an arch behind the object, and the ground that it stands on.
fn studio(low: &str, high: &str, hangs: bool, chance: u64) -> String {
    let field = format!(r#"<path fill="{high}" d="M0 0H400V400H0Z"/>"#);
    let shape = match chance % 3 {
        0 => format!(r#"<circle fill="{low}" cx="200" cy="196" r="168"/>"#),
        1 => format!(r#"<path fill="{low}" d="M44 400V190a156 156 0 0 1 312 0V400Z"/>"#),
        _ => format!(r#"<path fill="{low}" d="M0 236q90-54 200-26t200-20V400H0Z"/>"#),
    };
    if hangs {
        return field + &shape;
    }
    field + &shape + r#"<ellipse class="o" cx="200" cy="343" rx="158" ry="15"/>"#
}

fn style(palette: &Palette, behind: &str) -> String {
    let colours = [
        ("m", palette.main),
        ("d", palette.dark),
        ("l", palette.light),
        ("a", palette.accent),
        ("k", "#2e2a33"),
        ("t", "#c9ccd3"),
        ("u", "#8d929e"),
        ("c", "#fff6e6"),
        ("w", "#c98f5a"),
        ("v", "#9a6536"),
        ("g", "#5f9e6e"),
        ("h", "#3c7350"),
        ("j", "#8cc48f"),
    ];
    let mut css = String::new();
    for (class, colour) in colours {
        css += &format!(
            ".{class}{{fill:{colour}}}.s{class}{{fill:none;stroke:{colour};stroke-linecap:round;stroke-linejoin:round}}"
        );
    }
    css += ".o{fill:#1d1a2b;opacity:.13}.so{fill:none;stroke:#fff;stroke-linecap:round;opacity:.75}";
    css += &format!(".i{{fill:#fff;opacity:.4}}.y{{fill:url(#glow)}}.bg{{fill:{behind}}}");
    let glow = r##"<radialGradient id="glow"><stop offset="0" stop-color="#fff1b5" stop-opacity=".95"/><stop offset=".5" stop-color="#ffe6a0" stop-opacity=".45"/><stop offset="1" stop-color="#ffe6a0" stop-opacity="0"/></radialGradient>"##;
    format!("<style>{css}</style><defs>{glow}</defs>")
}

/// FNV-1a: the same on every machine and in every version, which the standard library's hasher doesn't promise.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
