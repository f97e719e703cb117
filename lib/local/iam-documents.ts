import { rolesIn } from './iam-accounts.ts';
import type { Grant } from './iam-tokens.ts';

/** The embedded IAM knows one region; a client that names one must name this. */
const REGION = 'local';

export interface Endpoints {
  /** Base of the embedded IAM, `http://127.0.0.1:8000/v3` for example, without a trailing slash. */
  readonly baseUrl: string;
  /** Base of the API under test as the catalogue lists it, `http://127.0.0.1:8000/v1.0` for example. */
  readonly kmsUrl: string;
}

/** The answer to `GET /v3`, which Keystone clients ask for before anything else. */
export function versionDocument(baseUrl: string) {
  return {
    version: {
      id: 'v3.14',
      status: 'stable',
      updated: '2020-04-07T00:00:00Z',
      links: [{ rel: 'self', href: `${baseUrl}/` }],
      'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
    },
  };
}

/** @param endpoints `undefined` leaves the catalogue out. */
export function tokenDocument(grant: Grant, endpoints: Endpoints | undefined) {
  const { account, scope } = grant;
  const domain = account.domain;
  return {
    token: {
      methods: ['password'],
      expires_at: timestamp(grant.expiresAtMs),
      issued_at: timestamp(grant.issuedAtMs),
      user: { domain, id: account.user.id, name: account.user.name, password_expires_at: '' },
      ...(scope.kind === 'project' && { project: { domain, id: scope.project.id, name: scope.project.name } }),
      ...(scope.kind === 'domain' && { domain }),
      // Identity API v3: an unscoped token has no roles and no catalogue.
      ...(scope.kind !== 'unscoped' && { roles: rolesIn(account, scope.kind) }),
      ...(scope.kind !== 'unscoped' && endpoints !== undefined && { catalog: catalog(endpoints) }),
    },
  };
}

export function catalogDocument(endpoints: Endpoints) {
  return { catalog: catalog(endpoints), links: { self: `${endpoints.baseUrl}/auth/catalog` } };
}

function catalog({ baseUrl, kmsUrl }: Endpoints) {
  return [entry('identity', baseUrl), entry('kms', kmsUrl)];
}

function entry(type: string, url: string) {
  const endpoint = { id: `${type}-public`, interface: 'public', region: REGION, region_id: REGION, url };
  return { id: type, type, name: type, endpoints: [endpoint] };
}

/** IAM writes microseconds: `2020-01-04T09:08:49.965000Z`. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
