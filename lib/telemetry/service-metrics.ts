import type { HealthEvent } from '../entropy/tested-source.ts';
import { CATALOGUE, catalogueRow, type ErrorKey, statusOf } from '../errors.ts';
import { Counter, expose, Histogram, type Labels, type Metric, readMetric } from './instruments.ts';
import { type Observer, OUTCOMES } from './observer.ts';
import { processMetrics } from './process-metrics.ts';

const LATENCY_BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

const THROTTLES = ['rate-limit', 'too-many-in-flight', 'too-many-validations', 'source-throttled', 'log-stalled'];

const HEALTH_EVENTS: readonly HealthEvent[] = ['warned', 'closed', 'reopened', 'failing', 'recovered'];

export interface ServiceMetrics extends Observer {
  /** Prometheus' text exposition. */
  readonly text: () => string;
}

export interface ServiceMetricsOptions {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** `iam` where it is asked, and the configured sources. */
  readonly dependencies: readonly string[];
  readonly sources: readonly string[];
  /** Status of a token that is unknown or has expired. */
  readonly tokenRefusedStatus: number;
  /** Requests at work now. */
  readonly inFlight: () => number;
  /** Connections that are open now. */
  readonly connections: () => number;
  /** Whether a source serves now. */
  readonly isOpen: (source: string) => boolean;
}

/** Every series is there from the start, so that a rate is right from the first event on. */
export function createServiceMetrics(options: ServiceMetricsOptions): ServiceMetrics {
  const { version, sources, dependencies, inFlight, connections, isOpen } = options;
  const bySource: readonly Labels[] = sources.map((source) => ({ source }));
  const requests = new Counter(
    'gen_random_requests_total',
    'Requests answered, by status and error code.',
    outcomes(options.tokenRefusedStatus),
  );
  const duration = new Histogram('gen_random_request_duration_seconds', 'Time to answer a request.', LATENCY_BOUNDS);
  const bytes = new Counter('gen_random_random_bytes_total', 'Random bytes given out.', [{}]);
  const verifications = new Counter(
    'gen_random_token_verifications_total',
    'Tokens judged: hit (remembered), shared (joined a validation in flight), or what IAM said.',
    ['hit', 'shared', 'accepted', 'rejected', 'undecided'].map((result) => ({ result })),
  );
  const asked = new Counter(
    'gen_random_dependency_requests_total',
    'Validations and draws, by dependency and outcome.',
    dependencies.flatMap((dependency) => OUTCOMES.map((outcome) => ({ dependency, outcome }))),
  );
  const took = new Histogram(
    'gen_random_dependency_duration_seconds',
    'Time of a validation or draw, by dependency.',
    LATENCY_BOUNDS,
    dependencies.map((dependency) => ({ dependency })),
  );
  const throttled = new Counter(
    'gen_random_throttled_total',
    'Requests answered 429, by reason.',
    THROTTLES.map((reason) => ({ reason })),
  );
  const degraded = new Counter('gen_random_entropy_degraded_total', 'Answers given without a source.', bySource);
  const health = new Counter(
    'gen_random_entropy_health_total',
    'Sources that a health test warned of, closed or reopened; that began failing or recovered from it.',
    sources.flatMap((source) => HEALTH_EVENTS.map((event) => ({ source, event }))),
  );
  const dropped = new Counter(
    'gen_random_connections_dropped_total',
    'Connections ended because there were too many.',
    [{}],
  );
  const metrics: readonly Metric[] = [
    requests,
    duration,
    bytes,
    readMetric('gauge', 'gen_random_in_flight', 'Requests at work.', inFlight),
    readMetric('gauge', 'gen_random_connections', 'Open connections.', connections),
    dropped,
    verifications,
    asked,
    took,
    throttled,
    degraded,
    health,
    readMetric('gauge', 'gen_random_entropy_source_open', '1 while a source serves.', () =>
      sources.map((source) => [{ source }, isOpen(source) ? 1 : 0]),
    ),
    readMetric('gauge', 'gen_random_build_info', 'Version of the service and of Node.', () => [
      [{ version, node: process.versions.node }, 1],
    ]),
    ...processMetrics(options.nowMs),
  ];
  return {
    text: () => expose(metrics),
    request({ status, code, reason, seconds, bitLength, omitted }) {
      requests.add({ status: String(status), code: code ?? '' });
      if (seconds !== undefined) duration.observe({}, seconds);
      if (status === 200 && bitLength !== undefined) bytes.add({}, bitLength / 8);
      if (status === 429 && reason !== undefined) throttled.add({ reason });
      for (const source of omitted) degraded.add({ source });
    },
    verification: (result) => verifications.add({ result }),
    dependency(dependency, outcome, seconds) {
      asked.add({ dependency, outcome });
      took.observe({ dependency }, seconds);
    },
    entropyHealth: (source, event) => health.add({ source, event }),
    connectionDropped: () => dropped.add({}),
  };
}

function outcomes(tokenRefusedStatus: number): Labels[] {
  const keys = Object.keys(CATALOGUE) as ErrorKey[];
  const rows = keys.map((key) => ({
    status: String(statusOf(key, tokenRefusedStatus)),
    code: catalogueRow(key).code,
  }));
  return [{ status: '200', code: '' }, ...rows];
}
