import type { HealthEvent } from '../entropy/tested-source.ts';
import { Counter, expose, Gauge, Histogram, readCounter } from './instruments.ts';
import type { Observer } from './observer.ts';

const LATENCY_BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export interface ServiceMetrics extends Observer {
  /** Prometheus' text exposition. */
  readonly text: () => string;
}

/** @param inFlight requests at work now */
export function createServiceMetrics(inFlight: () => number): ServiceMetrics {
  const requests = new Counter('gen_random_requests_total', 'Requests answered, by status and error code.');
  const bytes = new Counter('gen_random_random_bytes_total', 'Random bytes given out.');
  const duration = new Histogram('gen_random_request_duration_seconds', 'Time to answer a request.', LATENCY_BOUNDS);
  const verifications = new Counter(
    'gen_random_token_verifications_total',
    'Tokens judged: hit (remembered), shared (joined a validation in flight), or what IAM said.',
  );
  const validation = new Histogram(
    'gen_random_token_validation_duration_seconds',
    "IAM's time for an answer.",
    LATENCY_BOUNDS,
  );
  const degraded = new Counter('gen_random_entropy_degraded_total', 'Answers given without a source, by source.');
  const health = new Counter('gen_random_entropy_health_total', 'Health tests of sources: warned, closed, reopened.');
  const metrics = [
    requests,
    bytes,
    duration,
    verifications,
    validation,
    degraded,
    health,
    new Gauge('gen_random_in_flight', 'Requests at work.', inFlight),
    new Gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss()),
    readCounter('process_cpu_seconds_total', 'CPU time, user and system.', cpuSeconds),
  ];
  return {
    text: () => expose(metrics),
    request({ status, code, seconds, bitLength, omitted }) {
      requests.add({ status: String(status), code: code ?? '' });
      if (seconds !== undefined) duration.observe(seconds);
      if (status === 200 && bitLength !== undefined) bytes.add({}, bitLength / 8);
      for (const source of omitted) degraded.add({ source });
    },
    verification(result, seconds) {
      verifications.add({ result });
      if (seconds !== undefined) validation.observe(seconds);
    },
    entropyHealth: (source: string, event: HealthEvent) => health.add({ source, event }),
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
