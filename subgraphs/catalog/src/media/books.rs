//! Books: each cover is composed from its seed, so that a shelf of them doesn't look like one book twelve times.

use super::draw::Motif;

/// The cover's picture is put where `{cover}` stands, on a field of 176 × 248 at (112, 84).
pub const MOTIFS: &[Motif] = &[
    Motif::standing(
        "book",
        r##"<path fill="#e9e1d2" d="M118 344 L302 344 L318 328 V84 L300 72 Z"/><path fill="#fffaf0" d="M296 76 L316 88 V330 L296 340Z"/><g stroke="#d8cdb8" stroke-width="1.6"><path d="M301 80 V336 M306 83 V333 M311 86 V331"/></g><path class="d" d="M92 72 Q92 62 102 62 H120 V344 H102 Q92 344 92 334Z"/><path class="m" d="M108 62 H292 Q300 62 300 70 V336 Q300 344 292 344 H108Z"/>{cover}<path class="d" opacity=".45" d="M108 62 h10 V344 h-10z"/><path class="i" d="M118 62 h30 L128 344 h-10z" opacity=".16"/><path fill="#e2574c" d="M254 340 h16 v30 l-8 -8 l-8 8z"/>"##,
    ),
    Motif::standing(
        "book-stack",
        r##"<g><path class="m" d="M76 292 H328 Q336 292 336 300 V332 Q336 340 328 340 H76 Q64 316 76 292Z"/><path fill="#fffaf0" d="M304 300 H336 V332 H304Z"/><path fill="#5b8fb9" d="M92 246 H312 Q320 246 320 254 V284 Q320 292 312 292 H92 Q80 268 92 246Z"/><path fill="#fffaf0" d="M292 254 H320 V284 H292Z"/><path fill="#f2b134" d="M70 200 H300 Q308 200 308 208 V238 Q308 246 300 246 H70 Q58 222 70 200Z"/><path fill="#fffaf0" d="M278 208 H308 V238 H278Z"/><path fill="#6aa977" d="M100 156 H322 Q330 156 330 164 V192 Q330 200 322 200 H100 Q88 178 100 156Z"/><path fill="#fffaf0" d="M302 164 H330 V192 H302Z"/><path fill="#c94f7c" d="M84 114 H298 Q306 114 306 122 V148 Q306 156 298 156 H84 Q72 134 84 114Z"/><path fill="#fffaf0" d="M280 122 H306 V148 H280Z"/></g><g fill="none" stroke="#fff6e6" stroke-width="5" opacity=".9"><path d="M72 316 H304 M78 270 H292 M66 224 H278 M90 178 H302 M78 135 H280"/></g><g fill="none" stroke="#fff6e6" stroke-width="3" stroke-dasharray="4 12" opacity=".9"><path d="M76 326 H300 M84 280 H290 M70 234 H276 M94 188 H300 M84 145 H278"/></g><path class="c" d="M150 114 q-8 -40 8 -40 h60 q16 0 8 40z"/><path class="sc" stroke-width="9" d="M226 84 q26 -2 20 16 q-4 10 -20 8"/><path class="so" stroke-width="5" d="M176 60 q-10 -14 0 -28 M202 60 q-10 -14 0 -28"/>"##,
    ),
];

