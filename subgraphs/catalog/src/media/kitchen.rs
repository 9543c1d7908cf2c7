//! Kettles, cups and pots.

use super::draw::Motif;

pub const MOTIFS: &[Motif] = &[
    Motif::standing(
        "kettle",
        r##"<path class="sk" stroke-width="13" d="M132 168 Q134 66 206 66 Q276 66 276 168"/><path class="sw" stroke-width="9" d="M160 84 Q206 54 250 84"/>
<path class="m" d="M300 214 Q336 204 346 168 Q350 158 360 164 L372 172 Q378 178 372 186 Q352 258 296 270Z"/><path class="m" d="M108 212 Q118 160 204 158 Q290 160 300 212 L316 300 Q320 338 280 340 H128 Q88 338 92 300Z"/>
<path class="l" d="M122 216 Q128 184 168 174 Q142 200 132 318 Q104 318 106 296Z" opacity=".6"/><path class="d" d="M92 306 q112 22 224 0 q2 34 -36 34 h-152 q-38 0 -36 -34z"/><path class="d" d="M148 166 Q204 140 260 166 Q204 180 148 166Z"/><circle class="k" cx="204" cy="140" r="13"/>
<g class="c"><circle cx="176" cy="238" r="9"/><circle cx="216" cy="226" r="9"/><circle cx="240" cy="262" r="9"/><circle cx="194" cy="274" r="9"/></g><path class="so" stroke-width="5" d="M374 146 q-8 -16 4 -30 M390 150 q-4 -12 4 -22"/>"##,
    ),
    Motif::standing(
        "electric-kettle",
        r##"<path class="k" d="M112 326 H284 q10 0 10 14 H102 q0 -14 10 -14z"/><circle fill="#ffb866" cx="124" cy="333" r="3"/>
<path class="sm" stroke-width="13" d="M256 284 Q322 286 316 196 Q312 130 344 118"/><path class="sl" stroke-width="3" opacity=".6" d="M262 280 Q318 276 310 196"/>
<path class="m" d="M138 156 H248 L270 324 H116Z"/><path class="l" d="M146 162 H166 L152 318 H126Z" opacity=".55"/><path class="d" d="M134 144 q58 -26 118 0 l2 18 h-122z"/><circle class="k" cx="193" cy="126" r="12"/>
<path class="sk" stroke-width="16" d="M134 176 Q62 168 70 232 Q74 268 84 284"/><path class="t" d="M170 214 h50 q8 0 8 8 v24 q0 8 -8 8 h-50 q-8 0 -8 -8 v-24 q0 -8 8 -8z" opacity=".9"/><path class="sk" stroke-width="4" d="M176 236 h8 m8 0 h8 m8 0 h6"/>"##,
    ),
    Motif::standing(
        "teapot",
        r##"<path class="sd" stroke-width="16" d="M296 218 Q366 206 352 264 Q342 302 288 298"/><path class="m" d="M118 262 Q70 256 62 206 Q58 188 42 186 L48 172 Q86 172 92 206 Q98 224 128 224Z"/>
<path class="m" d="M106 256 Q106 178 204 176 Q302 178 302 256 Q300 336 204 338 Q108 336 106 256Z"/><path class="l" d="M124 250 Q128 202 172 190 Q144 224 152 306 Q122 296 124 250Z" opacity=".55"/><path class="d" d="M140 190 Q204 140 268 190 Q204 208 140 190Z"/><circle class="m" cx="204" cy="150" r="15"/><circle class="l" cx="199" cy="145" r="5"/>
<path class="sc" stroke-width="5" d="M112 268 q16 -14 31 0 t31 0 t31 0 t31 0 t31 0 t29 0"/><path class="d" d="M150 330 h108 v10 h-108z"/><path class="so" stroke-width="5" d="M44 158 q-8 -16 4 -30 q8 -12 0 -26"/>"##,
    ),
    Motif::standing(
        "mug",
        r##"<path class="sm" stroke-width="22" d="M276 204 Q346 196 342 252 Q338 302 268 300"/><path class="m" d="M100 164 H284 L274 318 Q272 340 248 340 H136 Q112 340 110 318Z"/><path class="l" d="M114 172 H140 L142 330 Q124 332 122 316Z" opacity=".55"/><path class="c" d="M104 236 H280 L277 282 H107Z" opacity=".85"/>
<ellipse class="d" cx="192" cy="166" rx="92" ry="18"/><ellipse fill="#5a3624" cx="192" cy="169" rx="80" ry="13"/><ellipse fill="#b98558" cx="180" cy="167" rx="30" ry="5"/><path class="sm" stroke-width="6" d="M122 262 l14 -12 l14 12 l14 -12 l14 12 l14 -12 l14 12 l14 -12 l14 12 l14 -12 l10 10"/><path class="so" stroke-width="6" d="M168 140 q-14 -18 0 -36 t0 -36 M216 140 q-14 -18 0 -36 t0 -30"/>"##,
    ),
    Motif::standing(
        "french-press",
        r##"<path class="sk" stroke-width="15" d="M274 172 Q342 172 338 236 Q334 288 272 290"/><path fill="#eef4f6" opacity=".85" d="M122 142 H276 V328 H122Z"/><path fill="#5a3624" d="M128 220 H270 V322 H128Z"/><path fill="#8a5a3a" d="M128 220 H270 v10 H128z"/><path class="t" d="M134 262 H264 v9 H134z"/>
<path class="st" stroke-width="5" d="M199 60 V264"/><path class="k" d="M112 126 H286 L298 142 Q270 150 112 148Z"/><path class="k" d="M142 110 q57 -20 114 0 v18 h-114z"/><circle class="k" cx="199" cy="56" r="15"/><path class="su" stroke-width="8" d="M122 148 V332 M276 148 V332 M122 188 H276 M118 332 H280"/><path class="i" d="M138 156 h18 v166 h-18z"/><path class="su" stroke-width="8" d="M134 334 v6 M264 334 v6"/>"##,
    ),
    Motif::standing(
        "moka",
        r##"<path class="sk" stroke-width="17" d="M268 136 L330 152 L316 236"/><path class="m" d="M134 128 L252 128 L272 222 H116Z M112 148 L134 128 L136 160Z"/><path class="l" d="M150 128 H186 L180 222 H136Z" opacity=".55"/><path class="d" d="M226 128 H252 L272 222 H238Z" opacity=".7"/><path class="d" d="M128 128 Q194 84 258 128Z"/><circle class="k" cx="194" cy="92" r="12"/>
<path class="u" d="M122 220 H266 V240 H122Z"/><path class="m" d="M122 240 H266 L290 330 Q290 340 278 340 H110 Q98 340 98 330Z"/><path class="l" d="M148 240 H182 L174 340 H126Z" opacity=".55"/><path class="d" d="M228 240 H266 L290 330 Q290 340 278 340 H242Z" opacity=".7"/><circle class="w" cx="256" cy="276" r="7"/><path class="so" stroke-width="6" d="M104 126 q-14 -18 0 -36 t0 -34"/>"##,
    ),
    Motif::standing(
        "grinder",
        r##"<path class="su" stroke-width="9" d="M200 106 V84 H296"/><circle class="v" cx="300" cy="72" r="17"/><path class="sv" stroke-width="10" d="M300 76 V92"/><path class="t" d="M138 182 Q138 108 200 104 Q262 108 262 182Z"/><path class="i" d="M152 178 Q154 130 184 120 Q170 148 172 178Z"/><path class="u" d="M130 178 H270 V194 H130Z"/>
<path class="w" d="M116 194 H284 L296 330 H104Z"/><path class="v" d="M98 328 H302 V342 H98Z"/><path class="v" opacity=".35" d="M124 210 q60 12 152 0 v6 q-90 12 -152 0z M118 246 q70 14 164 0 v5 q-94 14 -164 0z"/><path class="v" d="M146 260 H254 V314 H146Z"/><path fill="#dba873" d="M152 266 H248 V308 H152Z"/><circle class="t" cx="200" cy="287" r="10"/><circle class="u" cx="200" cy="287" r="4"/>"##,
    ),
    Motif::standing(
        "pan",
        r##"<path class="sk" stroke-width="26" d="M254 250 L366 176"/><circle fill="#fbe9cf" cx="352" cy="185" r="8"/><ellipse fill="#3b3a42" cx="176" cy="262" rx="140" ry="62"/><path fill="#26252c" d="M36 262 Q40 338 176 340 Q312 338 316 262 Q300 322 176 324 Q52 322 36 262Z"/><ellipse fill="#55545f" cx="176" cy="260" rx="122" ry="50"/><ellipse fill="#46454f" cx="176" cy="264" rx="116" ry="46"/>
<path fill="#fffaf0" d="M112 258 q-6 -26 30 -28 q18 -16 46 -4 q34 -4 36 18 q22 18 -8 32 q-14 22 -46 12 q-40 8 -58 -30z"/><circle fill="#ffb52e" cx="166" cy="256" r="21"/><ellipse fill="#ffd278" cx="160" cy="249" rx="8" ry="5"/><path class="g" d="M236 270 q16 -14 26 2 q-14 12 -26 -2z M96 280 q10 -12 22 0 q-10 12 -22 0z"/>"##,
    ),
    Motif::standing(
        "pot",
        r##"<path class="sd" stroke-width="15" d="M84 226 H58 Q44 228 48 246 T76 258 M316 226 H342 Q356 228 352 246 T324 258"/><path class="m" d="M78 206 H322 V302 Q322 340 284 340 H116 Q78 340 78 302Z"/><path class="l" d="M92 216 H120 V324 Q94 322 92 300Z" opacity=".55"/><path class="d" d="M78 206 H322 V222 H78Z"/><path fill="#e8f1f2" opacity=".9" d="M86 204 Q92 140 200 136 Q308 140 314 204Z"/><path class="i" d="M112 196 Q120 158 172 150 Q146 168 142 198Z"/><path class="u" d="M80 198 H320 V208 H80Z"/><circle class="k" cx="200" cy="126" r="15"/>
<path class="so" stroke-width="6" d="M150 112 q-14 -18 0 -36 t0 -30 M250 112 q-14 -18 0 -36 t0 -30"/><path class="c" opacity=".9" d="M200 250 q-16 -18 -28 0 q-4 16 28 38 q32 -22 28 -38 q-12 -18 -28 0z"/>"##,
    ),
    Motif::standing(
        "board",
        r##"<path class="v" d="M62 276 L112 188 H312 L346 276Z"/><path class="w" d="M58 268 L112 182 H312 L350 268 Q352 276 344 276 H64 Q56 276 58 268Z"/><path class="v" d="M58 272 H350 V300 Q350 306 344 306 H64 Q58 306 58 300Z"/><g class="v" opacity=".45"><path d="M132 182 L104 268 H140 L158 182Z M196 182 L186 268 H222 L222 182Z M262 182 L272 268 H306 L286 182Z"/></g><path class="k" d="M84 306 h30 v16 h-30z M294 306 h30 v16 h-30z"/>
<path fill="#e2574c" d="M128 232 a30 26 0 1 1 60 0 a30 26 0 1 1 -60 0z"/><path fill="#f28b7d" d="M136 224 q8 -14 22 -14 q-12 8 -14 18z"/><path class="g" d="M150 208 l8 -12 l8 12 l14 0 l-12 8 h-18 l-12 -8z"/><ellipse fill="#f6cf6a" cx="256" cy="236" rx="34" ry="20"/><ellipse fill="#fff0c0" cx="256" cy="234" rx="22" ry="12"/><path class="t" d="M206 166 L330 132 q10 4 4 16 L216 190Z"/><path class="k" d="M112 186 L204 162 L212 190 L124 210Z" transform="translate(0 -2)"/>"##,
    ),
    Motif::standing(
        "bottle",
        r##"<path class="k" d="M168 66 H232 Q240 66 240 76 V104 H160 V76 Q160 66 168 66Z"/><path class="u" d="M152 102 H248 V118 H152Z"/><path class="m" d="M152 118 H248 Q270 134 270 160 V318 Q270 340 248 340 H152 Q130 340 130 318 V160 Q130 134 152 118Z"/><path class="l" d="M146 160 q0 -24 16 -34 h12 q-14 14 -12 40 v160 q-16 0 -16 -16z" opacity=".6"/><path class="d" d="M130 208 H270 V222 H130Z M130 262 H270 V276 H130Z" opacity=".6"/><path class="c" d="M130 222 H270 V262 H130Z"/><path class="sm" stroke-width="6" d="M146 242 q14 -12 27 0 t27 0 t27 0 t27 0"/>"##,
    ),
];
