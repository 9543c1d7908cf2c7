//! Headphones and what else sounds.

use super::draw::Motif;

pub const MOTIFS: &[Motif] = &[
    Motif::standing(
        "headphones",
        r##"<path class="sd" stroke-width="24" d="M92 236 Q84 76 200 72 Q316 76 308 236"/><path class="sl" stroke-width="8" opacity=".6" d="M100 196 Q106 92 200 84"/><path class="st" stroke-width="9" d="M92 214 V244 M308 214 V244"/><path class="k" d="M112 214 q34 -4 38 30 v52 q-4 34 -38 30z M288 214 q-34 -4 -38 30 v52 q4 34 38 30z"/><path class="m" d="M112 208 V332 Q62 330 60 270 Q62 210 112 208Z M288 208 V332 Q338 330 340 270 Q338 210 288 208Z"/><path class="l" d="M104 218 V240 Q76 244 74 290 Q64 236 104 218Z" opacity=".6"/><circle class="d" cx="90" cy="270" r="13"/><circle class="d" cx="310" cy="270" r="13"/>"##,
    ),
    Motif::standing(
        "earbuds",
        r##"<path class="m" d="M92 262 Q92 216 140 214 H260 Q308 216 308 262 V290 Q306 340 252 340 H148 Q94 340 92 290Z"/><path class="d" d="M92 258 H308 V266 H92Z"/><path class="l" d="M106 262 Q108 232 142 228 Q122 246 124 318 Q106 306 106 288Z" opacity=".6"/><circle fill="#8ee3a0" cx="200" cy="296" r="5"/><g><path class="m" d="M124 116 q34 -30 56 0 q14 26 -10 42 l-8 60 q-10 12 -20 0 l-4 -50 q-32 -14 -14 -52z"/><path class="k" d="M122 122 q-16 10 -12 28 q8 12 20 6z"/><path class="l" d="M134 118 q20 -16 34 -4 q-20 2 -24 20z" opacity=".7"/></g><g transform="matrix(-1 0 0 1 400 0)"><path class="m" d="M124 116 q34 -30 56 0 q14 26 -10 42 l-8 60 q-10 12 -20 0 l-4 -50 q-32 -14 -14 -52z"/><path class="k" d="M122 122 q-16 10 -12 28 q8 12 20 6z"/></g><path class="sa" stroke-width="4" d="M84 96 q-14 12 -14 34 M316 96 q14 12 14 34"/>"##,
    ),
    Motif::standing(
        "radio",
        r##"<path class="st" stroke-width="5" d="M292 166 L340 50"/><circle class="u" cx="340" cy="50" r="6"/><path class="sk" stroke-width="9" d="M140 168 Q142 118 200 118 Q258 118 260 168"/><path class="v" d="M58 164 H342 Q358 164 358 182 V316 Q358 334 342 334 H58 Q42 334 42 316 V182 Q42 164 58 164Z"/><path class="w" d="M62 170 H338 Q350 170 350 184 V312 Q350 326 338 326 H62 Q50 326 50 312 V184 Q50 170 62 170Z"/><circle fill="#f4e6cd" cx="130" cy="248" r="62"/><g fill="#7a5a3a"><circle cx="130" cy="248" r="5"/><circle cx="130" cy="226" r="5"/><circle cx="130" cy="270" r="5"/><circle cx="108" cy="248" r="5"/><circle cx="152" cy="248" r="5"/><circle cx="114" cy="232" r="5"/><circle cx="146" cy="264" r="5"/><circle cx="146" cy="232" r="5"/><circle cx="114" cy="264" r="5"/><circle cx="130" cy="204" r="5"/><circle cx="130" cy="292" r="5"/><circle cx="86" cy="248" r="5"/><circle cx="174" cy="248" r="5"/></g><path fill="#fff2cf" d="M214 196 H332 V240 H214Z"/><path class="sk" stroke-width="2.5" d="M224 226 H322 M232 218 v8 M250 214 v12 M268 218 v8 M286 214 v12 M304 218 v8"/><path class="st" stroke-width="4" style="stroke:#e2574c" d="M276 202 V236"/><circle class="k" cx="238" cy="284" r="22"/><circle class="k" cx="306" cy="284" r="22"/><path class="st" stroke-width="4" d="M238 284 L228 270 M306 284 L316 270"/><path class="k" d="M72 334 h30 v8 h-30z M298 334 h30 v8 h-30z"/>"##,
    ),
    Motif::standing(
        "speaker",
        r##"<path class="sk" stroke-width="9" d="M168 92 Q170 56 200 56 Q230 56 232 92"/><path class="m" d="M104 150 Q106 88 200 86 Q294 88 296 150 V276 Q294 338 200 340 Q106 338 104 276Z"/><path class="l" d="M118 152 Q122 108 164 100 Q136 126 138 296 Q118 292 118 270Z" opacity=".55"/><circle class="k" cx="200" cy="226" r="78"/><circle fill="#45424d" cx="200" cy="226" r="62"/><circle class="d" cx="200" cy="226" r="34"/><circle class="l" cx="192" cy="216" r="12" opacity=".7"/><circle class="c" cx="172" cy="122" r="6"/><circle class="c" cx="200" cy="120" r="6"/><circle class="c" cx="228" cy="122" r="6"/><path class="sa" stroke-width="5" d="M322 176 q22 46 0 96 M78 176 q-22 46 0 96"/>"##,
    ),
    Motif::standing(
        "speaker-pair",
        r##"<g id="one"><path class="d" d="M60 108 H186 V340 H60Z"/><path class="m" d="M66 114 H180 V334 H66Z"/><path class="l" d="M66 114 H90 V334 H66Z" opacity=".45"/><circle class="k" cx="123" cy="160" r="24"/><circle fill="#5a5763" cx="123" cy="160" r="11"/><circle class="k" cx="123" cy="256" r="50"/><circle fill="#45424d" cx="123" cy="256" r="40"/><circle fill="#75717f" cx="123" cy="256" r="15"/></g><use href="#one" x="154"/><circle fill="#8ee3a0" cx="277" cy="322" r="4"/>"##,
    ),
    Motif::standing(
        "turntable",
        r##"<path class="v" d="M40 262 L82 176 H318 L360 262Z"/><path class="w" d="M44 258 L86 174 H314 L356 258Z"/><path class="v" d="M40 260 H360 V318 Q360 326 352 326 H48 Q40 326 40 318Z"/><path class="k" d="M62 326 h36 v14 h-36z M302 326 h36 v14 h-36z"/><ellipse class="k" cx="178" cy="218" rx="104" ry="37"/><g fill="none" stroke="#4b4854" stroke-width="2"><ellipse cx="178" cy="218" rx="88" ry="31"/><ellipse cx="178" cy="218" rx="72" ry="25"/><ellipse cx="178" cy="218" rx="56" ry="19"/></g><ellipse fill="#e2574c" cx="178" cy="218" rx="34" ry="12"/><ellipse class="c" cx="178" cy="218" rx="5" ry="2.5"/><path class="i" d="M90 206 q34 -22 80 -24 l4 18 q-36 2 -56 14z" opacity=".2"/><path class="st" stroke-width="6" d="M310 190 L296 222 L230 234"/><circle class="u" cx="312" cy="186" r="12"/><path class="k" d="M222 228 l18 -2 l2 12 l-18 4z"/><circle fill="#ffb866" cx="66" cy="292" r="6"/><circle class="t" cx="322" cy="292" r="11"/>"##,
    ),
    Motif::standing(
        "headphone-stand",
        r##"<path class="v" d="M124 328 H276 V342 H124Z"/><path class="w" d="M182 330 Q188 270 172 252 Q140 224 142 170 Q146 98 206 96 Q258 100 258 152 Q262 168 274 190 Q278 200 264 204 Q266 236 252 242 Q236 246 226 246 Q220 280 226 330Z"/><path class="v" opacity=".4" d="M162 170 q20 -50 60 -46 M172 206 q10 40 30 50 M166 188 q30 -36 74 -24"/><path class="sk" stroke-width="15" d="M134 216 Q104 70 206 66 Q292 70 268 168"/><path class="k" d="M116 178 q30 -8 36 24 v34 q-6 28 -34 20 q-22 -38 -2 -78z"/><path fill="#7b8aa8" d="M112 182 q20 -4 22 24 v20 q-2 24 -20 22 q-18 -30 -2 -66z"/>"##,
    ),
    Motif::standing(
        "microphone",
        r##"<path class="k" d="M124 326 H276 Q284 326 284 342 H116 Q116 326 124 326Z"/><path class="su" stroke-width="11" d="M200 326 V286"/><path class="su" stroke-width="9" d="M126 180 V204 Q128 286 200 288 Q272 286 274 204 V180"/><path class="m" d="M148 178 H252 V210 Q250 262 200 264 Q150 262 148 210Z"/><path class="t" d="M148 178 V116 Q150 64 200 62 Q250 64 252 116 V178Z"/><g stroke="#8d929e" stroke-width="2.5" fill="none"><path d="M148 100 H252 M148 122 H252 M148 144 H252 M166 82 H234 M174 70 V178 M200 62 V178 M226 70 V178"/></g><path class="d" d="M144 166 H256 V184 H144Z"/><circle fill="#ff7d6b" cx="200" cy="216" r="7"/><path class="l" d="M158 190 h14 v40 q-12 -6 -14 -22z" opacity=".6"/><path class="sa" stroke-width="5" d="M306 96 q22 36 0 74 M94 96 q-22 36 0 74"/>"##,
    ),
];
