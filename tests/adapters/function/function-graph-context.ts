interface Values {
  readonly requestId?: string;
  readonly remainingMs?: number;
  readonly userData?: Readonly<Record<string, unknown>>;
  /** The agency's keys. */
  readonly keys?: readonly [accessKey: unknown, secretKey: unknown, securityToken: unknown];
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

  getSecurityAccessKey(): unknown {
    return this.#values.keys?.[0];
  }

  getSecuritySecretKey(): unknown {
    return this.#values.keys?.[1];
  }

  getSecurityToken(): unknown {
    return this.#values.keys?.[2];
  }
}
