import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Metric, readMetric } from './instruments.ts';

/** The ecosystem's own resolution: a finer one costs more than it shows. */
const EVENT_LOOP_RESOLUTION_MS = 10;

/**
 * What a process says of itself, by the names that the ecosystem's client library gives, so that dashboards for Node
 * work. Our own, because that library's last release is of 2024.
 *
 * @param nowMs milliseconds since the epoch
 */
export function processMetrics(nowMs: number): readonly Metric[] {
  const startedAtSeconds = nowMs / 1000 - process.uptime();
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  const version = { version: process.version, major, minor, patch };
  return [
    readMetric(
      'counter',
      'process_cpu_user_seconds_total',
      'CPU time in user mode.',
      () => process.cpuUsage().user / 1e6,
    ),
    readMetric(
      'counter',
      'process_cpu_system_seconds_total',
      'CPU time in the kernel.',
      () => process.cpuUsage().system / 1e6,
    ),
    readMetric('counter', 'process_cpu_seconds_total', 'CPU time, user and system.', cpuSeconds),
    readMetric('gauge', 'process_start_time_seconds', 'Start of the process since the epoch.', () => startedAtSeconds),
    readMetric('gauge', 'process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss()),
    readMetric('gauge', 'process_open_fds', 'Open file descriptors.', openDescriptors),
    readMetric('gauge', 'process_max_fds', 'Most file descriptors that may be open.', maxDescriptors),
    readMetric('gauge', 'nodejs_heap_size_total_bytes', 'Size of the heap.', () => process.memoryUsage().heapTotal),
    readMetric('gauge', 'nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed),
    readMetric(
      'gauge',
      'nodejs_external_memory_bytes',
      'Memory outside the heap.',
      () => process.memoryUsage().external,
    ),
    readMetric('gauge', 'nodejs_active_resources', 'What keeps the event loop alive, by type.', activeResources),
    readMetric('gauge', 'nodejs_version_info', 'Version of Node.', () => [[version, 1]]),
    ...eventLoopMetrics(),
  ];
}

/** Since the last scrape, as the ecosystem's client counts them. */
function eventLoopMetrics(): readonly Metric[] {
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  delay.enable();
  const seconds = (nanoseconds: number): number => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
  const gauge = (name: string, help: string, read: () => number): Metric =>
    readMetric('gauge', `nodejs_eventloop_lag_${name}`, help, () => seconds(read()));
  return [
    gauge('min_seconds', 'Shortest delay of the event loop.', () => (delay.count === 0 ? 0 : delay.min)),
    gauge('max_seconds', 'Longest delay of the event loop.', () => delay.max),
    gauge('mean_seconds', 'Mean delay of the event loop.', () => delay.mean),
    gauge('stddev_seconds', 'Standard deviation of the delay of the event loop.', () => delay.stddev),
    gauge('p50_seconds', 'Median delay of the event loop.', () => delay.percentile(50)),
    gauge('p90_seconds', '90th percentile of the delay of the event loop.', () => delay.percentile(90)),
    gauge('p99_seconds', '99th percentile of the delay of the event loop.', () => {
      const value = delay.percentile(99);
      delay.reset();
      return value;
    }),
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function activeResources(): [labels: { type: string }, value: number][] {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => [{ type }, count]);
}

/** @throws {Error} where the system has no `/proc` */
function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function maxDescriptors(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
}
