import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refresh } from './refresh';
import { Session } from './session';

const tokens = { accessToken: 'new', accessTokenExpiresAt: '2026-01-01T00:15:00Z' };
const answer = (refreshTokens: object) => new Response(JSON.stringify({ data: { refreshTokens } }));

describe('refreshing', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') });
    localStorage.clear();
    localStorage.setItem('lavka.signedIn', '1');
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('brings a new token', async () => {
    vi.stubGlobal('fetch', async () => answer({ tokens, userErrors: [] }));
    const session = new Session(localStorage);
    await refresh(session);
    expect(session.accessToken).toBe('new');
  });

  it('ends the session when it is refused', async () => {
    vi.stubGlobal('fetch', async () => answer({ tokens: null, userErrors: [{ code: 'TOKEN_INVALID' }] }));
    const session = new Session(localStorage);
    await refresh(session);
    expect(session.mayRefresh).toBe(false);
  });

  it('leaves the session alone when the shop does not answer', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
    const session = new Session(localStorage);
    await refresh(session);
    expect(session.mayRefresh).toBe(true);
  });

  it('lets one that its page has left come to its end first', async () => {
    const asked = vi.fn(async () => answer({ tokens, userErrors: [] }));
    vi.stubGlobal('fetch', asked);
    localStorage.setItem('lavka.refreshStarted', String(Date.now() - 500));
    const refreshed = refresh(new Session(localStorage));
    await vi.advanceTimersByTimeAsync(1_400);
    expect(asked).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    await refreshed;
    expect(asked).toHaveBeenCalledOnce();
  });

  it('does not wait for one of long ago, or of a clock that went back', async () => {
    const asked = vi.fn(async () => answer({ tokens, userErrors: [] }));
    vi.stubGlobal('fetch', asked);
    localStorage.setItem('lavka.refreshStarted', String(Date.now() - 60_000));
    await refresh(new Session(localStorage));
    localStorage.setItem('lavka.refreshStarted', String(Date.now() + 60_000));
    const refreshed = refresh(new Session(localStorage));
    await vi.advanceTimersByTimeAsync(2_000);
    await refreshed;
    expect(asked).toHaveBeenCalledTimes(2);
  });
});
