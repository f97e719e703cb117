interface Values {
  readonly requestId?: string;
  readonly remainingMs?: number;
  readonly userData?: Readonly<Record<string, unknown>>;
}

/** FunctionGraph's context as its runtime makes it: a class, whose methods do not work without their object. */
export class FunctionGraphContext {
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  getRequestID(): string | undefined {
    return this.#values.requestId;
  }

  getRemainingTimeInMilliSeconds(): number | undefined {
    return this.#values.remainingMs;
  }

  getUserData(name: string): unknown {
    return this.#values.userData?.[name];
  }
}
