import { onCallback } from '../../../functions/on-callback/on-callback.ts';
import { onUpload } from '../../../functions/on-upload/on-upload.ts';
import { reprocess } from '../../../functions/reprocess/reprocess.ts';
import { Fault } from '../../../shared/core/fault.ts';
import { CLOSED } from '../../../shared/progress/breaker.ts';
import { hasEnded } from '../../../shared/progress/job.ts';
import { reasonToReplay } from '../../../shared/progress/receipt.ts';
import { loadCheckpoint } from '../../../shared/run/backfills.ts';
import type { Suite } from '../../../shared/run/ports.ts';
import type { JobRecord } from '../../../shared/wire/job-record.ts';
import { writeTimerEvent } from '../../../shared/wire/timer-event.ts';
import { cosEvent } from '../../run/studio.ts';
import { CALM, ChaosPorts, type Sabotage, type WarmInstance, type Weather } from './chaos-ports.ts';
import { Clockwork } from './clockwork.ts';
import { Dice } from './dice.ts';
import { type Kept, keptIn } from './kept.ts';
import type { Life } from './life.ts';
import { VERSIONS } from './world-rules.ts';

export interface StoryTerms {
  readonly seed: number;
  /** Objects that people put there. */
  readonly uploads: number;
  readonly weather: Weather;
  readonly sabotage?: Sabotage;
}

type Path = (suite: Suite) => Promise<unknown>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICK_MS = 10 * MINUTE;
const BACKFILL_EVERY_MS = 4 * HOUR;
const LIMITS_MS = { upload: 60_000, callback: 60_000, timer: 300_000 } as const;
type Kind = keyof typeof LIMITS_MS;
const MOST_REDELIVERIES = 2;
const MOST_DAYS = 8;

/** Thousands of uploads and what follows from them, for days, until all is quiet. */
export class ChaosStory {
  readonly clock = new Clockwork(Date.UTC(2026, 0, 31, 20));
  readonly ports: ChaosPorts;
  /** Sources whose event was dropped, after three tries: these only a backfill finds. */
  readonly dropped = new Set<string>();
  readonly counts = { events: 0, invocations: 0, killed: 0 };
  readonly #dice: Dice;
  readonly #idle: WarmInstance[] = [];
  readonly #terms: StoryTerms;
  #version = 0;
  /** Who is under way, and until when. */
  readonly #lives = new Map<Life, number>();

