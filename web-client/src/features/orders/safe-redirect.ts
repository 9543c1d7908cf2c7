/** Where a payment sends the shopper: a page by https, or one of this shop (the sandbox's). Nothing that runs as a script. */
export function safeRedirect(url: string | null | undefined, here: string): string | null {
  if (!url) return null;
  try {
    const target = new URL(url, here);
    const isOurs = target.origin === new URL(here).origin && target.protocol.startsWith('http');
    return target.protocol === 'https:' || isOurs ? target.href : null;
  } catch {
    return null;
  }
}
