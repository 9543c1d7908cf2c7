// Who is signed in. The access token lives in memory only; the refresh token is in a cookie that no script can
// read. What is remembered is just that there may be such a cookie, so that guests don't ask for nothing.
export interface Tokens {
  accessToken: string;
  accessTokenExpiresAt: string;
}

const MAY_HAVE_COOKIE = 'lavka.signedIn';
/** A token this close to its end counts as ended, so that it doesn't end on the way. */
const MARGIN_MS = 20_000;

export class Session {
  #tokens: Tokens | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get accessToken(): string | null {
    return this.#tokens?.accessToken ?? null;
  }

  /** Whether a refresh may give a token: somebody signed in here and didn't sign out. */
  get mayRefresh(): boolean {
    return this.#storage.getItem(MAY_HAVE_COOKIE) !== null;
  }

  endsSoon(now: number): boolean {
    return this.#tokens === null || Date.parse(this.#tokens.accessTokenExpiresAt) - now < MARGIN_MS;
  }

  begin(tokens: Tokens): void {
    this.#tokens = tokens;
    this.#storage.setItem(MAY_HAVE_COOKIE, '1');
    this.#tell();
  }

  end(): void {
    this.#tokens = null;
    this.#storage.removeItem(MAY_HAVE_COOKIE);
    this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): string | null => this.accessToken;

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