  constructor(terms: StoryTerms) {
    this.#terms = terms;
    this.#dice = new Dice(terms.seed);
    this.ports = new ChaosPorts(this.clock, this.#dice, terms.weather, terms.sabotage);
    this.ports.cloud.onWritten = (key) => this.#raiseEvent(key);
    this.ports.cloud.onJobEnded = (id) => this.#callBack(id);
  }

  /** Whether it came to an end. */
  async run(): Promise<boolean> {
    const { uploads } = this.#terms;
    const spread = 12 * HOUR;
    for (let n = 0; n < uploads; n += 1) {
      this.clock.in(this.#dice.below(spread), () => this.#somebodyPuts(n));
    }
    for (let version = 1; version < VERSIONS.length; version += 1) {
      this.clock.in((spread * version) / VERSIONS.length, () => {
        this.#version = version;
      });
    }
    for (let n = 0; n < 6; n += 1) {
      this.clock.in(this.#dice.below(spread), () => this.#jump(this.#dice.below(2 * HOUR)));
    }
    const { weather } = this.#terms;
    this.clock.in(spread / 3, () => this.#change({ ...weather, troubles: 0.95 }));
    this.clock.in(spread / 3 + HOUR, () => this.#change(weather));
    this.#tickFrom(this.clock.now + TICK_MS);
    if (!(await this.#untilQuiet(2))) return false;
    // Nothing goes wrong any more: what is still open has to come to its end by itself.
    this.ports.weather = CALM;
    return this.#untilQuiet(MOST_DAYS);
  }

  /** How many requests a backfill over everything sends, with nothing going wrong. */
  async backfill(): Promise<number | undefined> {
    const before = this.ports.bill.requests.length;
    const at = this.clock.now;
    this.#invoke('timer', (suite) => this.#tick(suite, '{"schedule":"nightly"}', at));
    const isQuiet = await this.#untilQuiet(MOST_DAYS);
    this.dropped.clear();
    return isQuiet ? this.ports.bill.requests.length - before : undefined;
  }

  #change(weather: Weather): void {
    if (!this.#isCalm()) this.ports.weather = weather;
  }

  /** All clocks at once, as when machines slept; whose time is over by then is never woken. */
  #jump(ms: number): void {
    this.clock.jump(ms);
    for (const [life, end] of this.#lives) if (end <= this.clock.now) life.kill(this.clock.now);
  }

  kept(): Promise<Kept> {
    return keptIn(this.ports.shelf);
  }

  #somebodyPuts(n: number): void {
    const { cloud } = this.ports;
    const number = this.#dice.odd(0.1) ? this.#dice.below(n + 1) : n;
    const kind = number % 97 === 7 ? 'broken.jpg' : number % 4 === 0 ? 'v.mp4' : 'p.jpg';
    const key = `in/${number}${kind}`;
    const there = cloud.objects.get(key);
    if (there && this.#dice.odd(0.2)) cloud.objects.delete(key);
    else if (there && this.#dice.odd(0.3)) cloud.put(key, undefined, there.etag);
    else cloud.put(key);
  }

  /** At least once, and in any order. */
  #raiseEvent(key: string): void {
    const copies = this.#dice.odd(0.2) ? 2 + this.#dice.below(2) : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late = this.#dice.odd(0.1) ? this.#dice.below(HOUR) : this.#dice.below(2000);
      this.clock.in(late, () => this.#deliver(key, 0));
    }
  }

  #deliver(key: string, redeliveries: number): void {
    this.counts.events += 1;
    const upload = async (suite: Suite) => {
      const reason = reasonToReplay(await onUpload(cosEvent(key), suite));
      if (reason) throw reason;
    };
    this.#invoke('upload', upload, () => {
      if (redeliveries === MOST_REDELIVERIES) this.dropped.add(key);
      else this.clock.in(MINUTE, () => this.#deliver(key, redeliveries + 1));
    });
  }

  /** Lost, doubled, late, and tried again once where it was not heard. */
  #callBack(id: string): void {
    const job = this.ports.cloud.jobs.find((one) => one.id === id);
    if (job && job.state !== 'succeeded') this.ports.bill.jobWentWrong(job.step.id, id);
    const timerAlone = this.#terms.sabotage === 'nobody comes back to jobs';
    const copies = timerAlone ? 0 : this.#dice.oneOf(1, 1, 1, 1, 1, 1, 1, 0, 2, 3);
    if (copies !== 1) this.ports.seen.add(copies === 0 ? 'callback lost' : 'callback doubled');
    const hear: Path = (suite) =>
      onCallback([{ eventName: 'TaskFinish', jobs: [jobOf(id)] }], suite);
    for (let copy = 0; copy < copies; copy += 1) {
      this.clock.in(this.#dice.below(copy === 0 ? 2000 : HOUR), () =>
        this.#invoke('callback', hear, () =>
          this.clock.in(MINUTE, () => this.#invoke('callback', hear)),
        ),
      );
    }
  }

  #tickFrom(at: number): void {
    this.clock.at(at, () => {
      // A backfill would make up for the very guard that is put out.
      const isWanted = !this.#isCalm() && this.#terms.sabotage === undefined;
      const isTime = isWanted && at % BACKFILL_EVERY_MS < TICK_MS;
      const message = isTime ? '{"schedule":"nightly"}' : '';
      const tick: Path = (suite) => this.#tick(suite, message, at);
      this.#invoke('timer', tick);
      if (this.#dice.odd(0.05) && !this.#isCalm()) this.#invoke('timer', tick);
      this.#tickFrom(Math.max(at, this.clock.now) + TICK_MS);
    });
  }

  #tick(suite: Suite, message: string, at: number): Promise<void> {
    return reprocess(writeTimerEvent({ trigger: 'tick', at, message }), suite);
  }

  #isCalm(): boolean {
    return this.ports.weather === CALM;
  }

  /** Runs until nothing is left to do, for so many days at most; looks twice a day. */
  async #untilQuiet(days: number): Promise<boolean> {
    const end = this.clock.now + days * DAY;
    let looksAt = this.clock.now + DAY / 2;
    while (await this.clock.next()) {
      if (this.clock.now > end) return !this.#isCalm();
      // It cannot be quiet while somebody is at something.
      if (this.clock.now < looksAt || this.#lives.size > 0) continue;
      if (this.#isCalm() && (await this.#isQuiet())) return true;
      looksAt = this.clock.now + DAY / 2;
    }
    return true;
  }

  async #isQuiet(): Promise<boolean> {
    const { entries, jobs, deliveries, backfills } = await this.kept();
    if (!entries.every(({ state }) => state.is === 'done' || state.is === 'dead')) return false;
    if (!jobs.every(hasEnded)) return false;
    if (deliveries.some(({ state }) => state === 'waiting')) return false;
    const { shelf } = this.ports;
    const on = { records: shelf.records(), digest: String, now: Date.now, rules: this.#rules() };
    for (const name of backfills) {
      if ((await loadCheckpoint(name, on))?.state === 'running') return false;
    }
    return true;
  }

  #rules() {
    const rules = VERSIONS[this.#version];
    if (!rules) throw new Error('no such rules');
    return rules;
  }

  /** One at a time for each instance; `onFail` where it threw or was cut off. */
  #invoke(kind: Kind, path: Path, onFail: () => void = () => {}): void {
    const limitMs = LIMITS_MS[kind];
    const instance = this.#idle.splice(this.#dice.below(this.#idle.length), 1)[0] ?? this.#cold();
    // Each answer of the service sets the clock, so what goes wrong with it stays small.
    if (this.#dice.odd(0.1)) instance.skewMs = this.#dice.below(18_000) - 9000;
    const life = this.ports.life(kind);
    const suite = this.ports.suite(life, instance, this.#rules(), limitMs);
    this.counts.invocations += 1;
    this.#lives.set(life, this.clock.now + limitMs);
    this.clock.in(limitMs, () => life.kill(this.clock.now));
    const outcome = path(suite).then(
      () => 'fine' as const,
      (thrown: unknown) => {
        if (!(thrown instanceof Fault)) this.ports.bill.wrongs.add(`no fault: ${String(thrown)}`);
        return 'failed' as const;
      },
    );
    void Promise.race([outcome, life.killed]).then((came) => {
      this.#lives.delete(life);
      if (came === 'killed') this.counts.killed += 1;
      else {
        life.state = 'over';
        this.#idle.push(instance);
      }
      if (came !== 'fine') onFail();
    });
  }

  #cold(): WarmInstance {
    return { purse: new Map(), breaker: CLOSED, skewMs: this.#dice.below(18_000) - 9000 };
  }
}

/** Nothing but its id is believed. */
function jobOf(jobId: string): JobRecord {
  return { jobId } as JobRecord;
}
