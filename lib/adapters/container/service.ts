import type { Server } from 'node:http';
import { type Core, createCore, withHttp } from '../../app/core.ts';
import { readConfig } from '../../app/read-config.ts';
import { type Resources, readResources } from '../../app/resources.ts';
import type { Config, Environment } from '../../config/config.ts';
import {
  createServiceMetrics,
  type ServiceMetrics,
  type ServiceMetricsOptions,
} from '../../telemetry/service-metrics.ts';
import type { LogWriter } from '../../telemetry/standard-output.ts';
import { VERSION } from '../../telemetry/version.ts';
import { createEventFunction } from '../event/event-function.ts';
import { createCloudEventsListener } from './cloudevents-door.ts';
import { connectionLimitOf } from './connection-limit.ts';
import type { Connections } from './connections.ts';
import { createFunctionGraphListener, FUNCTIONGRAPH_REQUEST_ID } from './functiongraph-door.ts';
import { createHttpDoor } from './http-door.ts';
import { createHttpServer, serve } from './http-server.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { drain, flushWithin, listen } from './lifecycle.ts';
import { createLogGuard, type LogGuard } from './log-guard.ts';
import { startMetricsServer } from './metrics-server.ts';
import { withHealth } from './probes.ts';
import { createReadiness } from './readiness.ts';
import type { Listener } from './send-reply.ts';

export interface Service {
  readonly core: Core;
  /** Where it listens. */
  readonly port: number;
  readonly maxConnections: number;
  /**
   * Not ready any more, no new connections, accepted requests answered, their lines written; at the latest after
   * `SHUTDOWN_GRACE_SECONDS`.
   */
  stop(signal?: string): Promise<void>;
}

/** What the process gives to its service. */
export interface ServiceParts {
  readonly writer: LogWriter;
  /** Default: this process's own. */
  readonly resources?: Resources;
}

/** The container: one door, its health, its metrics where they are wanted. @throws {ConfigError} */
export async function startService(environment: Environment, parts: ServiceParts): Promise<Service> {
  const { writer, resources = readResources() } = parts;
  const config = readConfig(environment);
  const { HOST: host, PORT: wanted, MAX_IN_FLIGHT: limit, METRICS_PORT: metricsPort } = config;
  const work = createInFlight(limit);
  const guard = createLogGuard(writer);
  const metrics =
    metricsPort === undefined
      ? undefined
      : createMetrics(config, {
          inFlight: work.count,
          connections: () => connections.count(),
          isOpen: (name) => core.isSourceOpen(name),
        });
  const observer = metrics && { observer: metrics };
  const core: Core = guard.over(createCore(config, { writeLine: writer.writeLine, ...observer }));
  // FunctionGraph runs an HTTP function behind itself: nobody else can set this header there.
  const requestIdHeader = environment.RUNTIME_FUNC_NAME ? FUNCTIONGRAPH_REQUEST_ID : undefined;
  const door = openDoor(core, { work, guard, requestIdHeader });
  let isStopping = false;
  const isSourceReady = createReadiness(core);
  const isReady = (): boolean => !isStopping && writer.isTaking() && isSourceReady();
  const server = createHttpServer();
  const maxConnections = connectionLimitOf(resources);
  const connections: Connections = serve(server, core, withHealth(door, core, isReady), {
    maxConnections,
    refusal: guard.refusal,
  });
  const servers: Server[] = [];
  if (metrics !== undefined && metricsPort !== undefined) {
    servers.push(await startMetricsServer(metrics.text, host, metricsPort));
  }
  const port = await listen(server, host, wanted);
  return {
    core,
    port,
    maxConnections,
    async stop(signal) {
      isStopping = true;
      core.log.note('info', 'stopping', { signal, in_flight: work.count(), connections: connections.count() });
      const endsAtMs = core.monotonicMs() + config.SHUTDOWN_GRACE_SECONDS * 1000;
      const connectionsCut = await drain(server, connections, config.SHUTDOWN_GRACE_SECONDS * 1000);
      for (const other of servers) other.close().closeAllConnections();
      const requestsCut = work.count();
      const cut = { requests_cut: requestsCut, connections_cut: connectionsCut };
      core.log.note(requestsCut > 0 ? 'error' : 'info', 'stopped', cut);
      await flushWithin(writer, Math.max(0, endsAtMs - core.monotonicMs()));
    },
  };
}

type Readings = Pick<ServiceMetricsOptions, 'inFlight' | 'connections' | 'isOpen'>;

function createMetrics(config: Config, readings: Readings): ServiceMetrics {
  const sources = config.ENTROPY_SOURCES;
  const asksIam = config.SERVER_DOOR === 'http' && config.AUTH_METHODS.includes('iam');
  const dependencies = asksIam ? ['iam', ...sources] : sources;
  const tokenRefusedStatus = Number(config.TOKEN_REFUSED_STATUS);
  const settings = { version: VERSION, nowMs: Date.now(), dependencies, sources, tokenRefusedStatus };
  return createServiceMetrics({ ...settings, ...readings });
}

interface DoorParts {
  readonly work: InFlight;
  readonly guard: LogGuard;
  readonly requestIdHeader: string | undefined;
}

/** One door per process: the last two ask for no token, so they never stand beside the first. */
function openDoor(core: Core, { work, guard, requestIdHeader }: DoorParts): Listener {
  switch (core.config.SERVER_DOOR) {
    case 'http': {
      const app = withHttp({ ...core, draw: work.gate(core.draw) }, work.validations);
      return createHttpDoor({ ...app, pipeline: guard.gate(app.pipeline) }, requestIdHeader);
    }
    case 'functiongraph-event':
      return createFunctionGraphListener(core, work.gate(guard.gate(createEventFunction(core))));
    case 'cloudevents':
      return createCloudEventsListener(core, work.gate(guard.gate(createEventFunction(core))));
  }
}
