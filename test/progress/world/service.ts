import { Fault } from '../../../shared/core/fault.ts';
import type { StepId } from '../../../shared/plan/plan.ts';
import type { Found } from '../../../shared/progress/own-output.ts';
import type { Receipt } from '../../../shared/progress/receipt.ts';
import type { StepRef } from '../../../shared/progress/step-ref.ts';
import type { Agenda, Weather } from './agenda.ts';
import type { Chance } from './chance.ts';

export const BUCKET = 'studio-1300001234';
export const REGION = 'ap-guangzhou';

/** The service answers, or has dropped a request for good, within this time. */
export const REQUEST_MS = 10_000;

/** A request for one step, as the service and the bill see it. */
export interface Ask {
  readonly step: StepId;
  readonly at: number;
  /** Whether it was carried out: then it is on the bill. */
  paid: boolean;
  /** Whether the answer was lost on its way. */
  lost: boolean;
  /** Whether the answer never reached the ledger, or late, by no fault of ours. */
  cutOff: boolean;
}

interface ServiceJob {
  readonly id: string;
  readonly step: StepRef;
  readonly ask: Ask;
  state: 'Submitted' | 'Running' | 'Pause' | 'Success' | 'Failed' | 'Cancel';
}

/** Objects and processing: what is not ours. It fails as chance has it, and tells the bill. */
export class Service {
  readonly objects = new Map<string, Found & { readonly by: 'people' | 'service' }>();
  readonly asks: Ask[] = [];
  readonly looks = new Map<StepId, number>();
  /** What was asked for: by day, by day and rule, by backfill. */
  readonly spent = new Map<string, number>();
  readonly wrongs: string[] = [];
  /** What was seen to happen, to know that the stories are worth telling. */
  readonly seen = new Set<string>();
  readonly #jobs = new Map<string, ServiceJob>();
  readonly #agenda: Agenda;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #onWritten: (key: string) => void;
  readonly #onCallback: (jobId: string) => void;
  #written = 0;

  constructor(
    agenda: Agenda,
    chance: Chance,
    weather: Weather,
    on: { readonly written: (key: string) => void; readonly callback: (jobId: string) => void },
  ) {
    this.#agenda = agenda;
    this.#chance = chance;
    this.#weather = weather;
    this.#onWritten = on.written;
    this.#onCallback = on.callback;
  }

  note(what: string): void {
    this.seen.add(what);
  }

