//! Rooms for things to stand in: a wall, a table, and company on its right side.

/// The wall when the lamps are lit.
pub const EVENING: &str = "#4a4a68";

const WALLS: [&str; 6] = ["#e9dcc6", "#d3e0d6", "#d5dfe8", "#f0d9cf", "#e4dcec", "#efe6d0"];

pub fn wall(chance: u64) -> &'static str {
    WALLS[(chance >> 16) as usize % WALLS.len()]
}

pub fn room(chance: u64, evening: bool) -> String {
    let wall = if evening { EVENING } else { wall(chance) };
    let paper = match (chance >> 24) % 4 {
        0 => {
            r##"<path stroke="#fff" stroke-opacity=".22" stroke-width="12" d="M20 0V308M68 0V308M116 0V308M164 0V308M212 0V308M260 0V308M308 0V308M356 0V308"/>"##
        }
        1 => {
            r##"<g fill="#fff" opacity=".28"><circle cx="40" cy="50" r="5"/><circle cx="100" cy="110" r="5"/><circle cx="40" cy="170" r="5"/><circle cx="100" cy="230" r="5"/><circle cx="160" cy="50" r="5"/><circle cx="160" cy="170" r="5"/><circle cx="220" cy="110" r="5"/><circle cx="220" cy="230" r="5"/><circle cx="340" cy="230" r="5"/><circle cx="380" cy="50" r="5"/></g>"##
        }
        2 => {
            r##"<path fill="#fff" opacity=".2" d="M0 220H400V308H0Z"/><path fill="#fff" opacity=".4" d="M0 216H400v5H0z"/>"##
        }
        _ => "",
    };
    let view = if evening { night_window() } else { by_day(chance) };
    let company = match (chance >> 40) % 4 {
        0 => COMPANY_PLANT,
        1 => COMPANY_BOOKS,
        2 => COMPANY_CUP,
        _ => COMPANY_FRUIT,
    };
    let (table, edge) = if evening {
        ("#7d5a45", "#5c4033")
    } else {
        ("#d9ae80", "#b5855a")
    };
    let dim = if evening {
        r##"<path fill="#24223d" opacity=".28" d="M0 0H400V400H0Z"/>"##
    } else {
        ""
    };
    format!(
        r##"<path fill="{wall}" d="M0 0H400V400H0Z"/>{paper}{view}<path fill="{table}" d="M0 306H400V400H0Z"/><path fill="{edge}" d="M0 346H400V400H0Z"/><path fill="#fff" opacity=".18" d="M0 306H400v4H0z"/>{company}{dim}<ellipse class="o" cx="156" cy="309" rx="104" ry="9"/>"##
    )
}

fn by_day(chance: u64) -> &'static str {
    match (chance >> 32) % 3 {
        // A window with a hill behind it.
        0 => {
            r##"<path fill="#fffaf2" d="M238 34H372V214H238Z"/><path fill="#b9dcec" d="M248 44H362V204H248Z"/><path fill="#8fbf8c" d="M248 168q40-34 70-14t44-8V204H248Z"/><circle fill="#fff1b5" cx="334" cy="74" r="17"/><path fill="#fff" opacity=".9" d="M264 96a12 12 0 0 1 8-22a17 17 0 0 1 30 0a11 11 0 0 1 10 22z"/><path fill="#fffaf2" d="M301 44h8V204h-8zM248 120H362v8H248zM228 212H382v12H228z"/>"##
        }
        // A shelf.
        1 => {
            r##"<path fill="#a8744a" d="M226 138H384v11H226z"/><path fill="#d9503f" d="M240 84h18v54h-18z"/><path fill="#3d4f80" d="M260 74h16v64h-16z"/><path fill="#f2b630" d="M278 92h20v46h-20z"/><path fill="#4f8a67" d="M304 138l14-56l16 4l-12 52z"/><path fill="#c9714a" d="M340 112h32l-5 26h-22z"/><path fill="#5f9e6e" d="M356 112q-24-14-18-38q18 10 18 38zM356 112q22-14 18-42q-18 12-18 42z"/>"##
        }
        // A picture.
        _ => {
            r##"<path fill="#a8744a" d="M250 50H366V196H250Z"/><path fill="#fffaf2" d="M258 58H358V188H258Z"/><path fill="#c3dbe6" d="M272 74H344V172H272Z"/><circle fill="#f2b630" cx="308" cy="112" r="20"/><path fill="#3f769f" d="M272 138q18-12 36 0t36 0V172H272Z"/><path fill="#d9503f" d="M300 138l8-34l10 34z"/>"##
        }
    }
}

