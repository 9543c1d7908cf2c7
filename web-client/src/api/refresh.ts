// Getting a new access token for the refresh cookie. Plain fetch, since this happens below the GraphQL client.
import type { Session, Tokens } from './session';

const REFRESH =
  'mutation Refresh { refreshTokens(input: {}) { tokens { accessToken accessTokenExpiresAt } userErrors { code } } }';

interface RefreshAnswer {
  data?: { refreshTokens?: { tokens: Tokens | null } | null } | null;
}

/**
 * Refreshes the session. A refusal ends it; an unreachable shop doesn't: the cookie may still be good.
 * Tabs of one browser share the cookie, and a refresh token may be used once, so they take turns.
 */
export async function refresh(session: Session): Promise<void> {
  const exchange = async () => {
    let response: Response;
    try {
      response = await fetch('/graphql', {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: REFRESH }),
      });
    } catch {
      return;
    }
    const answer = (await response.json().catch(() => null)) as RefreshAnswer | null;
    const payload = answer?.data?.refreshTokens;
    if (payload?.tokens) session.begin(payload.tokens);
    else if (payload) session.end();
  };
  if (navigator.locks) await navigator.locks.request('lavka.refresh', exchange);
  else await exchange();
}
