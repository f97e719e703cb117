import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { VARIABLES } from '../../lib/config.ts';
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

test('the function runs the bundle on Node 24 on arm64', () => {
  const [http, ...others] = resourcesOfType(STACK, 'AWS::Lambda::Function');
  assert.deepEqual(others, []);
  assert.equal(http?.Handler, 'dist/lambda/http.handler');
  assert.equal(http?.Runtime, 'nodejs24.x');
  assert.deepEqual(http?.Architectures, ['arm64']);
});

test('every variable of the configuration reaches the function, but those of a server', () => {
  const [http] = resourcesOfType(STACK, 'AWS::Lambda::Function');
  // Lambda sets the region by itself, and refuses a template that does.
  const others = ['AWS_REGION', 'HOST', 'PORT', 'SHUTDOWN_GRACE_SECONDS'];
  const variables = Object.keys(VARIABLES.entries).filter((name) => !others.includes(name));
  assert.deepEqual(environmentNames(http).sort(), variables.sort());
});

test('every path and method reaches the function', () => {
  const routes = resourcesOfType(STACK, 'AWS::ApiGatewayV2::Route');
  assert.deepEqual(
    routes.map((route) => route.RouteKey),
    ['$default'],
  );
});

test('the function may write its log and nothing else', () => {
  const roles = resourcesOfType(STACK, 'AWS::IAM::Role');
  assert.equal(roles.length, 1);
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
    [14],
  );
});