fn night_window() -> &'static str {
    r##"<path fill="#6c6a8a" d="M238 34H372V214H238Z"/><path fill="#23264a" d="M248 44H362V204H248Z"/><g fill="#fff3c4"><circle cx="268" cy="70" r="2"/><circle cx="290" cy="98" r="2"/><circle cx="332" cy="146" r="2"/><circle cx="346" cy="86" r="2"/><circle cx="276" cy="146" r="2"/><path d="M326 62a18 18 0 1 0 16 26a15 15 0 0 1 -16 -26z"/></g><path fill="#181a36" d="M248 176h22v-22h26v30h22v-40h24v24h20V204H248Z"/><path fill="#ffd774" d="M276 164h6v8h-6zM324 156h6v8h-6zM324 172h6v8h-6z"/><path fill="#6c6a8a" d="M301 44h8V204h-8zM248 120H362v8H248zM228 212H382v12H228z"/>"##
}

const COMPANY_PLANT: &str = r##"<ellipse class="o" cx="330" cy="311" rx="38" ry="6"/><path fill="#5f9e6e" d="M330 262q-52-14-46-66q44 8 46 66zM332 262q50-16 44-70q-44 10-44 70z"/><path fill="#3c7350" d="M331 264q-22-56 0-96q22 40 0 96z"/><path fill="#eadfce" d="M302 258H360L353 308H309Z"/><path fill="#d5c7b0" d="M298 250H364V264H298Z"/>"##;
const COMPANY_BOOKS: &str = r##"<ellipse class="o" cx="330" cy="311" rx="52" ry="6"/><path fill="#3d4f80" d="M284 290H378V308H284Z"/><path fill="#f2b630" d="M290 272H370V290H290Z"/><path fill="#d9503f" d="M286 256H362V272H286Z"/><g stroke="#fff6e6" stroke-width="2.5"><path d="M292 299H350M298 281H344M294 264H340"/></g><circle fill="none" stroke="#2e2a33" stroke-width="3.5" cx="314" cy="248" r="10"/><circle fill="none" stroke="#2e2a33" stroke-width="3.5" cx="340" cy="248" r="10"/><path fill="none" stroke="#2e2a33" stroke-width="3.5" d="M324 246q3-3 6 0M304 246l-10-7"/>"##;
const COMPANY_CUP: &str = r##"<ellipse class="o" cx="328" cy="311" rx="46" ry="6"/><path fill="none" stroke="#fffaf2" stroke-width="9" d="M352 268q26-2 22 18q-4 14-26 12"/><path fill="#fffaf2" d="M298 256H358L352 302Q350 308 342 308H314Q306 308 304 302Z"/><ellipse fill="#d9cdb9" cx="328" cy="256" rx="30" ry="6"/><ellipse fill="#6b4630" cx="328" cy="257" rx="25" ry="4"/><path fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" opacity=".7" d="M318 244q-8-11 0-22t0-20M338 244q-8-11 0-22t0-16"/>"##;
const COMPANY_FRUIT: &str = r##"<ellipse class="o" cx="328" cy="311" rx="50" ry="6"/><circle fill="#e8734f" cx="310" cy="268" r="19"/><circle fill="#f2b630" cx="344" cy="266" r="20"/><circle fill="#d9503f" cx="328" cy="252" r="18"/><path fill="#5f9e6e" d="M328 236q4-16 20-16q-2 16-20 16z"/><path fill="#6f8fa8" d="M280 270H376Q372 308 344 308H312Q284 308 280 270Z"/><path fill="#8fadc4" d="M280 270H376v7H281z"/>"##;
