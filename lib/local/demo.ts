import { PUBLIC_KEY } from '../config/secrets.ts';

/**
 * What the local run knows: one user who may draw in one project. Public, and good for nothing beyond this machine's
 * loopback.
 */
export const DEMO = {
  user: { id: 'fedcba9876543210fedcba9876543210', name: 'demo' },
  password: 'demo',
  domain: { id: 'default', name: 'Default' },
  project: { id: '0123456789abcdef0123456789abcdef', name: 'demo' },
  role: { id: '0', name: 'te_admin' },
} as const;

export const DEMO_KEY = { ...PUBLIC_KEY, projectId: DEMO.project.id };

/**
 * Two commands for a POSIX shell: the first shows IAM's answer and keeps its token, the second draws 512 bits with it.
 */
export function demoCommands(baseUrl: string): readonly [string, string] {
  const { user, password, domain, project } = DEMO;
  const login = {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: user.name, password, domain: { name: domain.name } } },
      },
      scope: { project: { id: project.id } },
    },
  };
  const json = "-H 'Content-Type: application/json'";
  const keepToken = `tee /dev/stderr | tr -d '\\r' | awk 'tolower($1) == "x-subject-token:" { print $2 }'`;
  return [
    `TOKEN=$(curl -si '${baseUrl}/v3/auth/tokens?nocatalog=1' ${json} -d '${JSON.stringify(login)}' | ${keepToken})`,
    `curl -s ${baseUrl}/v1.0/${project.id}/kms/gen-random ${json} -H "X-Auth-Token: $TOKEN" -d '{"random_data_length":"512"}'`,
  ];
}
