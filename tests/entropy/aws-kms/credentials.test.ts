import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAwsKmsSource } from '../../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createKmsCall, type KmsCall } from '../../../lib/entropy/aws-kms/kms-call.ts';
import type { RemoteSource } from '../../../lib/entropy/source.ts';
import {
  type CredentialsBehaviour,
  type CredentialsEndpoint,
  type CredentialsKind,
  startCredentialsEndpoint,
} from '../../support/aws-credentials.ts';
import { awsDialect } from '../../support/kms-aws-dialect.ts';
import { type KmsBackend, startKmsBackend } from '../../support/kms-backend.ts';
import { outcomeOf, PAUSE_MS } from '../../support/kms-sources.ts';
import { STATIC, startContainer } from '../../support/started-service.ts';

/** What is promised: draws succeed so soon after the endpoint's return. */
const BACK_MS = 5_000;
/** Short, so that the suite is. */
const LIMITS = { requestMs: 300, fetchMs: 450 };
const DRAW_MS = 400;

const KINDS: readonly CredentialsKind[] = ['container', 'pod identity', 'STS', 'machine'];
const FAULTS: readonly CredentialsBehaviour[] = ['silent', 'half-an-answer', 'cut-off', 'server-error'];

suite('the credentials of aws-kms', { concurrency: 1 }, () => {
  const own = { ...process.env };
  let kms: KmsBackend;
  let endpoint: CredentialsEndpoint;
  before(async () => {
    kms = await startKmsBackend(awsDialect);
  });
  beforeEach(async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    kms.behave('good');
    // One for each test: a fetch that was given up goes on for a while.
    endpoint = await startCredentialsEndpoint();
  });
  afterEach(() => endpoint.close());
  after(() => {
    kms.close();
    process.env = own;
  });

  function use(kind: CredentialsKind): void {
    Object.assign(process.env, endpoint.environment(kind), { AWS_ENDPOINT_URL_KMS: kms.origin });
  }

  function make(call: KmsCall = createKmsCall(undefined, LIMITS)): RemoteSource {
    return createAwsKmsSource({ load: async () => call, pauseMs: () => PAUSE_MS });
  }

  const read = (source: RemoteSource, withinMs = DRAW_MS) => outcomeOf(source, AbortSignal.timeout(withinMs));

  async function untilBytes(source: RemoteSource): Promise<void> {
    const sinceMs = performance.now();
    while ((await read(source)) !== undefined) {
      assert.ok(performance.now() - sinceMs < BACK_MS, `no bytes ${BACK_MS} ms after the endpoint came back`);
    }
  }

  async function untilNothingIsPending(): Promise<void> {
    for (let count = 0; endpoint.pending() > 0; count += 1) {
      assert.ok(count < 100, `${endpoint.pending()} requests for credentials are held`);
      await sleep(10);
    }
  }

  for (const kind of KINDS) {
    test(`from ${kind} are fetched once and remembered`, async () => {
      use(kind);
      // The limits in force: the short ones may pass on a busy machine before a good endpoint has answered.
      const source = make(createKmsCall());
      assert.equal(await read(source, BACK_MS), undefined);
      const asked = endpoint.requests();
      for (let count = 0; count < 5; count += 1) assert.equal(await read(source, BACK_MS), undefined);
      assert.deepEqual([endpoint.requests(), kms.refusals()], [asked, []]);
    });

    for (const fault of FAULTS) {
      test(`from ${kind}, ${fault} and back: bytes within ${BACK_MS / 1000} seconds, no request left`, async () => {
        use(kind);
        endpoint.behave(fault);
        const source = make();
        assert.notEqual(await read(source), undefined);
        endpoint.behave('good');
        await untilBytes(source);
        await untilNothingIsPending();
      });
    }
  }

  test('that hang: as soon with the time that is in force as with a short one', async () => {
    use('container');
    endpoint.behave('silent');
    const source = make(createKmsCall());
    assert.equal(await read(source), 'backend-timeout');
    endpoint.behave('good');
    await untilBytes(source);
    await untilNothingIsPending();
  });

  test('that hang for a long time hold a few requests, however many draws wait', async () => {
    use('container');
    endpoint.behave('silent');
    const source = make();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => read(source)));
      assert.ok(endpoint.pending() <= 4, `${endpoint.pending()} requests are held`);
    }
  });

  test('that soon expire serve while their endpoint hangs, and are renewed after it', async () => {
    use('container');
    endpoint.setLifetime(60_000);
    const source = make();
    assert.equal(await read(source), undefined);
    endpoint.behave('silent');
    for (let count = 0; count < 3; count += 1) assert.equal(await read(source, 200), undefined);
    assert.equal(endpoint.requests(), 1);
    await untilNothingIsPending();
    endpoint.behave('good');
    const sinceMs = performance.now();
    while (endpoint.requests() === 0) {
      assert.ok(performance.now() - sinceMs < BACK_MS);
      assert.equal(await read(source), undefined);
    }
  });

  test('that have expired are not used again, and the next ones are within 5 seconds', async () => {
    use('container');
    endpoint.setLifetime(-1_000);
    const source = make();
    assert.equal(await read(source), undefined);
    endpoint.behave('silent');
    assert.equal(await read(source), 'backend-timeout');
    endpoint.setLifetime(3_600_000);
    endpoint.behave('good');
    await untilBytes(source);
  });

  test('have a time-out of their own: KMS itself may take as long as the draw', async () => {
    use('container');
    const source = make(createKmsCall(undefined, { requestMs: 50, fetchMs: 100 }));
    assert.equal(await read(source), undefined);
    kms.behave('silent');
    const startedAtMs = performance.now();
    assert.equal(await read(source), 'backend-timeout');
    assert.ok(performance.now() - startedAtMs > DRAW_MS - 5);
  });

  test('that hang make a container not ready, and their return makes it ready without a draw', async (context) => {
    use('container');
    endpoint.behave('silent');
    const { AWS_REGION = '' } = process.env;
    const { origin, service } = await startContainer(context, {
      ...STATIC,
      AWS_REGION,
      ENTROPY_SOURCES: 'aws-kms,os',
      ENTROPY_TIMEOUT_MS: String(DRAW_MS),
    });
    const isReady = async (): Promise<boolean> => (await fetch(`${origin}/readyz`)).ok;
    await service.core.warmedUp;
    assert.equal(await isReady(), false);
    endpoint.behave('good');
    const sinceMs = performance.now();
    while (!(await isReady())) assert.ok(performance.now() - sinceMs < BACK_MS);
    assert.equal((await service.core.draw(64)).bytes.length, 64);
  });

  test('that expire and then hang make a ready container not ready while every draw fails', async (context) => {
    use('container');
    endpoint.setLifetime(-1_000);
    const { AWS_REGION = '' } = process.env;
    const { origin, service } = await startContainer(context, {
      ...STATIC,
      AWS_REGION,
      ENTROPY_SOURCES: 'aws-kms,os',
      ENTROPY_TIMEOUT_MS: String(DRAW_MS),
    });
    const isReady = async (): Promise<boolean> => (await fetch(`${origin}/readyz`)).ok;
    await service.core.warmedUp;
    assert.equal(await isReady(), true);
    endpoint.behave('silent');
    for (let count = 0; count < 3; count += 1) await assert.rejects(async () => service.core.draw(64));
    assert.equal(await isReady(), false);
    endpoint.behave('good');
    const sinceMs = performance.now();
    while (!(await isReady())) assert.ok(performance.now() - sinceMs < BACK_MS);
  });
});
