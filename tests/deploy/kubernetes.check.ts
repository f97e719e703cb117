import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadAll } from 'js-yaml';
import { array, literal, looseObject, number, object, parse, string } from 'valibot';
import { temporaryFolder } from '../runtimes/unpack.ts';
import { runProgram } from './run.ts';
import { ROOT, tool } from './tools.ts';

const ENVIRONMENT = { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' };

/** The manifests of a folder as `kubectl apply -k` sends them. */
const build = (folder: string): Promise<string> =>
  runProgram({ command: tool('kustomize'), parameters: ['build', folder], environment: ENVIRONMENT, cwd: ROOT });

/** @throws {Error} for what Kubernetes' own schemas refuse */
async function validate(t: TestContext, manifests: string): Promise<string> {
  const file = join(temporaryFolder(t), 'manifests.yaml');
  writeFileSync(file, manifests);
  const parameters = ['--strict', '--kubernetes-version', '1.34', file];
  return runProgram({ command: tool('kubernetes-validate'), parameters, environment: ENVIRONMENT, cwd: ROOT });
}

test('the plain manifests are what Kubernetes 1.34 takes, and a misspelt member is found', async (t) => {
  const manifests = await build('deploy/kubernetes');
  await validate(t, manifests);
  const misspelt = manifests.replace('readOnlyRootFilesystem', 'readonlyRootFilesystem');
  await assert.rejects(validate(t, misspelt), (error: Error) => /readonlyRootFilesystem/.test(JSON.stringify(error)));
});

const Deployment = looseObject({
  kind: literal('Deployment'),
  spec: looseObject({
    template: looseObject({
      spec: looseObject({
        enableServiceLinks: literal(false),
        automountServiceAccountToken: literal(false),
        terminationGracePeriodSeconds: number(),
        securityContext: object({
          runAsNonRoot: literal(true),
          runAsUser: literal(1003),
          runAsGroup: literal(1003),
          seccompProfile: object({ type: literal('RuntimeDefault') }),
        }),
        containers: array(
          looseObject({
            envFrom: array(object({ configMapRef: object({ name: literal('gen-random') }) })),
            ports: array(object({ name: string(), containerPort: number() })),
            readinessProbe: looseObject({ httpGet: looseObject({ path: literal('/health/ready') }) }),
            livenessProbe: looseObject({ httpGet: looseObject({ path: literal('/health/live') }) }),
            lifecycle: object({ preStop: object({ sleep: object({ seconds: number() }) }) }),
            securityContext: object({
              readOnlyRootFilesystem: literal(true),
              allowPrivilegeEscalation: literal(false),
              capabilities: object({ drop: array(literal('ALL')) }),
            }),
          }),
        ),
      }),
    }),
  }),
});

test('the Deployment passes the restricted profile and leaves a stop the time it needs', async () => {
  const documents = loadAll(await build('deploy/kubernetes'));
  const kinds = documents.map((document) => parse(looseObject({ kind: string() }), document).kind);
  assert.deepEqual(kinds.toSorted(), [
    ...['ConfigMap', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Service'],
  ]);
  const { spec } = parse(Deployment, documents[kinds.indexOf('Deployment')]).spec.template;
  const [container, ...others] = spec.containers;
  assert.deepEqual(others, []);
  const config = parse(
    looseObject({ data: looseObject({ SHUTDOWN_GRACE_SECONDS: string() }) }),
    documents[kinds.indexOf('ConfigMap')],
  );
  const stopSeconds = (container?.lifecycle.preStop.sleep.seconds ?? 0) + Number(config.data.SHUTDOWN_GRACE_SECONDS);
  assert.ok(spec.terminationGracePeriodSeconds > stopSeconds);
  // A port of this name makes proxies speak HTTP/2 to it.
  assert.ok(container?.ports.every(({ name }) => name !== 'h2c'));
});

test('the Knative services read the same settings', async () => {
  const text = await build('deploy/knative');
  assert.match(text, /configMapRef:\n\s+name: gen-random/);
  assert.match(text, /IAM_URL: https:/);
});
