import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { array, looseObject, number, object, optional, parse, record, string, union } from 'valibot';
import { type EmulatedAws, REGION, startEmulatedAws } from './emulated-aws.ts';
import { createDeployedProject, type DeployedProject } from './serverless.ts';

const STACK = 'gen-random-check';
const STAGE = ['--stage', 'check', '--region', REGION];
const SWITCHED_ON = ['--param=kms=on', '--param=eventFailures=on'];

let aws: EmulatedAws;
let project: DeployedProject;

before(async () => {
  project = createDeployedProject();
  aws = await startEmulatedAws();
  const settings = { ...aws.environment, IAM_URL: 'https://iam.example.com/v3' };
  await project.serverless(['deploy', ...STAGE, ...SWITCHED_ON], settings);
});
after(async () => {
  await aws.stop();
  project.remove();
});

const FunctionConfiguration = looseObject({
  Runtime: string(),
  Handler: string(),
  Role: string(),
  Timeout: number(),
  CodeSha256: string(),
  Environment: object({ Variables: record(string(), string()) }),
});
const Statement = looseObject({ Action: array(string()), Resource: string() });

async function functionNamed(name: string) {
  return parse(
    FunctionConfiguration,
    await aws.cli('lambda', 'get-function-configuration', '--function-name', `${STACK}-${name}`),
  );
}

for (const name of ['http', 'event']) {
  test(`${name}: the deployed function is the packaged zip, run by Node 24`, async () => {
    const deployed = await functionNamed(name);
    assert.equal(deployed.Runtime, 'nodejs24.x');
    assert.equal(deployed.Handler, `dist/lambda/${name}.handler`);
    const zip = readFileSync(join(project.folder, `.serverless/${name}.zip`));
    assert.equal(deployed.CodeSha256, createHash('sha256').update(zip).digest('base64'));
  });

  test(`${name}: its log is kept for a stated time`, async () => {
    const group = `/aws/lambda/${STACK}-${name}`;
    const answer = await aws.cli('logs', 'describe-log-groups', '--log-group-name-prefix', group);
    const { logGroups } = parse(object({ logGroups: array(looseObject({ retentionInDays: number() })) }), answer);
    assert.deepEqual(
      logGroups.map(({ retentionInDays }) => retentionInDays),
      [14],
    );
  });
}

test('the settings of the shell that deploys reach the function that judges tokens, and no other', async () => {
  const [http, event] = await Promise.all([functionNamed('http'), functionNamed('event')]);
  assert.equal(http.Environment.Variables.IAM_URL, 'https://iam.example.com/v3');
  assert.equal(http.Environment.Variables.ENTROPY_SOURCES, 'aws-kms,node-crypto,os');
  const foreign = /^(?:AUTH|IAM|TOKEN|STATIC|AKSK)_/;
  assert.deepEqual(
    Object.keys(event.Environment.Variables).filter((name) => foreign.test(name)),
    [],
  );
});

