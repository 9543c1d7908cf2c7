import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Session } from './session';

describe('a session', () => {
  beforeEach(() => localStorage.clear());

  it('begins with a guest who has nothing to refresh', () => {
    const session = new Session(localStorage);
    expect(session.accessToken).toBeNull();
    expect(session.mayRefresh).toBe(false);
  });

  it('keeps the token out of the storage', () => {
    const session = new Session(localStorage);
    session.begin({ accessToken: 'secret', accessTokenExpiresAt: '2026-01-01T00:15:00Z' });
    expect(session.accessToken).toBe('secret');
    expect(JSON.stringify({ ...localStorage })).not.toContain('secret');
    expect(new Session(localStorage).mayRefresh).toBe(true);
  });

  it('counts a token that ends in seconds as ended', () => {
    const session = new Session(localStorage);
    session.begin({ accessToken: 'a', accessTokenExpiresAt: '2026-01-01T00:15:00Z' });
    expect(session.endsSoon(Date.parse('2026-01-01T00:14:00Z'))).toBe(false);
    expect(session.endsSoon(Date.parse('2026-01-01T00:14:50Z'))).toBe(true);
  });

  it('tells who listens, until they leave', () => {
    const session = new Session(localStorage);
    const listener = vi.fn();
    const leave = session.subscribe(listener);
    session.begin({ accessToken: 'a', accessTokenExpiresAt: '2026-01-01T00:15:00Z' });
    leave();
    session.end();
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
