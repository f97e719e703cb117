import type { Server } from 'node:http';
import { type AddressInfo, Server as Listener } from 'node:net';
import { withDeadline } from '../../deadline.ts';
import { complain, endProcess, type LogWriter } from '../../telemetry/standard-output.ts';
import type { Connections } from './connections.ts';

/**
 * Binds the server.
 *
 * @param host a name or an address; one of IPv6 may stand in brackets, as in a URL
 * @returns the port that it got
 * @throws {Error} with one sentence, which names the variable of a taken port
 */
export function listen(server: Server, host: string, port: number, variable = 'PORT'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(sentence(error, host, port, variable))));
    server.listen(port, bareAddress(host), () => resolve(portOf(server)));
  });
}

export function bareAddress(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
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
 * Stops taking connections, answers what is asked on those that are open, and ends them.
 *
 * @param graceMs after this what is still open is cut
 * @returns how many connections were cut
 */
export async function drain(server: Server, connections: Connections, graceMs: number): Promise<number> {
  let cut = 0;
  const timer = setTimeout(() => {
    cut = connections.cut();
  }, graceMs);
  await connections.takeWaiting();
  // Node's own `close` of an HTTP server also destroys connections whose next request it has not read yet.
  const closed = new Promise((resolve) => Listener.prototype.close.call(server, resolve));
  connections.drain();
  await closed;
  clearTimeout(timer);
  server.close();
  return cut;
}

/** Waits for all lines to be out, for so many milliseconds at most. */
export async function flushWithin(writer: LogWriter, leftMs: number): Promise<void> {
  const written = writer.flush();
  if (written !== undefined) await withDeadline(written, leftMs, () => undefined);
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Stops what is to be stopped on a signal, or once standard output is broken, and then ends the process: with 0, or
 * with 1 and a sentence if lines are lost. A second signal ends it at once with 1.
 *
 * @param stop returns once everything is answered and written, or the time for it is over; it is told the name of the
 *   signal
 */
export function endOnSignal(stop: (signal?: string) => Promise<void>, writer: LogWriter): void {
  let signals = 0;
  let isEnding = false;
  const end = (signal?: string): void => {
    if (isEnding) return;
    isEnding = true;
    void stop(signal).then(() => endProcess(writer));
  };
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      end(signal);
    });
  }
  const endIfBroken = (): void => {
    if (writer.brokenBy() !== undefined) end();
  };
  writer.whenChanged(endIfBroken);
  endIfBroken();
}

/** One line on standard error and exit code 1: for what keeps a process from starting. */
export function exitWith(error: unknown): void {
  complain(error instanceof Error ? error.message : 'unknown error');
  process.exitCode = 1;
}
