/** The answers of IAM that one instance remembers, by token. */
export class TokenCache {
  readonly #until: Float64Array;

  constructor(tokens: number) {
    this.#until = new Float64Array(tokens).fill(Number.NEGATIVE_INFINITY);
  }

  /** @returns whether IAM has to be asked */
  use(token: number, at: number, ttlSeconds: number): boolean {
    if ((this.#until[token] ?? 0) > at) return false;
    this.#until[token] = at + ttlSeconds;
    return true;
  }
}
