import type { Server } from 'node:http';
import { type Core, createCore, withHttp } from '../app.ts';
import type { Environment } from '../config.ts';
import { ServiceError } from '../errors.ts';
import type { WriteLine } from '../log.ts';
import { createServiceMetrics } from '../metrics/service-metrics.ts';
import { createEventFunction } from '../triggers/event-function.ts';
import { createCloudEventsListener } from './cloudevents-door.ts';
import { createFunctionGraphListener } from './functiongraph-door.ts';
import { withHealth } from './health.ts';
import { createGenRandomListener, createHttpServer, createRefuse, serve } from './http-server.ts';
import { limitInFlight } from './in-flight.ts';
import { drain, listen } from './lifecycle.ts';
import { type Listener, sendReply } from './listener.ts';
import { startMetricsServer } from './metrics-server.ts';
import { createReadiness } from './readiness.ts';

export interface Service {
  readonly core: Core;
  /** Where it listens. */
  readonly port: number;
  /** Not ready any more, no new connections, accepted requests answered; at the latest after `SHUTDOWN_GRACE_SECONDS`. */
  stop(): Promise<void>;
}

/** The container: one door, its health, its metrics where they are wanted. @throws {ConfigError} */
export async function startService(environment: Environment, writeLine: WriteLine): Promise<Service> {
  let inFlight = (): number => 0;
  const metrics = environment.METRICS_PORT?.trim() ? createServiceMetrics(() => inFlight()) : undefined;
  const core = createCore(environment, writeLine, metrics && { observer: metrics });
  const { HOST: host, PORT: wanted, MAX_IN_FLIGHT: limit, METRICS_PORT: metricsPort } = core.config;
  const refuse = createRefuse(core);
  const limited = limitInFlight(await openDoor(core), {
    limit,
    refuse: (_request, response) => {
      const error = new ServiceError('throttled', { reason: 'too many requests in flight' });
      sendReply(response, refuse(error, core.freshRequestId()));
    },
  });
  inFlight = limited.count;
  let isStopping = false;
  const isReady = createReadiness(core);
  const server = createHttpServer();
  const connections = serve(
    server,
    core,
    withHealth(limited.listener, () => !isStopping && isReady()),
  );
  const servers: Server[] = [];
  if (metrics !== undefined && metricsPort !== undefined) {
    servers.push(await startMetricsServer(metrics.text, host, metricsPort));
  }
  const port = await listen(server, host, wanted);
  return {
    core,
    port,
    async stop() {
      isStopping = true;
      await drain(server, connections, core.config.SHUTDOWN_GRACE_SECONDS * 1000);
      for (const other of servers) other.close().closeAllConnections();
    },
  };
}

/** One door per process: the last two ask for no token, so they never stand beside the first. */
async function openDoor(core: Core): Promise<Listener> {
  switch (core.config.SERVER_DOOR) {
    case 'http':
      return createGenRandomListener(withHttp(core));
    case 'functiongraph-event':
      return createFunctionGraphListener(core, createEventFunction(core));
    case 'cloudevents':
      return createCloudEventsListener(core, createEventFunction(core));
  }
}
