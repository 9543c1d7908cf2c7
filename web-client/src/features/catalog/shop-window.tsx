import { Link } from 'react-router';
import { useLocale } from '../../i18n/locale';

/** The front of the shop: what a passer-by sees first. */
export function ShopWindow() {
  const { t } = useLocale();
  return (
    <section className="window">
      <div className="window-text">
        <p className="window-title">{t.front.title}</p>
        <p>{t.front.text}</p>
        <p className="window-links">
          <Link className="button primary" to="/?category=lamps">
            {t.front.lamps}
          </Link>
          <Link className="button" to="/?sort=NEWEST">
            {t.front.newest}
          </Link>
        </p>
      </div>
      <svg className="window-picture" viewBox="0 0 520 300" aria-hidden="true">
        <rect x="20" y="70" width="480" height="230" fill="#8d2f1d" />
        <rect x="20" y="70" width="480" height="230" fill="#fff" opacity="0.05" />
        <rect x="52" y="110" width="268" height="160" rx="4" fill="#fbe3b4" />
        <rect x="52" y="110" width="268" height="160" rx="4" fill="url(#glow)" />
        <defs>
          <radialGradient id="glow" cx="0.32" cy="0.42" r="0.7">
            <stop offset="0" stopColor="#fff6dc" />
            <stop offset="1" stopColor="#f3cf8e" stopOpacity="0.6" />
          </radialGradient>
        </defs>
        {/* A lamp, a kettle, some books and a plant. */}
        <path d="M84 254h150v6H84zM250 190h58v5h-58z" fill="#7a4a25" />
        <g fill="none" stroke="#2a211b" strokeWidth="5" strokeLinecap="round">
          <path d="M122 252v-40l26-34" />
        </g>
        <path d="m132 166 26-18 20 28-34 16Z" fill="#2f6547" />
        <ellipse cx="122" cy="252" rx="22" ry="5" fill="#2a211b" />
        <path d="M186 252c-4-30 2-42 22-42s26 12 22 42Z" fill="#3c7a94" />
        <path d="M226 226c12-2 14-10 20-14" fill="none" stroke="#3c7a94" strokeWidth="7" strokeLinecap="round" />
        <path d="M192 212c0-22 32-22 32 0" fill="none" stroke="#2a211b" strokeWidth="5" strokeLinecap="round" />
        <circle cx="208" cy="206" r="4" fill="#2a211b" />
        <g>
          <rect x="256" y="154" width="10" height="36" fill="#b03f29" />
          <rect x="268" y="148" width="9" height="42" fill="#2f6547" />
          <rect x="279" y="158" width="11" height="32" fill="#e0a83f" />
          <path d="m294 160 8-3 11 31-8 3Z" fill="#51638c" />
        </g>
        <path d="M262 262h36l-5-30h-26Z" fill="#c96f4a" />
        <path d="M280 232c-2-16-16-22-24-20 0 12 12 20 24 20Zm0 0c0-20 14-28 24-26 0 16-12 24-24 26Zm0 0c-3-12 0-24 4-30" fill="#3f7d56" stroke="#2f6547" strokeWidth="2" />
        <path d="M52 110h268v160H52zM186 110v160" fill="none" stroke="#5f1e11" strokeWidth="6" />
        {/* The door, with its sign. */}
        <rect x="356" y="110" width="108" height="190" rx="4" fill="#5f1e11" />
        <rect x="370" y="124" width="80" height="96" rx="3" fill="#fbe3b4" />
        <circle cx="448" cy="240" r="5" fill="#e0a83f" />
        <path d="m392 150 18-16 18 16" fill="none" stroke="#7a4a25" strokeWidth="2" />
        <rect x="382" y="150" width="56" height="26" rx="4" fill="#fffdf9" />
        <text x="410" y="168" textAnchor="middle" fontSize="15" fontWeight="600" fill="#b03f29" fontFamily="Lora, Georgia, serif">
          {t.front.open}
        </text>
        {/* The awning. */}
        <path d="M30 40h460l24 56H6Z" fill="#fff6e9" />
        {Array.from({ length: 7 }, (_, index) => (
          <path key={index} d={`M${30 + index * 72} 40h36l${stripe(index, 36)} 56h-39l${stripe(index, 0)} -56Z`} fill="#b03f29" />
        ))}
        {Array.from({ length: 13 }, (_, index) => (
          <path key={index} d={`M${6 + index * 39.08} 96h39.08a19.54 17 0 0 1-39.08 0Z`} fill={index % 2 ? '#fff6e9' : '#b03f29'} />
        ))}
        <path d="M6 96h508" stroke="#5f1e11" strokeOpacity="0.25" strokeWidth="2" />
        <rect x="20" y="24" width="480" height="16" rx="3" fill="#5f1e11" />
        {/* Crates before the window. */}
        <path d="M66 268h86v32H66z" fill="#a9773f" />
        <path d="M66 279h86M66 290h86" stroke="#7a4a25" strokeWidth="3" />
        <g fill="#c9432c">
          <circle cx="80" cy="264" r="9" />
          <circle cx="98" cy="260" r="10" />
          <circle cx="118" cy="263" r="9" />
          <circle cx="137" cy="262" r="10" />
        </g>
      </svg>
    </section>
  );
}

/** The awning is wider below than above: a stripe's edge leans outwards with its distance from the middle. */
function stripe(index: number, offset: number): string {
  const top = 30 + index * 72 + offset;
  const bottom = 6 + ((top - 30) / 460) * 508;
  return offset === 0 ? String(top - bottom) : String(bottom - top);
}
