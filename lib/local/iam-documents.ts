import { type Account, rolesIn } from './iam-accounts.ts';
import type { Grant } from './iam-tokens.ts';

/** The embedded IAM knows one region; a client that names one must name this. */
const REGION = 'local';

export interface Endpoints {
  /** Base of the embedded IAM, `http://127.0.0.1:8000/v3` for example, without a trailing slash. */
  readonly baseUrl: string;
  /** Base of the API under test as the catalogue lists it, `http://127.0.0.1:8000/v1.0` for example. */
  readonly kmsUrl: string;
}

export interface Listing {
  /** The address that was asked for. */
  readonly self: string;
  readonly query: URLSearchParams;
}

/** The answer to `GET /v3`, which Keystone clients ask for before anything else. */
export function versionDocument(baseUrl: string) {
  return { version: version(baseUrl) };
}

/** The answer to `GET /`, for a client whose address of the IAM names no version. */
export function versionsDocument(baseUrl: string) {
  return { versions: { values: [version(baseUrl)] } };
}

function version(baseUrl: string) {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${baseUrl}/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}

/** @param endpoints `undefined` leaves the catalogue out. */
export function tokenDocument(grant: Grant, endpoints: Endpoints | undefined) {
  const { account, scope } = grant;
  const domain = account.domain;
  return {
    token: {
      methods: grant.methods,
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

/** The projects of a user, of those the ones whose members are what the query says: `?name=demo` for example. */
export function projectsDocument({ projects, domain }: Account, baseUrl: string, { self, query }: Listing) {
  const described = projects.map(({ id, name }) => ({
    id,
    name,
    domain_id: domain.id,
    parent_id: domain.id,
    is_domain: false,
    description: '',
    enabled: true,
    links: { self: `${baseUrl}/projects/${id}` },
  }));
  const isWanted = (project: object) =>
    Object.entries(project).every(([name, value]) => String(value) === (query.get(name) ?? String(value)));
  return { projects: described.filter(isWanted), links: links(self) };
}

/** The domains that a user has a role in. */
export function domainsDocument(account: Account, baseUrl: string, { self }: Listing) {
  const { id, name } = account.domain;
  const domain = { id, name, description: '', enabled: true, links: { self: `${baseUrl}/domains/${id}` } };
  return { domains: rolesIn(account, 'domain').length > 0 ? [domain] : [], links: links(self) };
}

function links(self: string) {
  return { next: null, self, previous: null };
}

// Open Telekom Cloud's catalogue has the service under both types.
function catalog({ baseUrl, kmsUrl }: Endpoints) {
  return [entry('identity', baseUrl), entry('kms', kmsUrl), entry('kmsv1', kmsUrl)];
}

function entry(type: string, url: string) {
  const endpoint = { id: `${type}-public`, interface: 'public', region: REGION, region_id: REGION, url };
  return { id: type, type, name: type, endpoints: [endpoint] };
}

/** IAM writes microseconds: `2020-01-04T09:08:49.965000Z`. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
