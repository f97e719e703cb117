/** One look at the container, in bytes and counts. */
export interface Sample {
  readonly atMs: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly descriptors: number;
  readonly connections: number;
  readonly inFlight: number;
  readonly timers: number;
  readonly sockets: number;
}

export async function takeSample(metricsPort: number): Promise<Sample> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const values = new Map(text.split('\n').map((line) => [line.replace(/ \S*$/, ''), Number(line.replace(/^.* /, ''))]));
  const value = (series: string): number => values.get(series) ?? Number.NaN;
  const resources = (type: string): number => values.get(`nodejs_active_resources{type="${type}"}`) ?? 0;
  return {
    atMs: performance.now(),
    residentBytes: value('process_resident_memory_bytes'),
    heapBytes: value('nodejs_heap_size_used_bytes'),
    descriptors: value('process_open_fds'),
    connections: value('gen_random_connections'),
    inFlight: value('gen_random_in_flight'),
    timers: resources('Timeout'),
    sockets: resources('TCPSocketWrap') + resources('TCPWRAP'),
  };
}

const MIB = 1024 * 1024;

/** What may be more at the end than before the load: a test of the KMS may be on its way. */
const SLACK = { descriptors: 2, connections: 0, inFlight: 0, timers: 2, sockets: 2 } as const;
/** What the run may add between its second quarter and its last. */
const GROWTH_BYTES = { residentBytes: 32 * MIB, heapBytes: 12 * MIB } as const;

export interface Growth {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly allowed: number;
}

/**
 * @param idle before the load and after it
 * @param loaded in their order
 */
export function growths(idle: readonly [Sample, Sample], loaded: readonly Sample[]): readonly Growth[] {
  const [before, after] = idle;
  const counts = keysOf(SLACK).map((name) => ({
    name,
    before: before[name],
    after: after[name],
    allowed: SLACK[name],
  }));
  const quarter = Math.floor(loaded.length / 4);
  const [second, last] = [loaded.slice(quarter, 2 * quarter), loaded.slice(-quarter)];
  const resident = {
    name: 'residentBytes',
    before: median(second.map(({ residentBytes }) => residentBytes)),
    after: median(last.map(({ residentBytes }) => residentBytes)),
    allowed: GROWTH_BYTES.residentBytes,
  };
  // Between two collections the heap only grows: its lowest points are what lives.
  const heap = {
    name: 'heapBytes',
    before: Math.min(...second.map(({ heapBytes }) => heapBytes)),
    after: Math.min(...last.map(({ heapBytes }) => heapBytes)),
    allowed: GROWTH_BYTES.heapBytes,
  };
  return [resident, heap, ...counts];
}

/** A figure that is missing has grown, too. */
export function hasGrown({ before, after, allowed }: Growth): boolean {
  return !(after - before <= allowed);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function keysOf<Key extends string>(object: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(object) as Key[];
}
