import { DEMO } from '../../lib/local/demo.ts';

/** Logs the demo's user in to its project. @param origin of the IAM, without the version */
export async function issueToken(origin: string): Promise<string> {
  const user = { name: DEMO.user.name, password: DEMO.password, domain: { name: DEMO.domain.name } };
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { project: { id: DEMO.project.id } } };
  const response = await fetch(`${origin}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  return response.headers.get('x-subject-token') ?? '';
}
