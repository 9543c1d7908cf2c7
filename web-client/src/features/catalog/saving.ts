/** How many per cent are saved, rounded down so that the shop never boasts; 0 if nothing is. */
export function saving(price: string, before: string | null | undefined): number {
  const [now, then] = [Number(price), Number(before ?? 0)];
  return then > now ? Math.floor((1 - now / then) * 100) : 0;
}
