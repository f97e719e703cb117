import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadAll } from 'js-yaml';
import { array, literal, looseObject, number, object, optional, parse, string } from 'valibot';
import { temporaryFolder } from '../runtimes/unpack.ts';
import { runProgram } from './run.ts';
import { ROOT, tool } from './tools.ts';

const FOLDER = join(ROOT, 'deploy/knative');

const Probe = object({ httpGet: object({ path: string() }) });
const Container = looseObject({
  ports: array(object({ containerPort: literal(8000) })),
  env: optional(array(object({ name: string(), value: string() }))),
  readinessProbe: Probe,
  livenessProbe: Probe,
  securityContext: looseObject({}),
});
const Service = looseObject({
  kind: literal('Service'),
  metadata: looseObject({ labels: optional(looseObject({}), {}) }),
  spec: object({
    template: looseObject({ spec: looseObject({ containerConcurrency: number(), containers: array(Container) }) }),
  }),
});

function validate(file: string): Promise<string> {
  const definitions = [tool('../knative-service.yaml'), join(import.meta.dirname, 'knative-trigger.yaml')];
  const parameters = [join(import.meta.dirname, 'validate-crd.py'), file, ...definitions];
  return runProgram({ command: tool('python'), parameters, environment: { LANG: 'C.UTF-8' }, cwd: ROOT });
}

for (const [name, documents] of [
  ['service.yaml', 1],
  ['events.yaml', 2],
] as const) {
  const file = join(FOLDER, name);
  const [service] = loadAll(readFileSync(file, 'utf8'));

  test(`${name}: Knative's own schema takes it`, async () => {
    assert.equal(await validate(file), `${documents} documents\n`);
  });

  test(`${name}: not root, nothing writable, no privilege, probes that the container answers`, () => {
    const [container, ...others] = parse(Service, service).spec.template.spec.containers;
    assert.deepEqual(others, []);
    assert.deepEqual(container?.securityContext, {
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1003,
      runAsGroup: 1003,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.equal(container?.readinessProbe.httpGet.path, '/health/ready');
    assert.equal(container?.livenessProbe.httpGet.path, '/health/live');
  });

  test(`${name}: an instance gets less at once than it takes`, () => {
    assert.ok(parse(Service, service).spec.template.spec.containerConcurrency < 1000);
  });
}

test('a door without a token is not visible outside the cluster', () => {
  const [service] = loadAll(readFileSync(join(FOLDER, 'events.yaml'), 'utf8'));
  const { metadata, spec } = parse(Service, service);
  assert.deepEqual(metadata.labels, { 'networking.knative.dev/visibility': 'cluster-local' });
  assert.deepEqual(spec.template.spec.containers[0]?.env, [{ name: 'SERVER_DOOR', value: 'cloudevents' }]);
});

test('a misspelt member is found', async (t) => {
  const copy = join(temporaryFolder(t), 'service.yaml');
  const text = readFileSync(join(FOLDER, 'service.yaml'), 'utf8');
  writeFileSync(copy, text.replace('readOnlyRootFilesystem', 'readonlyRootFilesystem'));
  await assert.rejects(validate(copy), ({ stdout }: { stdout: string }) => /readonlyRootFilesystem/.test(stdout));
});
