import { after, before, describe } from 'node:test';
import { IDENTITIES, type Identity } from './identity.ts';
import { loginSuite } from './login-suite.ts';
import { rescopingSuite } from './rescoping-suite.ts';
import { scopesSuite } from './scopes-suite.ts';
import { validationSuite } from './validation-suite.ts';
import { verifierSuite } from './verifier-suite.ts';

// Side by side, because some sentences wait for a token to expire; within one in turn, because SQLite takes no two writers.
describe('identity services', { concurrency: true }, () => {
  for (const [name, start] of IDENTITIES) describe(name, { concurrency: 1 }, () => suitesOver(name, start));
});

function suitesOver(name: string, start: () => Promise<Identity>): void {
  let running: Identity | undefined;
  const identity = (): Identity => {
    if (running === undefined) throw new TypeError(`${name} is not running`);
    return running;
  };
  before(async () => {
    running = await start();
  });
  after(() => running?.stop());

  describe('login', () => loginSuite(identity));
  describe('rescoping', () => rescopingSuite(identity));
  describe('scopes to choose from', () => scopesSuite(identity));
  describe('validation', () => validationSuite(identity));
  describe('our verifier', () => verifierSuite(identity));
}
