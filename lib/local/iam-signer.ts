import type { IncomingMessage } from 'node:http';
import { createSignatureVerifier } from '../auth/aksk/signature-verifier.ts';
import { parseQuery } from '../http/query.ts';
import type { RequestTarget } from '../http/target.ts';
import type { Account, LocalAccount } from './iam-accounts.ts';
import { receiveBody } from './iam-body.ts';

/** @returns `undefined` for a request that is not signed, or wrongly. */
export type FindSigner = (request: IncomingMessage, target: RequestTarget) => Promise<Account | undefined>;

/** Huawei's SDKs ask IAM by signature which projects there are. @param now milliseconds since the epoch */
export function createFindSigner(accounts: readonly LocalAccount[], now: () => number): FindSigner {
  const byAccessKey = new Map<string, Account>();
  const credentials = accounts.flatMap(({ password: _, accessKey, ...account }) => {
    if (accessKey === undefined) return [];
    byAccessKey.set(accessKey.accessKey, account);
    return [accessKey];
  });
  const verify = createSignatureVerifier(credentials, now);

  return async (request, { path, query }) => {
    // Its lists belong to the user: whatever project the request names is the right one.
    const [projectId = ''] = request.headersDistinct['x-project-id'] ?? [];
    const verdict = await verify(
      {
        method: request.method ?? '',
        signedPaths: [path],
        query: () => parseQuery(query),
        headerValues: (name) => request.headersDistinct[name] ?? [],
        // Huawei's SDK for Node sends and signs one with its GET.
        receiveBody: () => receiveBody(request),
        trail: {},
      },
      projectId,
    );
    return verdict.outcome === 'accepted' ? byAccessKey.get(verdict.principal.accessKey ?? '') : undefined;
  };
}
