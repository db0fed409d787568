import type { StepId } from '../../../shared/plan/plan.ts';
import { newCheckpoint, resumed } from '../../../shared/progress/checkpoint.ts';
import type { Entry } from '../../../shared/progress/entry.ts';
import { hasEnded } from '../../../shared/progress/job.ts';
import { revived } from '../../../shared/progress/settle.ts';
import { Agenda, type Path, type Weather } from './agenda.ts';
import { Chance } from './chance.ts';
import { type Instance, type Invocation, newInstance, SKEW_MS } from './invocation.ts';
import { type Ask, Service } from './service.ts';
import { State } from './state.ts';
import { refreshJob, runSlice, sweep } from './timer-path.ts';
import { onUpload } from './upload-path.ts';

/** What people do to the bucket, and when. */
export interface Deed {
  readonly afterSeconds: number;
  readonly key: string;
  readonly how: 'put' | 'put the same again' | 'delete' | 'new rules' | 'revive' | 'backfill';
}

/** Done, dead, or given back by a backfill that was over its budget: nobody comes back to it. */
function isLeftAlone({ state }: Entry): boolean {
  if (state.is === 'postponed') return state.dueAt === undefined;
  return state.is === 'done' || state.is === 'dead';
}

const TICK_MS = 600_000;
const MOST_REDELIVERIES = 2;
/** Far more than any story needs: one that is longer goes in circles. */
const LONGEST = 20_000;

/** A whole world around the functions: events, callbacks, ticks and people, until all is quiet. */
export class Story {
  readonly agenda: Agenda;
  readonly service: Service;
  readonly state = new State();
  readonly received = new Map<string, string[]>();
  readonly #chance: Chance;
  readonly #instances: Instance[] = [newInstance(), newInstance()];
  rulesVersion = 1;
  #backfills = 0;
  readonly #replaced = new Set<string>();

  constructor(script: readonly number[], weather: Weather) {
    this.#chance = new Chance(script);
    // Ten minutes to midnight: the budgets of two days are in play from the start.
    this.agenda = new Agenda(Date.UTC(2026, 0, 31, 23, 50), this.#chance, weather);
    this.service = new Service(this.agenda, this.#chance, weather, {
      written: (key) => this.#raiseEvent(key),
      callback: (id) => this.#invoke((on) => refreshJob(id, on)),
    });
  }

  /** Runs until nothing is due any more; false when it never gets there. */
  run(deeds: readonly Deed[]): boolean {
    for (const deed of deeds) this.agenda.in(deed.afterSeconds * 1000, () => this.#do(deed));
    return this.#untilQuiet();
  }

  /** A backfill over everything, with nothing going wrong; how many requests it made. */
  backfill(): number | undefined {
    const before = this.service.asks.length;
    this.#startBackfill(1_000_000);
    return this.#untilQuiet() ? this.service.asks.length - before : undefined;
  }

  readonly asksFor = (step: StepId): readonly Ask[] => {
    return this.service.asks.filter((ask) => ask.step === step);
  };

  #untilQuiet(): boolean {
    this.agenda.in(TICK_MS, () => this.#tick());
    for (let steps = 0; this.agenda.step(); steps += 1) if (steps > LONGEST) return false;
    return true;
  }

  #do({ key, how }: Deed): void {
    const there = this.service.objects.get(key);
    if (how === 'put') {
      // A source that its output replaces is put once: nobody could tell a second upload from ours.
      if (!key.startsWith('r') || !this.#replaced.has(key)) this.service.put(key, 'people');
      if (key.startsWith('r')) this.#replaced.add(key);
    }
    // Replaced by ourselves, it would not be the same again.
    else if (how === 'put the same again' && there?.by === 'people') {
      this.service.put(key, 'people', there.etag);
    } else if (how === 'delete') this.service.objects.delete(key);
    else if (how === 'new rules') this.rulesVersion += 1;
    else if (how === 'backfill') this.#startBackfill(3);
    else if (how === 'revive') {
      for (const entry of this.state.entries()) {
        const next = revived(entry, this.agenda.now);
        if (next !== entry) this.state.createEntry(next);
      }
    }
  }

  /** At least once, and in any order. */
  #raiseEvent(key: string): void {
    const copies = this.#chance.odd(20) ? this.#chance.oneOf(1, 2, 3) : 1;
    for (let n = 0; n < copies; n += 1) {
      const delay = this.#chance.oneOf(100, 1, 900, 5000, 120_000, 4_000_000);
      this.agenda.in(delay, () => this.#deliver(key, 0));
    }
  }

  #deliver(key: string, redeliveries: number): void {
    this.#invoke(
      (on) => onUpload(key, on),
      (fault) => {
        if (redeliveries === MOST_REDELIVERIES) return this.service.note('event dropped');
        if (fault) this.service.note('redelivered');
        this.agenda.in(60_000, () => this.#deliver(key, redeliveries + 1));
      },
    );
  }

  #tick(): void {
    if (this.#isCalm()) return;
    this.#invoke((on) => sweep(on));
    for (let n = 1; n <= this.#backfills; n += 1) {
      const name = `backfill-${n}`;
      this.#invoke((on) => runSlice(name, on));
      if (this.#chance.odd(10)) this.#invoke((on) => runSlice(name, on));
      const checkpoint = this.state.checkpoint(name);
      if (checkpoint?.state === 'over-budget') {
        this.service.note('backfill over budget');
        const { submitted, maxSubmitted } = checkpoint;
        this.state.createCheckpoint(resumed(checkpoint, Math.max(submitted, maxSubmitted) + 4));
      }
    }
    this.agenda.in(TICK_MS, () => this.#tick());
  }

  #isCalm(): boolean {
    return (
      this.agenda.isEmpty &&
      this.state.entries().every(isLeftAlone) &&
      this.state.jobs().every(hasEnded) &&
      this.state.deliveries().every(({ state }) => state !== 'waiting') &&
      [...Array(this.#backfills).keys()].every(
        (n) => this.state.checkpoint(`backfill-${n + 1}`)?.state === 'finished',
      )
    );
  }

  #startBackfill(maxSubmitted: number): void {
    this.#backfills += 1;
    const name = `backfill-${this.#backfills}`;
    this.state.createCheckpoint(newCheckpoint(name, { prefix: '', maxSubmitted }));
  }

  /** `onFail` hears a fault, or nothing when the invocation was cut off. */
  #invoke<T>(path: (on: Invocation) => Path<T>, onFail?: (fault: T | undefined) => void): void {
    const index = this.#chance.oneOf(0, 0, 0, 1);
    const instance = this.#instances[index] ?? newInstance();
    const openAsks = new Set<Ask>();
    const skewMs = this.#chance.oneOf(0, SKEW_MS, -SKEW_MS);
    const on: Invocation = {
      agenda: this.agenda,
      chance: this.#chance,
      service: this.service,
      state: this.state,
      instance,
      skewMs,
      rulesVersion: () => this.rulesVersion,
      received: this.received,
      openAsks,
    };
    let killed = false;
    const onKill = () => {
      killed = true;
      this.service.note('killed');
      for (const ask of openAsks) {
        ask.cutOff = true;
        this.service.note('killed before the answer was kept');
      }
      this.#instances[index] = newInstance();
    };
    this.agenda.walk({ skewMs, onKill }, path(on), (result) => {
      if (killed || result !== undefined) onFail?.(result);
    });
  }
}
