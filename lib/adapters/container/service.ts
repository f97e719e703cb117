import type { Server } from 'node:http';
import { type Core, createCore, withHttp } from '../../app/core.ts';
import { readConfig } from '../../app/read-config.ts';
import type { Config, Environment } from '../../config/config.ts';
import type { WriteLine } from '../../telemetry/log.ts';
import { createServiceMetrics, type ServiceMetrics } from '../../telemetry/service-metrics.ts';
import { VERSION } from '../../telemetry/version.ts';
import { createEventFunction } from '../event/event-function.ts';
import { createCloudEventsListener } from './cloudevents-door.ts';
import { createFunctionGraphListener, FUNCTIONGRAPH_REQUEST_ID } from './functiongraph-door.ts';
import { createHttpDoor } from './http-door.ts';
import { createHttpServer, serve } from './http-server.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { drain, listen } from './lifecycle.ts';
import { startMetricsServer } from './metrics-server.ts';
import { withHealth } from './probes.ts';
import { createReadiness } from './readiness.ts';
import type { Listener } from './send-reply.ts';

export interface Service {
  readonly core: Core;
  /** Where it listens. */
  readonly port: number;
  /** Not ready any more, no new connections, accepted requests answered; at the latest after `SHUTDOWN_GRACE_SECONDS`. */
  stop(): Promise<void>;
}

/** The container: one door, its health, its metrics where they are wanted. @throws {ConfigError} */
export async function startService(environment: Environment, writeLine: WriteLine): Promise<Service> {
  const config = readConfig(environment);
  const { HOST: host, PORT: wanted, MAX_IN_FLIGHT: limit, METRICS_PORT: metricsPort } = config;
  const work = createInFlight(limit);
  const metrics =
    metricsPort === undefined ? undefined : createMetrics(config, work, (name) => core.isSourceOpen(name));
  const core: Core = createCore(config, { writeLine, ...(metrics && { observer: metrics }) });
  // FunctionGraph runs an HTTP function behind itself: nobody else can set this header there.
  const requestIdHeader = environment.RUNTIME_FUNC_NAME ? FUNCTIONGRAPH_REQUEST_ID : undefined;
  const door = await openDoor(core, work, requestIdHeader);
  let isStopping = false;
  const isReady = createReadiness(core);
  const server = createHttpServer();
  const connections = serve(
    server,
    core,
    withHealth(door, core, () => !isStopping && isReady()),
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
      await drain(server, connections, config.SHUTDOWN_GRACE_SECONDS * 1000);
      for (const other of servers) other.close().closeAllConnections();
    },
  };
}

function createMetrics(config: Config, work: InFlight, isOpen: (source: string) => boolean): ServiceMetrics {
  const sources = config.ENTROPY_SOURCES;
  const asksIam = config.SERVER_DOOR === 'http' && config.AUTH_METHODS.includes('iam');
  const dependencies = asksIam ? ['iam', ...sources] : sources;
  return createServiceMetrics({
    version: VERSION,
    nowMs: Date.now(),
    dependencies,
    sources,
    inFlight: work.count,
    isOpen,
  });
}

/** One door per process: the last two ask for no token, so they never stand beside the first. */
async function openDoor(core: Core, work: InFlight, requestIdHeader: string | undefined): Promise<Listener> {
  switch (core.config.SERVER_DOOR) {
    case 'http': {
      const app = withHttp({ ...core, draw: work.gate(core.draw) }, work.validations);
      return createHttpDoor(app, requestIdHeader);
    }
    case 'functiongraph-event':
      return createFunctionGraphListener(core, work.gate(createEventFunction(core)));
    case 'cloudevents':
      return createCloudEventsListener(core, work.gate(createEventFunction(core)));
  }
}
