/** What every kind of source has in common. A source keeps nothing random between two reads. */
interface NamedSource {
  /** As in `ENTROPY_SOURCES`. */
  readonly name: string;
}

/**
 * A source on this machine. It answers at once. The caller owns the returned array; the source never keeps or reuses
 * it.
 */
export interface LocalSource extends NamedSource {
  readonly kind: 'local';
  /** @param length bytes wanted, 1 to 1024. @throws {Error} if the source cannot give them all */
  read(length: number): Uint8Array;
}

/** A source behind a network. The caller owns the returned array; the source never keeps or reuses it. */
export interface RemoteSource extends NamedSource {
  readonly kind: 'remote';
  /**
   * @param length bytes wanted, 1 to 1024
   * @param signal aborts the read with all its attempts, and frees what they hold
   */
  read(length: number, signal: AbortSignal): Promise<Uint8Array>;
}

export type EntropySource = LocalSource | RemoteSource;
