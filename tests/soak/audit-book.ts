type Line = Readonly<Record<string, unknown>>;

/** Holds answers against audit lines, by request id. */
export interface AuditBook {
  line(line: Line): void;
  answer(requestId: string, status: number): void;
  /** To be asked when all is answered and read. */
  result(): { readonly lines: number; readonly missing: number; readonly doubled: number; readonly different: number };
}

interface Entry {
  lines: number;
  lineStatus: unknown;
  status: number | undefined;
}

export function createAuditBook(): AuditBook {
  const entries = new Map<unknown, Entry>();
  let lines = 0;
  // Of 429s that were answered while standard output stalled: one line counts them.
  let summed = 0;

  function entryOf(id: unknown): Entry {
    const entry = entries.get(id) ?? { lines: 0, lineStatus: undefined, status: undefined };
    entries.set(id, entry);
    return entry;
  }

  return {
    line(line) {
      if (typeof line.refused === 'number') summed += line.refused;
      // Notes about the service have neither.
      if (line.request_id === undefined || line.status === undefined) return;
      const entry = entryOf(line.request_id);
      entry.lines += 1;
      entry.lineStatus = line.status;
      lines += 1;
    },
    answer(requestId, status) {
      entryOf(requestId).status = status;
    },
    result() {
      const all = [...entries.values()];
      const lost = all.filter((entry) => entry.status !== undefined && entry.lines === 0);
      const excused = Math.min(summed, lost.filter(({ status }) => status === 429).length);
      return {
        lines,
        missing: lost.length - excused,
        doubled: all.filter((entry) => entry.lines > 1).length,
        different: all.filter(({ status, lineStatus, lines: count }) => {
          return status !== undefined && count > 0 && status !== lineStatus;
        }).length,
      };
    },
  };
}
