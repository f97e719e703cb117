import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorise } from '../../lib/auth/authorise.ts';
import { type ErrorKey, ServiceError } from '../../lib/errors.ts';

const OWN = '0123456789abcdef0123456789abcdef';
const OTHER = '0123456789abcdef0123456789abcdeF';

interface Row {
  readonly name: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly allowed: readonly string[] | undefined;
  readonly key: ErrorKey | undefined;
}

const TABLE: readonly Row[] = [
  { name: 'the own project', projectId: OWN, roles: [], allowed: undefined, key: undefined },
  { name: 'its name in other letters', projectId: OTHER, roles: [], allowed: undefined, key: 'project-mismatch' },
  { name: 'an empty project', projectId: '', roles: [], allowed: undefined, key: 'project-mismatch' },
  { name: 'a role that is allowed', projectId: OWN, roles: ['a'], allowed: ['a'], key: undefined },
  { name: 'one of two roles', projectId: OWN, roles: ['x', 'b'], allowed: ['a', 'b'], key: undefined },
  { name: 'no role where one is needed', projectId: OWN, roles: [], allowed: ['a'], key: 'role-missing' },
  { name: 'another role', projectId: OWN, roles: ['b'], allowed: ['a'], key: 'role-missing' },
  { name: 'a role in other letters', projectId: OWN, roles: ['A'], allowed: ['a'], key: 'role-missing' },
  { name: 'the beginning of a role', projectId: OWN, roles: ['te'], allowed: ['te_admin'], key: 'role-missing' },
  { name: 'a role of every object', projectId: OWN, roles: ['constructor'], allowed: ['a'], key: 'role-missing' },
  { name: 'a good role for another project', projectId: OTHER, roles: ['a'], allowed: ['a'], key: 'project-mismatch' },
  { name: 'no role for another project', projectId: OTHER, roles: [], allowed: ['a'], key: 'project-mismatch' },
];
for (const { name, projectId, roles, allowed, key } of TABLE) {
  test(`${name}: ${key ?? 'may draw'}`, () => {
    const judge = () => authorise({ projectId, userId: 'u-1', roles }, OWN, allowed && new Set(allowed));
    if (key === undefined) assert.doesNotThrow(judge);
    else assert.throws(judge, (error) => error instanceof ServiceError && error.key === key);
  });
}
