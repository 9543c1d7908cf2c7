//! Backpacks and bags.

use super::draw::Motif;

pub const MOTIFS: &[Motif] = &[
    Motif::standing(
        "backpack",
        r##"<path class="sk" stroke-width="10" d="M172 84 Q174 52 200 52 Q226 52 228 84"/><path class="d" d="M86 190 Q66 200 70 300 Q72 322 94 322 V190Z M314 190 Q334 200 330 300 Q328 322 306 322 V190Z"/><path class="m" d="M94 168 Q98 80 200 78 Q302 80 306 168 V312 Q306 340 276 340 H124 Q94 340 94 312Z"/><path class="l" d="M108 170 Q112 106 166 92 Q134 120 132 190 V320 Q108 322 108 302Z" opacity=".5"/>
<path class="sk" stroke-width="3.5" opacity=".6" d="M106 176 Q122 126 200 124 Q278 126 294 176"/><path class="d" d="M124 222 Q124 206 140 206 H260 Q276 206 276 222 V318 Q276 330 262 330 H138 Q124 330 124 318Z"/><path class="m" d="M124 222 Q124 206 140 206 H260 Q276 206 276 222 V246 Q200 262 124 246Z"/><path class="k" d="M190 240 h20 v30 q-10 8 -20 0z"/><path class="c" d="M172 146 h56 v30 h-56z" opacity=".9"/><path class="sa" stroke-width="4" d="M184 161 h32"/>"##,
    ),
    Motif::standing(
        "rolltop",
        r##"<path class="sk" stroke-width="8" d="M128 118 Q112 160 118 210 M272 118 Q288 160 282 210"/><path class="d" d="M112 104 H288 Q300 104 300 116 T288 130 H112 Q100 130 100 116 T112 104Z"/><path class="m" d="M106 84 H294 Q304 84 304 95 T294 108 H106 Q96 108 96 95 T106 84Z"/><path class="m" d="M108 128 H292 L306 312 Q308 340 278 340 H122 Q92 340 94 312Z"/><path class="l" d="M118 134 H142 L130 330 Q106 328 108 306Z" opacity=".5"/><path class="d" d="M92 290 Q200 308 308 290 L306 314 Q308 340 278 340 H122 Q92 340 94 314Z"/>
<path class="k" d="M192 82 h16 v88 h-16z"/><path class="t" d="M184 150 h32 v22 h-32z"/><path class="sk" stroke-width="4" opacity=".55" d="M134 216 H266 M140 226 l4 8"/><path class="c" opacity=".9" d="M226 250 h40 v22 h-40z"/>"##,
    ),
    Motif::standing(
        "duffel",
        r##"<path class="sv" stroke-width="12" d="M136 210 Q138 96 200 96 Q262 96 264 210"/><path class="m" d="M52 238 Q54 178 112 176 H288 Q346 178 348 238 V296 Q346 340 300 340 H100 Q54 340 52 296Z"/><path class="l" d="M66 240 Q70 196 112 190 Q88 216 90 320 Q66 312 66 290Z" opacity=".5"/><path class="sk" stroke-width="4" opacity=".6" d="M80 186 Q200 204 320 186"/><path class="v" d="M122 182 h28 V340 h-28z M250 182 h28 V340 h-28z"/><path class="w" d="M122 208 h28 v40 h-28z M250 208 h28 v40 h-28z"/><circle fill="#e3c17a" cx="136" cy="228" r="5"/><circle fill="#e3c17a" cx="264" cy="228" r="5"/><path class="d" d="M52 306 H348 Q346 340 300 340 H100 Q54 340 52 306Z" opacity=".8"/><path class="c" opacity=".9" d="M176 254 h48 v26 h-48z"/>"##,
    ),
    Motif::standing(
        "tote",
        r##"<path class="sd" stroke-width="12" d="M144 186 Q140 66 200 66 Q260 66 256 186"/><g><path fill="#e8b36b" d="M222 176 q40 -70 58 -62 t-14 66z"/><path class="g" d="M148 180 q-30 -52 -4 -66 q10 22 14 34 q2 -30 22 -40 q8 30 -8 72z"/><circle fill="#e2574c" cx="196" cy="168" r="20"/></g><path class="m" d="M98 176 H302 L318 322 Q320 340 302 340 H98 Q80 340 82 322Z"/><path class="l" d="M108 182 H132 L120 332 Q94 332 96 318Z" opacity=".5"/><path class="sd" stroke-width="3" opacity=".7" d="M98 190 H302"/><path class="k" opacity=".75" d="M200 226 q-14 -20 -32 -6 q-16 16 32 62 q48 -46 32 -62 q-18 -14 -32 6z"/>"##,
    ),
    Motif::standing(
        "trail-pack",
        r##"<path fill="#e8a24c" d="M110 62 H290 Q304 62 304 78 T290 94 H110 Q96 94 96 78 T110 62Z"/><circle fill="#c57f2f" cx="296" cy="78" r="13"/><path class="k" d="M126 58 h10 v40 h-10z M264 58 h10 v40 h-10z"/><path class="d" d="M72 200 q-14 6 -12 66 q0 28 26 30 V200z M328 200 q14 6 12 66 q0 28 -26 30 V200z"/><path class="m" d="M94 178 Q94 104 200 100 Q306 104 306 178 V312 Q306 340 278 340 H122 Q94 340 94 312Z"/><path class="l" d="M106 178 Q110 126 156 114 Q130 136 130 196 V322 Q106 322 106 304Z" opacity=".5"/>
<path class="d" d="M88 168 Q92 110 200 106 Q308 110 312 168 Q312 186 296 186 H104 Q88 186 88 168Z"/><path class="k" d="M146 176 h12 v58 h-12z M242 176 h12 v58 h-12z"/><path class="d" d="M130 234 H270 V324 Q200 336 130 324Z"/><path class="sk" stroke-width="4" opacity=".6" d="M136 250 H264"/><path class="sa" stroke-width="5" d="M148 270 L252 308 M252 270 L148 308"/>"##,
    ),
    Motif::standing(
        "hip-bag",
        r##"<path class="sk" stroke-width="17" d="M100 236 Q40 160 108 118 Q200 70 292 118 Q360 160 300 236"/><path class="t" d="M178 84 h44 v24 h-44z"/><path class="m" d="M74 232 Q78 190 132 186 H268 Q322 190 326 232 Q322 336 200 340 Q78 336 74 232Z"/><path class="l" d="M90 234 Q96 204 136 200 Q116 226 138 306 Q92 282 90 234Z" opacity=".5"/><path class="sk" stroke-width="4" d="M98 228 Q200 252 302 228"/><path class="k" d="M284 226 h12 v28 h-12z"/><path class="d" d="M128 270 Q200 288 272 270 Q262 324 200 328 Q138 324 128 270Z"/>"##,
    ),
    Motif::standing(
        "satchel",
        r##"<path class="sd" stroke-width="11" d="M156 150 Q158 98 200 98 Q242 98 244 150"/><path class="d" d="M66 160 H334 V318 Q334 340 312 340 H88 Q66 340 66 318Z"/><path class="m" d="M66 164 Q66 144 86 144 H314 Q334 144 334 164 V244 Q332 266 300 268 H100 Q68 266 66 244Z"/><path class="l" d="M78 160 H104 V256 Q80 254 78 240Z" opacity=".5"/><path fill="none" stroke="#fff6e6" stroke-width="2.5" stroke-dasharray="7 6" opacity=".7" d="M78 156 H322 V242 Q320 256 298 257 H102 Q80 256 78 242Z"/><path class="k" d="M112 230 h28 v76 h-28z M260 230 h28 v76 h-28z" opacity=".85"/><path fill="#e3c17a" d="M106 272 h40 v26 h-40z M254 272 h40 v26 h-40z"/><path class="k" d="M116 280 h20 v10 h-20z M264 280 h20 v10 h-20z"/>"##,
    ),
    Motif::standing(
        "sleeve",
        r##"<path class="u" d="M92 156 L310 126 L322 180 L100 210Z"/><path class="t" d="M98 150 L306 122 Q314 122 316 130 L322 176 L104 206Z"/><path class="m" d="M70 186 L326 152 Q336 152 338 162 L352 314 Q352 326 340 328 L88 342 Q76 342 74 330L62 198 Q62 188 70 186Z"/><path class="l" d="M80 196 L110 192 L122 330 L90 332Z" opacity=".5"/><path fill="none" stroke="#fff6e6" stroke-width="3" stroke-dasharray="8 7" opacity=".8" d="M76 204 L326 170 L338 312 L88 328Z"/><path class="v" d="M186 160 l40 -6 l6 72 q-18 14 -38 4z"/><circle fill="#e3c17a" cx="211" cy="212" r="8"/>"##,
    ),
    Motif::standing(
        "drawstring",
        r##"<path class="sc" stroke-width="6" d="M150 116 Q96 200 92 318 M250 116 Q304 200 308 318"/><path class="d" d="M150 74 Q200 96 250 74 Q262 92 242 122 H158 Q138 92 150 74Z"/><path class="m" d="M160 120 H240 Q312 170 312 262 V310 Q312 340 282 340 H118 Q88 340 88 310 V262 Q88 170 160 120Z"/><path class="l" d="M164 128 h14 Q124 190 124 328 Q102 326 102 304 V262 Q104 180 164 128Z" opacity=".5"/><path class="sc" stroke-width="8" d="M156 118 q44 12 88 0"/><path class="sc" stroke-width="7" opacity=".9" d="M128 232 q18 -16 36 0 t36 0 t36 0 t36 0 M128 262 q18 -16 36 0 t36 0 t36 0 t36 0"/><circle fill="#e3c17a" cx="100" cy="322" r="7"/><circle fill="#e3c17a" cx="300" cy="322" r="7"/>"##,
    ),
];
