//! Lamps are drawn lit: `y` is the glow.

use super::draw::Motif;

pub const MOTIFS: &[Motif] = &[
    Motif::standing(
        "desk-lamp",
        r##"<path class="y" d="M118 168 L40 340 H232 L170 196Z"/>
<ellipse class="k" cx="262" cy="334" rx="62" ry="12"/><path class="d" d="M204 330 q4 -22 58 -22 t58 22z"/>
<path class="st" stroke-width="9" d="M262 312 L296 214 L196 128"/><path class="su" stroke-width="3" d="M274 306 L306 214 L204 122"/>
<circle class="u" cx="296" cy="214" r="13"/><circle class="t" cx="296" cy="214" r="6"/><circle class="u" cx="196" cy="128" r="10"/>
<path class="m" d="M206 112 L184 88 Q164 74 146 92 L96 152 Q92 160 100 168 L158 206 Q168 210 174 202 L208 140Z"/>
<path class="l" d="M184 88 Q164 74 146 92 L96 152 Q92 160 100 168 L112 176 L176 92Z" opacity=".6"/>
<ellipse class="c" cx="133" cy="185" rx="40" ry="11" transform="rotate(33 133 185)"/><circle fill="#fff3b8" cx="138" cy="186" r="13"/>"##,
    )
    .lit(),
    Motif::standing(
        "mushroom-lamp",
        r##"<ellipse class="y" cx="200" cy="236" rx="190" ry="120"/>
<path class="d" d="M178 190 h44 l14 134 q0 16 -36 16 t-36 -16z"/><path class="l" d="M186 190 h12 l-4 146 q-24 -2 -30 -12z" opacity=".5"/>
<path class="c" d="M92 196 q108 44 216 0 l-10 14 q-98 30 -196 0z"/>
<path class="m" d="M86 198 Q92 70 200 66 Q308 70 314 198 Q200 236 86 198Z"/><path class="l" d="M104 178 Q112 92 186 82 Q136 106 128 186Z" opacity=".65"/>
<ellipse class="d" cx="200" cy="336" rx="54" ry="9"/>"##,
    )
    .lit(),
    Motif::standing(
        "globe-lamp",
        r##"<circle class="y" cx="200" cy="200" r="190"/><path class="w" d="M140 318 h120 l14 22 h-148z"/><path class="v" d="M126 332 h148 l4 8 h-156z"/>
<circle class="c" cx="200" cy="206" r="118"/><circle fill="#f3e3bd" cx="160" cy="170" r="24"/><circle fill="#f3e3bd" cx="236" cy="226" r="34"/><circle fill="#f3e3bd" cx="232" cy="146" r="15"/><circle fill="#f3e3bd" cx="156" cy="250" r="18"/><circle fill="#f3e3bd" cx="196" cy="296" r="11"/><circle fill="#f3e3bd" cx="278" cy="178" r="10"/>
<path class="i" d="M104 200 A98 98 0 0 1 190 104 A112 112 0 0 0 116 262 Z"/>"##,
    )
    .lit(),
    Motif::standing(
        "floor-lamp",
        r##"<path class="y" d="M110 140 L40 330 H360 L290 140Z"/><path class="sw" stroke-width="9" d="M200 150 L142 336 M200 150 L258 336 M200 150 L206 322"/><path class="sv" stroke-width="4" d="M166 262 H232"/>
<path class="u" d="M188 138 h24 v26 h-24z"/><path class="m" d="M142 40 H258 L292 144 H108Z"/><path class="l" d="M142 40 H176 L160 144 H108Z" opacity=".55"/><path class="d" d="M108 138 H292 v7 H108z"/><path class="sd" stroke-width="2" opacity=".35" d="M190 42 L184 138 M222 42 L236 138 M250 42 L276 138"/>"##,
    )
    .lit(),
    Motif::standing(
        "arc-lamp",
        r##"<path class="y" d="M66 172 L10 340 H226 L176 172Z"/><ellipse fill="#efeae4" cx="298" cy="332" rx="62" ry="14"/><ellipse fill="#fff" cx="298" cy="326" rx="62" ry="13"/><path fill="none" stroke="#cfc8c2" stroke-width="2" d="M260 324 q20 8 36 0 t34 4"/>
<path class="sm" stroke-width="8" d="M298 324 V150 Q296 46 204 46 Q128 46 122 108"/><path class="sl" stroke-width="2" opacity=".8" d="M296 320 V150"/>
<path class="m" d="M60 172 Q64 104 122 104 Q180 104 184 172Z"/><path class="l" d="M72 164 Q78 116 116 112 Q92 130 92 166Z" opacity=".7"/><ellipse class="d" cx="122" cy="172" rx="62" ry="9"/><circle fill="#fff3b8" cx="122" cy="176" r="15"/>"##,
    )
    .lit(),
    Motif::hanging(
        "pendant-lamp",
        r##"<path class="y" d="M96 208 L10 392 H390 L304 208Z"/><path class="sk" stroke-width="4" d="M200 0 V86"/><path class="u" d="M184 78 h32 l6 30 h-44z"/>
<path class="m" d="M176 106 h48 Q236 136 280 166 Q306 184 308 212 H92 Q94 184 120 166 Q164 136 176 106Z"/><path class="l" d="M184 110 h10 Q184 150 146 176 Q124 190 118 206 H100 Q104 184 130 168 Q172 140 184 110Z" opacity=".6"/><ellipse class="c" cx="200" cy="212" rx="108" ry="13"/><circle fill="#fff3b8" cx="200" cy="218" r="24"/>"##,
    )
    .lit(),
    Motif::hanging(
        "paper-lantern",
        r##"<circle class="y" cx="200" cy="206" r="196"/><path class="sk" stroke-width="3" d="M200 0 V84"/><circle class="c" cx="200" cy="206" r="126"/><path class="k" d="M182 78 h36 v9 h-36z"/>
<g fill="none" stroke="#d9c49a" stroke-width="2.4" opacity=".85"><path d="M146 93 q54 16 108 0 M112 116 q88 24 176 0 M90 146 q110 28 220 0 M78 178 q122 30 244 0 M74 210 q126 30 252 0 M80 242 q120 30 240 0 M94 272 q106 28 212 0 M118 300 q82 22 164 0 M152 323 q48 12 96 0"/></g><path class="i" d="M96 196 Q104 116 170 96 Q130 140 128 220Z"/>"##,
    )
    .lit(),
    Motif::standing(
        "lantern",
        r##"<circle class="y" cx="200" cy="222" r="180"/><path class="sk" stroke-width="6" d="M142 128 Q150 44 200 44 Q250 44 258 128"/><path class="m" d="M150 128 L172 96 H228 L250 128Z"/><path class="d" d="M136 126 H264 V146 H136Z"/>
<path fill="#fff8dc" d="M150 146 H250 V282 H150Z"/><path fill="#ffd774" d="M200 178 q30 38 16 62 q-8 14 -16 14 t-16 -14 q-14 -24 16 -62z"/><path fill="#fff3c4" d="M200 210 q14 20 6 34 h-12 q-8 -14 6 -34z"/><path class="sk" stroke-width="5" d="M150 146 V282 M250 146 V282 M150 214 H250"/>
<path class="m" d="M132 282 H268 L280 330 Q282 340 270 340 H130 Q118 340 120 330Z"/><path class="l" d="M140 290 H158 L150 332 H128Z" opacity=".6"/><circle class="k" cx="200" cy="312" r="9"/>"##,
    )
    .lit(),
];
