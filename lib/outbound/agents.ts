import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { TUNNEL_TIMEOUT_MS } from '../limits.ts';
import type { ProxySettings } from './proxy.ts';

/** What keeps connections and takes them through a proxy where one is set. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** @param proxy undefined: none */
export function agentOptions(proxy: ProxySettings | undefined) {
  return { keepAlive: true, ...(proxy && { proxyEnv: { ...proxy } }) };
}

/**
 * For a library that makes requests of its own. Some of its parts ask for credentials on link-local addresses through
 * the global agent, which would take them to the proxy: it is replaced.
 *
 * @param timeoutMs milliseconds after which a tunnel that does not open is given up; an aborted request does not end it
 */
export async function createProxyAgents(proxy: ProxySettings, timeoutMs: number = TUNNEL_TIMEOUT_MS): Promise<Agents> {
  const [{ default: http }, { default: https }] = await Promise.all([import('node:http'), import('node:https')]);
  const options = { ...agentOptions(proxy), timeout: timeoutMs };
  const agents = { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
  http.globalAgent = agents.httpAgent;
  https.globalAgent = agents.httpsAgent;
  return agents;
}
