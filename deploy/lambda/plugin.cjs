'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Parameters that are switches. */
const SWITCHES = { kms: ['on', 'off'], eventFailures: ['on', 'off'], settings: ['checked', 'unchecked'] };

/** Parameters that are counts. The framework takes any text for them, and CloudFormation fails late. */
const COUNTS = ['requestsPerSecond', 'requestsAtOnce'];

/**
 * A plugin of Serverless Framework and osls. Before anything is packaged it refuses parameters that it does not know, builds
 * `dist/` from the sources, and reads each function's variables as the function itself will.
 */
class DeploymentChecks {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.options = options;
    this.hooks = { 'before:package:initialize': () => this.check() };
  }

  check() {
    const given = new Map(parametersOf(this.options.param));
    const refuse = (sentence) => {
      throw new this.serverless.classes.Error(sentence);
    };
    const known = knownParameters(join(this.serverless.serviceDir, 'serverless.yml'));
    for (const [name, value] of given) {
      if (!known.has(name)) refuse(`--param=${name} is unknown; known are ${[...known].sort().join(', ')}`);
      const allowed = SWITCHES[name];
      if (allowed && !allowed.includes(value)) refuse(`--param=${name} must be ${allowed.join(' or ')}`);
      const isCount = /^[1-9]\d*$/.test(value);
      if (COUNTS.includes(name) && !isCount) refuse(`--param=${name} must be a whole number, 1 or more`);
    }
    // What is packaged is what the sources say.
    this.run('build.ts', '');
    if (given.get('settings') === 'unchecked') return;
    const problems = this.problems(given.get('kms') === 'on');
    if (problems !== '') refuse(problems);
  }

  /** The problems of every function's variables, as its start would report them. */
  problems(hasKmsChunk) {
    const { provider, functions } = this.serverless.service;
    const settings = Object.entries(functions).map(([name, { environment }]) => [
      name,
      { ...provider.environment, ...environment },
    ]);
    return this.run('check-settings.ts', JSON.stringify({ hasKmsChunk, functions: Object.fromEntries(settings) }));
  }

  /** Runs a script of the project under the Node that it brings. @returns its standard output */
  run(script, input) {
    const root = this.serverless.serviceDir;
    const own = join(root, 'node_modules/.bin/node');
    const node = existsSync(own) ? own : process.execPath;
    return execFileSync(node, [join(root, 'scripts', script)], { cwd: root, input, encoding: 'utf8' }).trim();
  }
}

function parametersOf(parameters = []) {
  return [parameters].flat().map((parameter) => {
    const [name, ...value] = String(parameter).split('=');
    return [name, value.join('=')];
  });
}

/** Those with a default, and those that some value refers to. */
function knownParameters(file) {
  const text = readFileSync(file, 'utf8');
  const referred = [...text.matchAll(/\$\{param:(\w+)/g)].map(([, name]) => name);
  return new Set([...referred, ...Object.keys(SWITCHES)]);
}

module.exports = DeploymentChecks;
