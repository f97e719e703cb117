'use strict';

// The platform's side of a function, on the Node that FunctionGraph has: `functiongraph-host.cjs BUNDLE USER_DATA`.

const [bundle, userData] = process.argv.slice(2);
const USER_DATA = new Map(Object.entries(JSON.parse(userData)));
const { handler, initializer } = require(bundle);

/** With private fields, as a class may have them: a method called without its object throws. */
class Context {
  #requestId = '5c8b2f0e-7f0d-4d1b-9a55-1f3c5a1e0d77';
  #endsAtMs = Date.now() + 6000;

  getRequestID() {
    return this.#requestId;
  }

  getRemainingTimeInMilliSeconds() {
    return this.#endsAtMs - Date.now();
  }

  getUserData(name) {
    void this.#requestId;
    return USER_DATA.get(name);
  }

  getFunctionName() {
    void this.#requestId;
    return 'gen-random';
  }

  getVersion() {
    void this.#requestId;
    return 'latest';
  }
}

function initialize() {
  return new Promise((resolve, reject) => {
    initializer(new Context(), (error, result) => (error ? reject(error) : resolve(result)));
  });
}

process.on('message', async ({ kind, event }) => {
  try {
    const result = kind === 'initialize' ? await initialize() : await handler(event, new Context());
    process.send({ kind: 'result', value: result });
  } catch (error) {
    const { name = 'unknown', message = String(error) } = error ?? {};
    process.send({ kind: 'error', value: { errorType: name, errorMessage: message } });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ kind: 'result', value: process.version });
