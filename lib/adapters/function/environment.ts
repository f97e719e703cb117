import { type Environment, VARIABLES } from '../../config/config.ts';
import { SECRETS } from '../../config/secrets.ts';
import { PROXY_VARIABLES } from '../../outbound/proxy.ts';
import { call } from './invocation.ts';

/**
 * The configuration's variables from everywhere a platform keeps them: the process environment and, on FunctionGraph,
 * the user variables, which it documents in `RUNTIME_USERDATA` and in `context.getUserData(name)` only.
 *
 * @param context FunctionGraph's, of the initializer or of the first invocation; anything else adds nothing
 */
export function readEnvironment(processEnvironment: Environment, context: unknown): Environment {
  const environment = { ...processEnvironment, ...readUserData(processEnvironment.RUNTIME_USERDATA) };
  const files = SECRETS.map((name) => `${name}_FILE`);
  for (const name of [...Object.keys(VARIABLES), ...files, ...PROXY_VARIABLES]) {
    const value = call(context, 'getUserData', name);
    if (typeof value === 'string' && value !== '') environment[name] = value;
  }
  return environment;
}

function readUserData(text: string | undefined): Environment {
  if (text === undefined || text === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TypeError('RUNTIME_USERDATA is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('RUNTIME_USERDATA is not a JSON object');
  return Object.fromEntries(Object.entries(parsed).filter((entry) => typeof entry[1] === 'string'));
}
