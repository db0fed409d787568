import { BEIJING_MS, nextFiring } from '../../../shared/core/cron.ts';
import type { EngineClock } from '../../server/clock.ts';
import type { FunctionName, StoredTrigger } from '../stored-function.ts';
import { cronOf } from './timer-trigger.ts';

interface TimersOptions {
  readonly clock: Pick<EngineClock, 'now' | 'when'>;
  /** Whether lines mean UTC; otherwise they mean Beijing. */
  readonly utc: boolean;
  fire(owner: FunctionName, trigger: StoredTrigger, at: number): void;
}

/**
 * Fires timers when the engine's clock reaches them. Of the times that a clock jumps over, the first
 * alone is fired; those that passed while the engine was off are not.
 */
export class Timers {
  readonly #options: TimersOptions;
  readonly #waiting = new Map<string, readonly (() => void)[]>();

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /** The timers of a function from now on. */
  set(key: string, owner: FunctionName, triggers: readonly StoredTrigger[]): void {
    this.clear(key);
    const timers = triggers.filter(({ type, enabled }) => type === 'timer' && enabled);
    if (timers.length > 0)
      this.#waiting.set(
        key,
        timers.map((timer) => this.#wait(owner, timer)),
      );
  }

  clear(key: string): void {
    for (const cancel of this.#waiting.get(key) ?? []) cancel();
    this.#waiting.delete(key);
  }

  stop(): void {
    for (const key of [...this.#waiting.keys()]) this.clear(key);
  }

  #wait(owner: FunctionName, trigger: StoredTrigger): () => void {
    const { clock, utc, fire } = this.#options;
    const cron = cronOf(trigger);
    let cancel = () => {};
    const next = (after: number) => {
      const at = nextFiring(cron, after, utc ? 0 : BEIJING_MS);
      if (at === undefined) return;
      cancel = clock.when(at, () => {
        fire(owner, trigger, at);
        next(Math.max(at, clock.now()));
      });
    };
    next(clock.now());
    return () => cancel();
  }
}
