import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { array, looseObject, object, parse, string } from 'valibot';
import { type EmulatedAws, startEmulatedAws } from './emulated-aws.ts';
import { runProgram } from './run.ts';
import { createDeployedProject, type DeployedProject } from './serverless.ts';
import { ROOT, tool } from './tools.ts';

const PIPES = join(ROOT, 'deploy/pipes.yml');
const VARIANTS = [[], ['--param=kms=on', '--param=eventFailures=on', '--stage', 'prod']];

const engine = new CelEngine();
let project: DeployedProject;

before(() => {
  project = createDeployedProject();
});
after(() => {
  project.remove();
  engine.free();
});

/** The two judges: AWS's validator, from ERROR on, and cfn-lint, all of its findings. */
async function assertClean(template: string, ...ignored: string[]): Promise<void> {
  const { diagnostics } = engine.validateStandard(new TemplateFile(template), { severityLevel: 'ERROR' as const });
  assert.deepEqual(diagnostics, [], template);
  const without = ignored.flatMap((rule) => ['--ignore-checks', rule]);
  const environment = { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' };
  const parameters = ['--template', template, '--regions', 'eu-central-1', ...without];
  assert.equal(await runProgram({ command: tool('cfn-lint'), parameters, environment, cwd: ROOT }), '');
}

for (const variant of VARIANTS) {
  test(`the template of ${['package', ...variant].join(' ')} has no finding`, async () => {
    const environment = { PATH: '/usr/bin:/bin', HOME: project.folder, IAM_URL: 'https://iam.example.com/v3' };
    await project.serverless(['package', ...variant], environment);
    const packed = join(project.folder, '.serverless');
    const templates = readdirSync(packed).filter((name) => name.startsWith('cloudformation-template-'));
    assert.equal(templates.length, 2);
    // osls names a dependency that a reference enforces already.
    for (const name of templates) await assertClean(join(packed, name), 'W3005');
  });
}

test('the template of the pipe has no finding', () => assertClean(PIPES));

test('the pipe is deployed: a queue, the event function as its enrichment, a queue of answers', async (t) => {
  const aws: EmulatedAws = await startEmulatedAws();
  t.after(() => aws.stop());
  const enrichment = 'arn:aws:lambda:eu-central-1:123456789012:function:gen-random-dev-event';
  const parameters = ['--parameter-overrides', `EventFunctionArn=${enrichment}`, '--capabilities', 'CAPABILITY_IAM'];
  const deploy = ['cloudformation', 'deploy', '--template-file', PIPES, '--stack-name', 'draw', ...parameters];
  await runProgram({ command: tool('aws'), parameters: deploy, environment: aws.environment, cwd: ROOT });

  const { Pipes } = parse(
    looseObject({ Pipes: array(looseObject({ Name: string() })) }),
    await aws.cli('pipes', 'list-pipes'),
  );
  assert.equal(Pipes.length, 1);
  const Pipe = object({ Source: string(), Enrichment: string(), Target: string(), RoleArn: string() });
  const pipe = parse(
    looseObject(Pipe.entries),
    await aws.cli('pipes', 'describe-pipe', '--name', String(Pipes[0]?.Name)),
  );
  assert.equal(pipe.Enrichment, enrichment);
  assert.match(pipe.Source, /^arn:aws:sqs:.*:draw-Requests-/);
  assert.match(pipe.Target, /^arn:aws:sqs:.*:draw-Answers-/);
  assert.match(pipe.RoleArn, /:role\/draw-PipeRole-/);
});
