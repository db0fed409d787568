import type { Standing } from './cloud.ts';

interface Look {
  readonly at: number;
  readonly saw: Standing | undefined;
}

interface Search {
  readonly at: number;
  /** Whether there was a job that went well, or still may. */
  readonly saw: boolean;
}

/** At which kind of use it will be cut off, and how likely at each. */
interface Doom {
  readonly use: string;
  readonly odds: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** One invocation: from its event to its return, unless it is cut off before. */
export class Life {
  /** `over`: it returned or threw, and nothing of it may go on. */
  state: 'going on' | 'over' | 'killed' = 'going on';
  /** Settles when it is cut off. */
  readonly killed: Promise<'killed'>;
  readonly doom: Doom | undefined;
  #kill: (how: 'killed') => void = () => {};
  #lostAt = NEVER;
  readonly #looks = new Map<string, Look>();
  readonly #searches = new Map<string, Search>();

  constructor(doom?: Doom) {
    this.doom = doom;
    this.killed = new Promise((resolve) => {
      this.#kill = resolve;
    });
  }

  kill(now: number): void {
    if (this.state !== 'going on') return;
    this.state = 'killed';
    this.lose(now);
    this.#kill('killed');
  }

  /** Something it did may not have been done, or it does not know. */
  lose(now: number): void {
    this.#lostAt = now;
  }

  lostSomethingSince(at: number): boolean {
    return this.#lostAt >= at;
  }

  look(key: string, look: Look): void {
    this.#looks.set(key, look);
  }

  search(step: string, search: Search): void {
    this.#searches.set(step, search);
  }

  lastLook(key: string): Look {
    return this.#looks.get(key) ?? { at: NEVER, saw: undefined };
  }

  lastSearch(step: string): Search {
    return this.#searches.get(step) ?? { at: NEVER, saw: false };
  }
}
