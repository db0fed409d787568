import { OperationError } from '../operations-port.ts';

export interface TurnLimits {
  /** How many are at work at once. */
  readonly places: number;
  readonly maxWaiting: number;
  /** What all of them together may hold, at work and waiting. */
  readonly maxBytes: number;
}

/** Lets a few work at once and a bounded number wait, in order; everybody else is told to slow down. */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting: { readonly begin: () => void; readonly refuse: (why: Error) => void }[] = [];
  #running = 0;
  #bytes = 0;
  #refused = 0;
  #ended = false;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many were told to slow down. */
  get refused(): number {
    return this.#refused;
  }

  async take<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    this.#mustFit(bytes);
    this.#bytes += bytes;
    try {
      await this.#turn();
      try {
        if (this.#ended) throw ended();
        return await work();
      } finally {
        this.#next();
      }
    } finally {
      this.#bytes -= bytes;
    }
  }

  /** Nobody begins any more, and those who wait wait no longer. */
  end(): void {
    this.#ended = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(ended());
  }

  #mustFit(bytes: number): void {
    if (this.#ended) throw ended();
    const { places, maxWaiting, maxBytes } = this.#limits;
    const mustWait = this.#running >= places;
    // Whoever comes alone is let in, however much they bring.
    const tooMuch = this.#bytes > 0 && this.#bytes + bytes > maxBytes;
    if (!tooMuch && !(mustWait && this.#waiting.length >= maxWaiting)) return;
    this.#refused++;
    throw new OperationError('SlowDown', 'Too many pictures wait to be processed');
  }

  #turn(): Promise<void> {
    if (this.#running < this.#limits.places) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((begin, refuse) => this.#waiting.push({ begin, refuse }));
  }

  /** The place goes on to the next who waits. */
  #next(): void {
    const next = this.#waiting.shift();
    if (next) next.begin();
    else this.#running--;
  }
}

function ended(): OperationError {
  return new OperationError('InternalError', 'The engine stops and processes no more pictures');
}
