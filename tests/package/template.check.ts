import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { VARIABLES } from '../../lib/config/config.ts';
import { allowedActions, environmentNames, resourcesOfType } from './template.ts';

const PACKAGE = join(import.meta.dirname, '../../.serverless');
const STACK = join(PACKAGE, 'cloudformation-template-update-stack.json');

test('CloudFormation finds no error in the templates', () => {
  const templates = readdirSync(PACKAGE).filter((name) => name.startsWith('cloudformation-template-'));
  const engine = new CelEngine();
  try {
    for (const name of templates) {
      const config = { severityLevel: 'ERROR' as const };
      const { diagnostics } = engine.validateStandard(new TemplateFile(join(PACKAGE, name)), config);
      assert.deepEqual(diagnostics, [], name);
    }
  } finally {
    engine.free();
  }
  assert.equal(templates.length, 2);
});

const FUNCTIONS = resourcesOfType(STACK, 'AWS::Lambda::Function');
const functionOf = (name: string) => FUNCTIONS.find(({ Handler }) => Handler === `dist/lambda/${name}.handler`);

test('two functions run their bundles on Node 24 on arm64', () => {
  assert.equal(FUNCTIONS.length, 2);
  for (const lambda of [functionOf('http'), functionOf('event')]) {
    assert.equal(lambda?.Runtime, 'nodejs24.x');
    assert.deepEqual(lambda?.Architectures, ['arm64']);
  }
});

test('every variable of the configuration reaches the http function, but those of a server', () => {
  // Lambda sets the region by itself, and refuses a template that does.
  const others = [
    'AWS_REGION',
    'HOST',
    'MAX_IN_FLIGHT',
    'METRICS_PORT',
    'TRUSTED_PROXY_HOPS',
    'PORT',
    'SERVER_DOOR',
    'SHUTDOWN_GRACE_SECONDS',
  ];
  const variables = Object.keys(VARIABLES).filter((name) => !others.includes(name));
  assert.deepEqual(environmentNames(functionOf('http')).sort(), variables.sort());
});

test('the event function, which judges nobody, gets no variable that is for that', () => {
  assert.deepEqual(
    environmentNames(functionOf('event')).filter((name) => !/^(?:ENTROPY|HUAWEI|LOG)_/.test(name)),
    [],
  );
});

test('every path and method reaches the function', () => {
  const routes = resourcesOfType(STACK, 'AWS::ApiGatewayV2::Route');
  assert.deepEqual(
    routes.map((route) => route.RouteKey),
    ['$default'],
  );
});

test('each function may write its log and nothing else', () => {
  const roles = resourcesOfType(STACK, 'AWS::IAM::Role');
  assert.equal(roles.length, 2);
  assert.deepEqual(resourcesOfType(STACK, 'AWS::IAM::Policy'), []);
  const actions = roles.flatMap(allowedActions);
  assert.ok(actions.length > 0);
  assert.deepEqual(
    actions.filter((action) => !action.startsWith('logs:')),
    [],
  );
});

test('the log is kept for a stated time', () => {
  const groups = resourcesOfType(STACK, 'AWS::Logs::LogGroup');
  assert.deepEqual(
    groups.map((group) => group.RetentionInDays),
    [14, 14],
  );
});
