//! What a bicycle wears, and its rider.

use super::draw::Motif;

pub const MOTIFS: &[Motif] = &[
    Motif::standing(
        "helmet",
        r##"<path class="sk" stroke-width="7" d="M118 256 Q150 320 196 336 M286 256 Q256 316 206 336"/><path class="k" d="M186 326 h30 v16 h-30z"/><path class="d" d="M62 246 Q200 222 340 240 L352 260 Q200 250 60 270Z"/><path class="m" d="M66 250 Q64 100 206 96 Q336 98 340 244 Q200 224 66 250Z"/><path class="l" d="M82 232 Q86 132 168 112 Q120 152 112 228Z" opacity=".6"/><path class="k" opacity=".75" d="M150 118 Q168 108 186 110 L178 178 Q156 180 140 186Z M216 110 Q240 112 254 122 L262 184 Q240 178 214 178Z M282 146 Q304 172 310 210 L286 202 Q284 170 274 146Z"/><path class="d" d="M52 252 Q44 272 64 276 Q90 264 118 260 L110 244Z"/><path class="c" d="M304 216 h26 v8 h-26z"/>"##,
    ),
    Motif::standing(
        "bike-light",
        r##"<path fill="url(#glow)" d="M116 150 L0 70 V290 L116 220Z"/><path class="k" d="M112 134 H236 Q250 134 250 150 V220 Q250 236 236 236 H112Z"/><path class="t" d="M92 126 H120 V244 H92 Q84 186 92 126Z"/><path fill="#fff6cf" d="M94 138 H104 V232 H94 Q88 186 94 138Z"/><path class="sk" stroke-width="13" d="M180 236 V262 Q180 290 206 290 T232 262 V236"/><circle fill="#8ee3a0" cx="226" cy="158" r="6"/><g transform="translate(84 108)"><circle fill="#ff6b5a" opacity=".25" cx="206" cy="176" r="62"/><path class="k" d="M164 140 H250 Q258 140 258 150 V224 Q258 232 250 232 H164 Q156 232 156 224 V150 Q156 140 164 140Z"/><path fill="#d9372b" d="M168 152 H246 V220 H168Z"/><path fill="#ff8f80" d="M178 162 h24 v20 h-24z M212 162 h24 v20 h-24z M178 190 h24 v20 h-24z M212 190 h24 v20 h-24z"/></g>"##,
    ),
    Motif::standing(
        "bell",
        r##"<path class="su" stroke-width="18" d="M84 332 H316"/><path class="k" d="M174 296 h52 v44 h-52z"/><path class="sk" stroke-width="13" d="M266 282 Q330 280 336 230"/><circle class="k" cx="336" cy="224" r="16"/><path class="d" d="M74 282 Q200 316 326 282 L318 296 Q200 326 82 296Z"/><path class="m" d="M72 284 Q76 110 200 106 Q324 110 328 284 Q200 316 72 284Z"/><path class="l" d="M94 264 Q100 146 176 126 Q132 168 126 274Z" opacity=".7"/><circle class="d" cx="200" cy="104" r="15"/><circle class="l" cx="196" cy="100" r="5"/><path class="sa" stroke-width="6" d="M52 148 q-18 24 -16 56 M348 136 q18 18 20 44 M84 98 q-12 8 -18 20"/>"##,
    ),
    Motif::standing(
        "lock",
        r##"<path class="sm" stroke-width="30" d="M136 232 Q40 190 66 118 Q98 42 200 48 Q304 42 334 118 Q360 190 264 232"/><path class="sd" stroke-width="30" stroke-dasharray="4 30" stroke-linecap="butt" style="stroke-linecap:butt" d="M136 232 Q40 190 66 118 Q98 42 200 48 Q304 42 334 118 Q360 190 264 232"/><path class="k" d="M122 206 H278 Q294 206 294 222 V320 Q294 340 274 340 H126 Q106 340 106 320 V222 Q106 206 122 206Z"/><path fill="#45424d" d="M118 218 H140 V328 H132 Q118 328 118 314Z"/><circle fill="#e3c17a" cx="200" cy="262" r="23"/><path class="k" d="M194 254 a7 7 0 1 1 12 0 l4 24 h-20z"/>"##,
    ),
    Motif::standing(
        "pannier",
        r##"<path class="su" stroke-width="11" d="M52 132 H348 M88 132 V104 H312 V132"/><path class="k" d="M120 126 h26 v36 h-26z M254 126 h26 v36 h-26z"/><path class="d" d="M88 158 H312 L326 322 Q328 340 308 340 H92 Q72 340 74 322Z"/><path class="m" d="M80 150 H320 V226 Q200 262 80 226Z"/><path class="l" d="M92 156 H116 V230 L92 224Z" opacity=".5"/><path class="k" d="M142 226 h16 v70 h-16z M242 226 h16 v70 h-16z"/><path fill="#e3c17a" d="M138 266 h24 v18 h-24z M238 266 h24 v18 h-24z"/><path class="c" d="M172 274 L200 252 L228 274 V306 H172Z"/><path class="sm" stroke-width="4" d="M174 276 L200 294 L226 276"/><path class="t" d="M92 316 h40 v9 h-40z M268 316 h40 v9 h-40z"/>"##,
    ),
    Motif::standing(
        "pump",
        r##"<path class="sk" stroke-width="9" d="M222 300 Q350 320 330 210 Q316 150 262 164"/><path class="t" d="M244 156 h28 v16 h-28z"/><path class="st" stroke-width="9" d="M190 74 V140"/><path class="k" d="M118 52 H262 Q274 52 274 66 T262 80 H118 Q106 80 106 66 T118 52Z"/><path class="m" d="M168 132 H212 V316 H168Z"/><path class="l" d="M174 138 h10 v172 h-10z" opacity=".6"/><path class="d" d="M162 126 h56 v18 h-56z"/><path class="k" d="M88 330 Q90 306 150 304 H232 Q292 306 294 330 V340 H88Z"/><circle class="t" cx="190" cy="276" r="36"/><circle class="c" cx="190" cy="276" r="29"/><path class="sk" stroke-width="3" d="M170 284 a22 22 0 0 1 40 0"/><path class="st" style="stroke:#d9372b" stroke-width="4" d="M190 280 L204 262"/>"##,
    ),
    Motif::standing(
        "saddle",
        r##"<path class="su" stroke-width="9" d="M112 230 Q150 290 214 286 Q280 280 320 240"/><path class="t" d="M188 270 h38 v70 h-38z"/><path class="u" d="M180 262 h54 v18 h-54z"/><path class="sk" stroke-width="6" d="M96 206 q-20 34 2 56 q8 6 18 2"/><path class="d" d="M56 172 Q80 250 150 236 Q240 232 352 206 L350 190Z"/><path class="m" d="M54 166 Q64 118 122 130 Q200 152 340 168 Q362 172 358 188 Q352 204 320 204 Q226 210 150 224 Q72 230 54 166Z"/><path class="l" d="M74 162 Q84 138 122 144 Q190 160 260 170 Q150 176 84 190Z" opacity=".6"/><g fill="#e3c17a"><circle cx="76" cy="182" r="5"/><circle cx="84" cy="158" r="5"/><circle cx="100" cy="206" r="5"/><circle cx="342" cy="184" r="5"/></g>"##,
    ),
    Motif::standing(
        "basket",
        r##"<g><path fill="#e8b36b" d="M226 150 L292 56 q18 -8 22 12 L268 160Z"/><path fill="#c98f4a" d="M258 110 l22 8 M272 92 l20 8" stroke="#fff0c0" stroke-width="4"/><circle fill="#e28ab0" cx="140" cy="122" r="17"/><circle fill="#f6cf6a" cx="172" cy="102" r="15"/><circle fill="#fff" cx="108" cy="138" r="13"/><path class="sg" stroke-width="5" d="M142 136 L156 180 M172 116 L170 180 M110 150 L140 180"/></g><path class="v" d="M72 168 H328 V184 H72Z"/><path class="w" d="M80 182 H320 L298 324 Q296 340 278 340 H122 Q104 340 102 324Z"/><g fill="none" stroke="#9a6536" stroke-width="5"><path d="M86 212 H314 M92 244 H308 M96 276 H304 M100 308 H300"/></g><g fill="none" stroke="#e0b080" stroke-width="6" stroke-dasharray="15 15"><path d="M84 198 H316 M104 228 H312 M92 260 H308 M114 292 H304 M102 324 H300"/></g><path class="k" d="M136 160 h16 v56 h-16z M248 160 h16 v56 h-16z" opacity=".8"/>"##,
    ),
    Motif::standing(
        "multitool",
        r##"<g class="t"><path d="M108 232 L82 76 q12 -14 24 2 L140 226Z"/><path d="M176 222 V60 h14 l6 16 V222Z"/><path d="M226 222 L262 86 l18 -12 l4 18 L250 230Z"/><path d="M264 240 L352 140 l16 8 l-4 16 L280 256Z"/></g><g class="u"><path d="M78 72 h24 v16 h-24z" transform="rotate(-8 90 80)"/><path d="M352 136 l20 10 l-8 20 l-20 -12z"/></g><path class="k" d="M86 222 H302 Q322 222 322 244 V310 Q322 334 300 334 H88 Q66 334 66 310 V244 Q66 222 86 222Z"/><path class="m" d="M96 234 H292 Q310 234 310 250 V304 Q310 322 294 322 H94 Q78 322 78 304 V250 Q78 234 96 234Z"/><path class="l" d="M96 240 H288 v14 H92z" opacity=".5"/><circle class="t" cx="112" cy="280" r="16"/><circle class="t" cx="276" cy="280" r="16"/><path class="sk" stroke-width="4" d="M104 272 l16 16 M268 288 l16 -16"/><path class="sc" stroke-width="5" d="M160 280 q10 -14 20 0 t20 0 t20 0"/>"##,
    ),
    Motif::standing(
        "rain-cape",
        r##"<path class="d" d="M146 128 Q150 52 200 50 Q250 52 254 128 Q200 152 146 128Z"/><path class="k" d="M166 124 Q168 80 200 78 Q232 80 234 124 Q200 140 166 124Z" opacity=".75"/><path class="m" d="M146 120 Q200 150 254 120 Q318 178 346 318 Q312 352 272 326 Q236 354 200 328 Q164 354 128 326 Q88 352 54 318 Q82 178 146 120Z"/><path class="l" d="M140 140 Q96 200 82 312 Q72 318 66 314 Q92 186 140 140Z" opacity=".6"/><path class="sd" stroke-width="4" opacity=".7" d="M200 142 V326 M158 146 Q136 220 130 322 M242 146 Q264 220 270 322"/><g class="t"><path d="M78 276 q60 20 122 8 t122 -8 l4 16 q-64 22 -126 10 t-126 -10z"/></g><g fill="#7fb4d8"><path d="M66 90 q10 18 0 24 q-10 -6 0 -24z M330 70 q10 18 0 24 q-10 -6 0 -24z M318 138 q10 18 0 24 q-10 -6 0 -24z M96 36 q10 18 0 24 q-10 -6 0 -24z"/></g>"##,
    ),
];
