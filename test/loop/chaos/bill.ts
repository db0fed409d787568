import type { Step } from '../../../shared/plan/plan.ts';
import type { Request } from '../../../shared/plan/requests-for.ts';
import type { Life } from './life.ts';

/** One step of one request that was sent. */
export interface Ask {
  readonly step: string;
  readonly at: number;
  readonly by: Life;
  /** What became of it: nothing, as the asker was told; or it was carried out, or may be yet. */
  outcome: 'open' | 'refused' | 'carried out';
  /** Whether its answer was lost on its way. */
  unheard: boolean;
  jobId?: string;
}

/** What was asked for, when and by whom: what an account is billed by, and what may be held against us. */
export class Bill {
  /** Requests that count, by when they were sent. */
  readonly requests: { readonly at: number; readonly isJob: boolean }[] = [];
  readonly wrongs = new Set<string>();
  readonly #byStep = new Map<string, Ask[]>();

  steps(): Iterable<readonly [string, readonly Ask[]]> {
    return this.#byStep;
  }

  /**
   * Whoever asks for what may have been carried out already has to have looked for it before. What
   * several steps write may be anybody's work: there, in doubt, it is asked for again.
   */
  ask({ source }: Request, step: Step, isOnlyWriter: boolean, at: number, by: Life): Ask {
    const { id, target, call } = step;
    const asks = this.#byStep.get(id) ?? [];
    this.#byStep.set(id, asks);

    const last = asks.findLast(({ outcome }) => outcome !== 'refused');
    const look = by.lastLook(target.key);
    const search = by.lastSearch(id);
    if (last && look.at < last.at) this.wrongs.add(`asked again without looking: ${id}`);
    if (last && call.via === 'job' && search.at < last.at) {
      this.wrongs.add(`asked again without looking for its job: ${id}`);
    }
    if (search.saw) this.wrongs.add(`asked though its job was there: ${id}`);
    const isItsWork = look.saw?.by === id && look.saw.modified > source.modified;
    if (isItsWork && isOnlyWriter) this.wrongs.add(`asked though its output was there: ${id}`);

    const ask: Ask = { step: id, at, by, outcome: 'open', unheard: false };
    asks.push(ask);
    return ask;
  }

  /** What a job that went wrong did not do may be asked for again. */
  jobWentWrong(step: string, jobId: string): void {
    for (const ask of this.#byStep.get(step) ?? []) {
      if (ask.jobId === jobId) ask.outcome = 'refused';
    }
  }
}

/** Whether nobody could know that it was carried out, so that asking once more was right. */
export function wasNotKept({ unheard, at, by }: Ask): boolean {
  return unheard || by.lostSomethingSince(at);
}