  put(key: string, by: 'people' | 'service', etag = `etag-${++this.#written}`): void {
    const modified = Math.floor(this.#agenda.now / 1000) * 1000;
    this.objects.set(key, { bucket: BUCKET, key, etag, modified, by });
    this.#onWritten(key);
  }

  /** One request for up to five pictures, or for one job. */
  ask(
    sourceKey: string,
    steps: readonly StepRef[],
    /** The day it is charged to, and the backfill. */
    account: { readonly day: string; readonly backfill?: string | undefined },
  ): { receipts: Receipt[]; asks: Ask[] } {
    const asks = steps.map((step) => this.#billed(step));
    const receipts = this.#answer(sourceKey, steps, asks);
    const [first] = receipts;
    const refused = first?.status === 'failed' && first.fault.code === 'COS_THROTTLED';
    if (!refused) {
      this.#spend(`requests of ${account.day}`, 1);
      this.#spend(`pictures and clips of ${account.day}`, steps.length);
      for (const { rule } of steps) this.#spend(`${rule} of ${account.day}`, 1);
      if (account.backfill) this.#spend(account.backfill, 1);
    }
    return { asks, receipts };
  }

  listJobs(step: StepId): readonly Pick<ServiceJob, 'id' | 'state' | 'ask'>[] {
    return [...this.#jobs.values()].filter((job) => job.step.id === step);
  }

  jobState(id: string): string | undefined {
    return this.#jobs.get(id)?.state;
  }

  #spend(account: string, amount: number): void {
    this.spent.set(account, (this.spent.get(account) ?? 0) + amount);
  }

  #billed(step: StepRef): Ask {
    const before = this.asks.filter((ask) => ask.step === step.id && (ask.paid || ask.lost));
    const last = before.at(-1);
    if (last && (this.looks.get(step.id) ?? -1) < last.at) {
      this.wrongs.push(`asked again without looking: ${step.id}`);
    }
    if (last?.lost && this.#agenda.now - last.at < REQUEST_MS) {
      this.wrongs.push(`asked again while it may still be carried out: ${step.id}`);
    }
    const ask = { step: step.id, at: this.#agenda.now, paid: false, lost: false, cutOff: false };
    this.asks.push(ask);
    return ask;
  }

  #answer(sourceKey: string, steps: readonly StepRef[], asks: readonly Ask[]): Receipt[] {
    const fail = (fault: Fault): Receipt[] =>
      steps.map((step) => ({ step, status: 'failed', fault }));
    const lost = (): Receipt[] => {
      for (const ask of asks) {
        ask.lost = true;
        ask.cutOff = true;
      }
      return fail(new Fault('OUTCOME_UNKNOWN', 'The connection was reset'));
    };
    if (!this.objects.has(sourceKey) || sourceKey.includes('x')) {
      this.note('refused');
      return fail(new Fault('PARAMETER_INVALID', 'The service cannot do this'));
    }
    const fate = this.#chance.odd(this.#weather.failures)
      ? this.#chance.oneOf(
          'fine',
          'unsent',
          'unheard',
          'late',
          'half',
          'throttled',
          'throttled',
          'denied',
        )
      : 'fine';
    if (fate !== 'fine') this.note(fate);
    switch (fate) {
      case 'throttled':
        return fail(new Fault('COS_THROTTLED', 'Slow down'));
      case 'denied':
        return this.#chance.odd(30) ? fail(new Fault('COS_DENIED', 'No such role')) : lost();
      case 'unsent':
        return lost();
      case 'half':
        this.#carryOut(steps.slice(0, 1), asks);
        return lost();
      case 'unheard':
        this.#carryOut(steps, asks);
        return lost();
      case 'late':
        this.#agenda.in(this.#chance.oneOf(500, 3000, REQUEST_MS - 1), () =>
          this.#carryOut(steps, asks),
        );
        return lost();
      case 'fine':
        return this.#carryOut(steps, asks);
    }
  }

  #carryOut(steps: readonly StepRef[], asks: readonly Ask[]): Receipt[] {
    return steps.map((step, index) => {
      const ask = asks[index] ?? { step: step.id, at: 0, paid: false, lost: false, cutOff: false };
      if (step.operation === 'segment-video-body') return this.#startJob(step, ask);
      ask.paid = true;
      this.put(step.target.key, 'service');
      const etag = this.objects.get(step.target.key)?.etag ?? '';
      return { step, status: 'done', output: { etag } };
    });
  }

  #startJob(step: StepRef, ask: Ask): Receipt {
    const job: ServiceJob = { id: `job-${this.#jobs.size + 1}`, step, ask, state: 'Submitted' };
    this.#jobs.set(job.id, job);
    ask.paid = true;
    const fate = this.#chance.odd(40)
      ? this.#chance.oneOf('good', 'bad', 'cancelled', 'paused', 'stuck', 'very late')
      : 'good';
    if (fate !== 'good') this.note(`job ${fate}`);
    const runs = this.#chance.oneOf(20_000, 10, 700, 90_000, 1_000_000);
    this.#agenda.in(runs / 2, () => this.#become(job, fate === 'paused' ? 'Pause' : 'Running'));
    if (fate === 'stuck' || fate === 'very late') ask.cutOff = true;
    if (fate === 'stuck') return { step, status: 'accepted', jobId: job.id };
    const end = fate === 'bad' ? 'Failed' : fate === 'cancelled' ? 'Cancel' : 'Success';
    const hours = fate === 'paused' ? 7 : fate === 'very late' ? 30 : 0;
    this.#agenda.in(runs + hours * 3_600_000, () => this.#become(job, end));
    return { step, status: 'accepted', jobId: job.id };
  }

  #become(job: ServiceJob, state: ServiceJob['state']): void {
    job.state = state;
    if (state === 'Running' || state === 'Pause') return;
    if (state === 'Success') this.put(job.step.target.key, 'service');
    else job.ask.paid = false;
    const callbacks = this.#chance.oneOf(1, 0, 2, 3);
    if (callbacks !== 1) this.note(callbacks === 0 ? 'callback lost' : 'callback doubled');
    for (let n = 0; n < callbacks; n += 1) {
      this.#agenda.in(this.#chance.oneOf(2000, 0, 50, 400_000), () => this.#onCallback(job.id));
    }
  }
}
