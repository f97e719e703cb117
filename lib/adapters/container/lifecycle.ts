import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connections } from './connections.ts';

/** Binds the server. @returns the port that it got @throws {Error} with one sentence, which names the variable of a taken port */
export function listen(server: Server, host: string, port: number, variable = 'PORT'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(sentence(error, host, port, variable))));
    server.listen(port, host, () => resolve(portOf(server)));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return isAddressInfo(address) ? address.port : 0;
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function sentence(error: NodeJS.ErrnoException, host: string, port: number, variable: string): string {
  if (error.code === 'EADDRINUSE') return `port ${port} on ${host} is taken; set ${variable} to a free one`;
  return `cannot listen on ${host}, port ${port} (${error.code ?? 'no code'})`;
}

/**
 * Stops taking connections and lets accepted requests finish.
 *
 * @param graceMs after this what is still open is cut
 */
export function drain(server: Server, connections: Connections, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    connections.drain();
  });
}

/** On SIGTERM or SIGINT stops what is to be stopped, then exits with 0; a second signal ends it at once with 1. */
export function onStopSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** One line on standard error and exit code 1: for what keeps a process from starting. */
export function exitWith(error: unknown): void {
  process.stderr.write(`gen-random: ${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exitCode = 1;
}
