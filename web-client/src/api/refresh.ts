// Getting a new access token for the refresh cookie. Plain fetch, since this happens below the GraphQL client.
import type { Session, Tokens } from './session';

const REFRESH =
  'mutation Refresh { refreshTokens(input: {}) { tokens { accessToken accessTokenExpiresAt } userErrors { code } } }';

interface RefreshAnswer {
  data?: { refreshTokens?: { tokens: Tokens | null } | null } | null;
}

/** Since when a refresh is under way, in whichever tab. */
const STARTED = 'lavka.refreshStarted';
/** How long one that nobody waits for any more may take to bring its cookie. */
const PATIENCE_MS = 2_000;

/**
 * Refreshes the session. A refusal ends it; an unreachable shop doesn't: the cookie may still be good.
 *
 * A refresh token may be used once; a second time looks like theft and ends the session. So tabs of one browser, which share
 * the cookie, take turns. And a page that is left or reloaded in the middle must not leave the old token to its successor:
 * the request outlives the page (`keepalive`), and the successor lets it come to its end before it asks by itself.
 */
export async function refresh(session: Session): Promise<void> {
  const exchange = async () => {
    const rest = Number(localStorage.getItem(STARTED)) + PATIENCE_MS - Date.now();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(rest, PATIENCE_MS)));
    localStorage.setItem(STARTED, String(Date.now()));
    let response: Response;
    try {
      response = await fetch('/graphql', {
        method: 'POST',
        keepalive: true,
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: REFRESH }),
      });
    } catch {
      return;
    } finally {
      localStorage.removeItem(STARTED);
    }
    const answer = (await response.json().catch(() => null)) as RefreshAnswer | null;
    const payload = answer?.data?.refreshTokens;
    if (payload?.tokens) session.begin(payload.tokens);
    else if (payload) session.end();
  };
  if (navigator.locks) await navigator.locks.request('lavka.refresh', exchange);
  else await exchange();
}
