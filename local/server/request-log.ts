/** One line of the request log: what was asked, by whom, what was decided, how long it took. */
export interface LoggedRequest {
  readonly id: string;
  readonly at: number;
  readonly method: string;
  readonly host: string;
  /** Redacted: signatures and tokens of signed addresses are left out. */
  readonly path: string;
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
  /** `owner` or a name, and the SecretId; `anonymous`; `unproven` where the signature was refused. */
  readonly signedBy: string;
  readonly status: number;
  readonly code?: string;
  /** Of a denial: what was missing. */
  readonly denied?: string;
  /** The statement that would have allowed it. */
  readonly allowWith?: string;
  /** Of a wrong signature: what differs. */
  readonly difference?: string;
  readonly fault?: string;
  readonly durationMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The last requests, oldest first. Kept in a ring, so that a day of load costs no memory. */
export interface RequestLog {
  add(entry: LoggedRequest): void;
  list(limit: number): readonly LoggedRequest[];
  clear(): void;
}

const KEPT = 1000;

export function requestLog(onEntry: (entry: LoggedRequest) => void = () => {}): RequestLog {
  let ring: LoggedRequest[] = [];
  let next = 0;
  return {
    add(entry) {
      ring[next] = entry;
      next = (next + 1) % KEPT;
      onEntry(entry);
    },
    list(limit) {
      const inOrder = [...ring.slice(next), ...ring.slice(0, next)];
      return inOrder.slice(-limit);
    },
    clear() {
      ring = [];
      next = 0;
    },
  };
}
