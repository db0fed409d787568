/** The engine's time. Real time until somebody moves or stops it. */
export interface EngineClock {
  now(): number;
  set(ms: number): void;
  advance(ms: number): void;
  freeze(): void;
  thaw(): void;
  readonly frozen: boolean;
  /** Runs `work` when the clock reaches `at`, however it gets there. Calling the answer takes it back. */
  when(at: number, work: () => void): () => void;
  /** Forgets everything that waits. */
  stop(): void;
}

/** Timers cannot wait longer than this; a longer wait is taken in pieces. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export function engineClock(realNow: () => number = Date.now): EngineClock {
  /** What to add to real time, or the moment at which the clock stands. */
  let offset = 0;
  let frozenAt: number | undefined;
  let nextId = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Map<number, { readonly at: number; readonly work: () => void }>();

  const now = () => frozenAt ?? Math.round(realNow() + offset);

  /** What is due runs in the order of its time; what that work asks for runs when it is due itself. */
  function runDue(): void {
    const due = [...waiting]
      .filter(([, { at }]) => at <= now())
      .sort(([, a], [, b]) => a.at - b.at);
    for (const [id, { work }] of due) {
      if (waiting.delete(id)) work();
    }
    arm();
  }

  function arm(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0 || frozenAt !== undefined) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const { at } of waiting.values()) earliest = Math.min(earliest, at);
    timer = setTimeout(runDue, Math.min(Math.max(0, earliest - now()), LONGEST_WAIT_MS));
    timer.unref();
  }

  function moveTo(ms: number): void {
    if (frozenAt === undefined) offset = ms - realNow();
    else frozenAt = ms;
    // Work that is due starts after whoever moved the clock has its answer.
    setImmediate(runDue);
  }

  return {
    now,
    set: moveTo,
    advance: (ms) => moveTo(now() + ms),
    freeze() {
      frozenAt ??= now();
      arm();
    },
    thaw() {
      if (frozenAt === undefined) return;
      offset = frozenAt - realNow();
      frozenAt = undefined;
      arm();
    },
    get frozen() {
      return frozenAt !== undefined;
    },
    when(at, work) {
      const id = nextId++;
      waiting.set(id, { at, work });
      arm();
      return () => {
        if (waiting.delete(id)) arm();
      };
    },
    stop() {
      waiting.clear();
      clearTimeout(timer);
    },
  };
}
