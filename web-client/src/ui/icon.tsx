// The few signs that the shop uses, drawn on one grid of 24 and in one stroke.
const PATHS = {
  search: <path d="M10.5 18a7.5 7.5 0 1 1 0-15 7.5 7.5 0 0 1 0 15Zm5.4-2.1L21 21" />,
  basket: <path d="M3 9h18l-1.8 9.6a2 2 0 0 1-2 1.6H6.8a2 2 0 0 1-2-1.6L3 9Zm5 0 3-5.5M16 9l-3-5.5M9 13v3.5M15 13v3.5" />,
  person: <path d="M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4Zm-8 8.4c.8-3.6 4-5.4 8-5.4s7.2 1.8 8 5.4" />,
  bell: <path d="M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10Zm4 10a2.2 2.2 0 0 0 4 0" />,
  crate: <path d="M4 8.5 12 4l8 4.5v7L12 20l-8-4.5v-7Zm0 0 8 4.5 8-4.5M12 13v7" />,
  sliders: <path d="M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5" />,
  minus: <path d="M5 12h14" />,
  plus: <path d="M5 12h14M12 5v14" />,
  cross: <path d="m6 6 12 12M18 6 6 18" />,
  tick: <path d="m4.5 12.5 5 5 10-11" />,
  pin: <path d="M12 21s-7-6.2-7-11.3a7 7 0 0 1 14 0C19 14.8 12 21 12 21Zm0-8.8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z" />,
  key: <path d="M14.5 13.5a5 5 0 1 0-4-4L3 17v4h4l1-1v-2h2v-2h2l2.5-2.5ZM16 8h.01" />,
  letter: <path d="M3.5 6h17v12h-17V6Zm0 1 8.5 6.5L20.5 7" />,
} as const;

export function Icon({ of }: { of: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      {PATHS[of]}
    </svg>
  );
}