/// The picture on a cover, with two lines that stand for the title.
pub fn cover(seed: u64) -> String {
    const PICTURES: [&str; 8] = [
        // The sea with a lighthouse.
        r##"<circle fill="#ffe08a" cx="250" cy="140" r="24"/><path class="c" d="M188 150 h32 l8 108 h-48z"/><path fill="#e2574c" d="M186 180 h36 l2 24 h-40z M182 228 h44 l1 16 h-46z"/><path class="k" d="M184 134 h40 v16 h-40z"/><path class="l" d="M118 258 q22 -18 45 0 t45 0 t45 0 t47 0 V300 H118Z" opacity=".8"/><path class="c" opacity=".6" d="M118 284 q22 -18 45 0 t45 0 t45 0 t47 0 V306 H118Z"/>"##,
        // A row of houses.
        r##"<path class="c" d="M126 204 h44 v90 h-44z"/><path class="a" d="M122 206 l26 -36 l26 36z"/><path class="l" d="M174 180 h54 v114 h-54z"/><path class="k" opacity=".7" d="M170 182 l31 -40 l31 40z"/><path class="c" d="M232 212 h50 v82 h-50z"/><path class="a" d="M228 214 l29 -36 l29 36z"/><g fill="#ffe08a"><path d="M138 220 h18 v20 h-18z M188 200 h14 v20 h-14z M208 200 h14 v20 h-14z M188 236 h14 v20 h-14z M246 230 h20 v20 h-20z"/></g>"##,
        // An apple on a branch.
        r##"<path class="sk" stroke-width="6" d="M128 160 Q190 140 282 176"/><path class="j" d="M196 152 q18 -34 54 -26 q-10 34 -54 26z M150 154 q-6 -30 -32 -30 q0 28 32 30z"/><path fill="#e2574c" d="M206 192 q-48 -16 -50 38 q4 56 36 58 q10 0 14 -5 q4 5 14 5 q32 -2 36 -58 q-2 -54 -50 -38z"/><path fill="#f5a79d" d="M170 220 q6 -22 24 -20 q-18 8 -18 34z"/><path class="sk" stroke-width="5" d="M206 194 Q204 176 212 164"/>"##,
        // A planet.
        r##"<circle class="l" cx="206" cy="206" r="58"/><path class="d" d="M152 186 q54 24 110 0 l4 20 q-60 26 -118 0z M156 232 q50 20 100 0 l-8 14 q-42 14 -84 0z" opacity=".5"/><ellipse fill="none" stroke="#fff6e6" stroke-width="8" cx="206" cy="210" rx="86" ry="22" transform="rotate(-18 206 210)"/><g class="c"><circle cx="140" cy="140" r="4"/><circle cx="270" cy="150" r="5"/><circle cx="258" cy="276" r="4"/><circle cx="150" cy="280" r="3"/></g>"##,
        // A cat at a window.
        r##"<path class="c" d="M142 136 h128 v150 h-128z"/><path fill="#9fc7dd" d="M150 144 h112 v134 h-112z"/><path class="sc" stroke-width="6" d="M206 144 V278 M150 206 H262"/><circle fill="#fff3c4" cx="238" cy="172" r="15"/><path class="k" d="M170 278 q-10 -54 12 -70 l-4 -24 l18 12 h18 l18 -12 l-4 24 q24 16 12 70z"/><path class="sk" stroke-width="8" d="M240 270 q30 2 28 -34"/><path class="c" d="M134 278 h144 v14 h-144z"/>"##,
        // Bread and wheat.
        r##"<path class="v" d="M128 236 q0 -58 80 -58 t80 58 q0 34 -20 40 H148 q-20 -6 -20 -40z"/><path class="w" d="M136 232 q2 -46 72 -46 t72 46 q-4 24 -18 30 H154 q-14 -6 -18 -30z"/><path class="sc" stroke-width="6" opacity=".8" d="M170 196 q-10 20 0 44 M206 190 q-10 24 0 50 M242 196 q-10 20 0 44"/><path fill="none" stroke="#ffe08a" stroke-width="4" d="M208 166 V112"/><path fill="#ffe08a" d="M208 122 q-18 -2 -18 -18 q18 2 18 18z M208 122 q18 -2 18 -18 q-18 2 -18 18z M208 146 q-18 -2 -18 -18 q18 2 18 18z M208 146 q18 -2 18 -18 q-18 2 -18 18z"/>"##,
        // A bridge.
        r##"<circle class="c" opacity=".7" cx="206" cy="172" r="40"/><path class="sk" stroke-width="7" d="M118 244 H300"/><path class="k" d="M150 150 h12 v140 h-12z M246 150 h12 v140 h-12z"/><path class="sk" stroke-width="3.5" d="M118 214 Q140 190 156 152 Q204 262 252 152 Q268 190 300 214 M176 190 V244 M192 210 V244 M208 214 V244 M224 206 V244 M238 186 V244 M136 190 V244 M276 196 V244"/><path class="l" opacity=".7" d="M118 290 q22 -14 45 0 t45 0 t45 0 t47 0 v16 h-182z"/>"##,
        // Clouds.
        r##"<path fill="#fff" d="M140 220 a28 28 0 0 1 12 -52 a38 38 0 0 1 70 -6 a30 30 0 0 1 38 58z"/><path class="c" opacity=".8" d="M170 276 a20 20 0 0 1 8 -38 a28 28 0 0 1 52 -4 a22 22 0 0 1 28 42z"/><path class="l" opacity=".9" d="M124 152 a16 16 0 0 1 8 -30 a22 22 0 0 1 40 -4 a18 18 0 0 1 22 34z"/><circle fill="#ffe08a" cx="262" cy="130" r="20"/>"##,
    ];
    let picture = PICTURES[(seed % 8) as usize];
    format!(
        r##"{picture}<path class="sc" stroke-width="9" d="M138 94 H270"/><path class="sc" stroke-width="5" opacity=".8" d="M158 112 H250"/><path class="sc" stroke-width="4" opacity=".7" d="M176 322 H236"/>"##
    )
}
