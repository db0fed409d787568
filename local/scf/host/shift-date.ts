const RealDate = Date;
let ahead = 0;
let shifted: DateConstructor | undefined;

/** The clock moves on by itself between two invocations; it was set when it differs by more. */
const SMALL_MS = 1000;

/** Lets the code that runs here see the engine's time, so that what it signs is of that time. */
export function shiftDate(aheadMs: number): void {
  ahead = aheadMs;
  if (shifted === undefined && Math.abs(aheadMs) < SMALL_MS) return;
  shifted ??= new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  globalThis.Date = shifted;
}

function now(): number {
  return RealDate.now() + ahead;
}
