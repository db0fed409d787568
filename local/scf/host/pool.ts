import { Instance, type InstanceOptions } from './instance.ts';
import { failed, type Outcome } from './outcome.ts';

interface PoolLimits {
  /** So many may run at the same time by what the account has: more are refused. */
  readonly quota: number;
  /** So many processes at the same time on this machine: more wait. */
  readonly processes: number;
  readonly idleMs: number;
}

/** An instance to run on, or why there is none. */
type Acquired =
  | { readonly instance: Instance; readonly cold: boolean }
  | { readonly refused: Outcome; readonly log: string };

const MOST_WAITING = 10_000;

/** The instances of one function as it stands: warm ones are used again, and end when nobody needs them. */
export class Pool {
  readonly #limits: PoolLimits;
  readonly #idle: { readonly instance: Instance; readonly timer: NodeJS.Timeout }[] = [];
  readonly #all = new Set<Instance>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #retired = false;
  #stopped = false;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  get processes(): number {
    return this.#all.size;
  }

  /** `options` are asked for where a process has to be started. */
  async acquire(options: () => InstanceOptions): Promise<Acquired> {
    const { quota, processes } = this.#limits;
    if (this.#running >= quota) return refusal('concurrency', `${quota} instances run already`);
    this.#running += 1;
    if (this.#running > processes) {
      if (this.#waiting.length >= MOST_WAITING) {
        this.#running -= 1;
        return refusal('no-resources', 'too many wait for a process');
      }
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    if (this.#stopped) {
      this.#leave();
      return refusal('internal', 'the engine stops');
    }
    for (let warm = this.#idle.pop(); warm; warm = this.#idle.pop()) {
      clearTimeout(warm.timer);
      if (!warm.instance.gone) return { instance: warm.instance, cold: false };
    }
    return this.#start(options);
  }

  /** Gives back what was acquired. */
  release(instance: Instance): void {
    this.#leave();
    if (this.#retired || instance.gone) {
      this.#end(instance);
      return;
    }
    const timer = setTimeout(() => this.#reap(instance), this.#limits.idleMs);
    timer.unref();
    this.#idle.push({ instance, timer });
  }

  /** Starts nothing more; what runs may end its invocation. */
  retire(): void {
    this.#retired = true;
    for (const { instance, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      this.#end(instance);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.retire();
    await Promise.all([...this.#all].map((instance) => instance.stop()));
  }

  async #start(options: () => InstanceOptions): Promise<Acquired> {
    let instance: Instance;
    try {
      instance = new Instance(options());
    } catch (thrown) {
      this.#leave();
      return refusal('no-resources', String(thrown));
    }
    this.#all.add(instance);
    const problem = await instance.ready;
    if (!problem) return { instance, cold: true };
    this.#leave();
    this.#end(instance);
    return { refused: problem, log: instance.log };
  }

  #leave(): void {
    this.#running -= 1;
    this.#waiting.shift()?.();
  }

  #reap(instance: Instance): void {
    const at = this.#idle.findIndex((each) => each.instance === instance);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#end(instance);
  }

  #end(instance: Instance): void {
    void instance.stop().then(() => this.#all.delete(instance));
  }
}

function refusal(status: 'concurrency' | 'no-resources' | 'internal', why: string): Acquired {
  return { refused: failed(status, why), log: '' };
}
