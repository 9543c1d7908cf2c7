import { useEffect, useRef } from 'react';

/** A row of links that is wider than a telephone shows the one that is open; looked at again for each `place`. */
export function useInView(place: unknown) {
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = row.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (!row.current || !current) return;
    // Only the row moves, not the page.
    row.current.scrollLeft = current.offsetLeft - (row.current.clientWidth - current.offsetWidth) / 2;
  }, [place]);
  return row;
}
