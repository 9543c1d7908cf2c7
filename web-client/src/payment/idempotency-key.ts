/**
 * The key of what is being ordered: the same for the same, another for anything else. So a second click, or a retry after a
 * lost answer, is the same order, and a changed order is another.
 */
export class IdempotencyKey {
  #body = '';
  #key = '';
  readonly #random: () => string;

  constructor(random: () => string = randomKey) {
    this.#random = random;
  }

  of(order: unknown): string {
    const body = JSON.stringify(order);
    if (body !== this.#body) {
      this.#body = body;
      this.#key = this.#random();
    }
    return this.#key;
  }
}

/** A random UUID would do, but browsers give one only to pages that came by https or from this machine. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, '0')).join('');
}