/** What a function's role allows in its own statements: action and resource. */
async function allowedTo(name: string): Promise<string[]> {
  const role = (await functionNamed(name)).Role.replace(/^.*\//, '');
  const names = parse(
    object({ PolicyNames: array(string()) }),
    await aws.cli('iam', 'list-role-policies', '--role-name', role),
  ).PolicyNames;
  const Answer = looseObject({ PolicyDocument: union([string(), looseObject({})]) });
  const Document = looseObject({ Statement: array(Statement) });
  const allowed: string[] = [];
  for (const policy of names) {
    const answer = await aws.cli('iam', 'get-role-policy', '--role-name', role, '--policy-name', policy);
    const { PolicyDocument: document } = parse(Answer, answer);
    // Moto hands a role's own policy back as Python writes it.
    const read = typeof document === 'string' ? JSON.parse(document.replaceAll("'", '"')) : document;
    for (const { Action, Resource } of parse(Document, read).Statement) {
      allowed.push(...Action.map((action) => `${action} ${Resource.replace(/^.*:(?=[^:]*$)/, '')}`));
    }
  }
  return allowed.sort();
}

test('each function may write its own log, draw from KMS, and report its own failures', async () => {
  const ofEvery = (name: string) => [
    'kms:GenerateRandom *',
    `logs:CreateLogStream /aws/lambda/${STACK}-${name}`,
    `logs:PutLogEvents /aws/lambda/${STACK}-${name}`,
  ];
  assert.deepEqual(await allowedTo('http'), ofEvery('http'));
  const [send, ...rest] = (await allowedTo('event')).reverse();
  assert.match(String(send), new RegExp(`^sqs:SendMessage ${STACK}-EventFailures-`));
  assert.deepEqual(rest.reverse(), ofEvery('event'));
});

test('one HTTP API takes every path and method to the http function, throttled, and may invoke it', async () => {
  const Apis = object({ Items: array(looseObject({ ApiId: string() })) });
  const { Items } = parse(Apis, await aws.cli('apigatewayv2', 'get-apis'));
  assert.equal(Items.length, 1);
  const id = String(Items[0]?.ApiId);
  const of = (operation: string) => aws.cli('apigatewayv2', operation, '--api-id', id);
  const [routes, integrations, stages] = await Promise.all([
    of('get-routes'),
    of('get-integrations'),
    of('get-stages'),
  ]);

  const Routes = object({ Items: array(looseObject({ RouteKey: string(), Target: string() })) });
  const [route, ...others] = parse(Routes, routes).Items;
  assert.deepEqual(others, []);
  assert.equal(route?.RouteKey, '$default');

  const Integrations = object({
    Items: array(looseObject({ IntegrationId: string(), IntegrationUri: string(), PayloadFormatVersion: string() })),
  });
  const [integration] = parse(Integrations, integrations).Items;
  assert.equal(route?.Target, `integrations/${integration?.IntegrationId}`);
  assert.match(String(integration?.IntegrationUri), new RegExp(`:function:${STACK}-http$`));
  assert.equal(integration?.PayloadFormatVersion, '2.0');

  const Stages = object({ Items: array(looseObject({ StageName: string(), DefaultRouteSettings: looseObject({}) })) });
  const [stage] = parse(Stages, stages).Items;
  assert.equal(stage?.StageName, '$default');
  assert.deepEqual(stage?.DefaultRouteSettings, { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 });

  const { Policy } = parse(
    looseObject({ Policy: string() }),
    await aws.cli('lambda', 'get-policy', '--function-name', `${STACK}-http`),
  );
  const [permission, ...more] = parse(object({ Statement: array(looseObject({})) }), JSON.parse(Policy), {}).Statement;
  assert.deepEqual(more, []);
  assert.deepEqual(permission?.Principal, { Service: 'apigateway.amazonaws.com' });
  assert.match(JSON.stringify(permission?.Condition), new RegExp(`execute-api:${REGION}:\\d{12}:${id}/`));
});

test('nobody is given the permission to invoke the event function', async () => {
  await assert.rejects(aws.cli('lambda', 'get-policy', '--function-name', `${STACK}-event`), /ResourceNotFound/);
});

test('every alarm reports to the topic, and its metric is counted', async () => {
  const Alarm = looseObject({
    AlarmName: string(),
    AlarmActions: array(string()),
    Namespace: optional(string()),
    MetricName: optional(string()),
    Dimensions: optional(array(object({ Name: string(), Value: string() })), []),
  });
  const { MetricAlarms } = parse(
    object({ MetricAlarms: array(Alarm) }),
    await aws.cli('cloudwatch', 'describe-alarms'),
  );
  const Filter = looseObject({
    logGroupName: string(),
    filterPattern: string(),
    metricTransformations: array(looseObject({ metricName: string(), metricNamespace: string() })),
  });
  const { metricFilters } = parse(
    object({ metricFilters: array(Filter) }),
    await aws.cli('logs', 'describe-metric-filters'),
  );
  for (const { AlarmActions } of MetricAlarms) assert.match(String(AlarmActions), new RegExp(`:${STACK}-alarms$`));

  // An alarm over an expression has no metric of its own.
  const expressions = MetricAlarms.filter(({ MetricName }) => MetricName === undefined);
  assert.deepEqual(
    expressions.map(({ AlarmName }) => AlarmName.includes('AllTokensRefused')),
    [true],
  );
  const watched = MetricAlarms.filter(({ MetricName }) => MetricName !== undefined).map(
    ({ Namespace, MetricName, Dimensions: [dimension] }) => [Namespace, MetricName, dimension?.Value].join(' ').trim(),
  );
  assert.deepEqual(watched.sort(), [
    `AWS/Lambda Errors ${STACK}-event`,
    `AWS/Lambda Errors ${STACK}-http`,
    `AWS/Lambda Throttles ${STACK}-event`,
    `AWS/Lambda Throttles ${STACK}-http`,
    'gen-random/check EntropyClosed',
    'gen-random/check EntropyDegraded',
    'gen-random/check Failures',
  ]);
  const counted = metricFilters.map(({ logGroupName, metricTransformations: [metric] }) =>
    [metric?.metricNamespace, metric?.metricName, logGroupName.replace(/^.*-/, '')].join(' '),
  );
  assert.deepEqual(counted.sort(), [
    'gen-random/check Accepted http',
    ...['EntropyClosed', 'EntropyDegraded', 'Failures'].flatMap((metric) =>
      ['event', 'http'].map((name) => `gen-random/check ${metric} ${name}`),
    ),
    'gen-random/check Refused http',
  ]);
});

test('a failed asynchronous invocation goes to the queue', async () => {
  const Config = looseObject({ DestinationConfig: object({ OnFailure: object({ Destination: string() }) }) });
  const ofFunction = ['--function-name', `${STACK}-event`, '--qualifier', '$LATEST'];
  const answer = await aws.cli('lambda', 'get-function-event-invoke-config', ...ofFunction);
  const { Destination } = parse(Config, answer).DestinationConfig.OnFailure;
  assert.match(Destination, new RegExp(`^arn:aws:sqs:${REGION}:\\d{12}:${STACK}-EventFailures-`));
});

test('a roll-back brings the code and the settings of an earlier deployment back', async () => {
  const environment = { ...aws.environment, IAM_URL: 'https://elsewhere.example.com/v3' };
  const listed = await project.serverless(['deploy', 'list', ...STAGE], environment);
  const [, timestamp = ''] = /Timestamp: (\d+)/.exec(listed) ?? [];
  await project.serverless(['deploy', ...STAGE], environment);
  assert.equal((await functionNamed('http')).Environment.Variables.IAM_URL, 'https://elsewhere.example.com/v3');
  await project.serverless(['rollback', '--timestamp', timestamp, ...STAGE], environment);
  assert.equal((await functionNamed('http')).Environment.Variables.IAM_URL, 'https://iam.example.com/v3');
});
