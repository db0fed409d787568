import { createHash } from 'node:crypto';
import { Deadline } from '../../../shared/core/deadline.ts';
import { Fault } from '../../../shared/core/fault.ts';
import type { Log } from '../../../shared/core/log.ts';
import type { Step } from '../../../shared/plan/plan.ts';
import type { Request } from '../../../shared/plan/requests-for.ts';
import type { Rules } from '../../../shared/plan/rules.ts';
import type { Receipt } from '../../../shared/progress/receipt.ts';
import { readWritersOf } from '../../../shared/progress/writers-of.ts';
import { stepsIn } from '../../../shared/run/budget.ts';
import type { Instance, Performed, Suite } from '../../../shared/run/ports.ts';
import { recordName } from '../../../shared/run/record-names.ts';
import { type Ask, Bill } from './bill.ts';
import type { Clockwork } from './clockwork.ts';
import { BUCKET, Cloud, REGION } from './cloud.ts';
import type { Dice } from './dice.ts';
import { Life } from './life.ts';
import { Shelf } from './shelf.ts';

/** How often something befalls a use of a port, from 0 to 1. */
export interface Weather {
  /** Of invocations, not of uses: cut off before or after one of its uses of one kind. */
  readonly kills: number;
  /** A port that keeps state or looks something up throws, before its effect or after. */
  readonly failures: number;
  /** The service that is paid for answers with a failure of its own, or not at all. */
  readonly troubles: number;
  readonly slow: number;
}

export const CALM: Weather = { kills: 0, failures: 0, troubles: 0, slow: 0 };

/** An instance of a function, with a clock of its own. */
export interface WarmInstance extends Instance {
  skewMs: number;
}

/** No lasting guard is put out by a test but by one of these, one at a time. */
export type Sabotage =
  | 'everybody creates'
  | 'nobody finds outputs'
  | 'nobody finds jobs'
  | 'nobody knows own outputs'
  | 'nobody comes back to steps'
  | 'nobody comes back to jobs'
  | 'nobody comes back to notices';

const SILENT: Log = { info() {}, warn() {}, error() {}, with: () => SILENT };

/** What each function does that has an effect or asks somebody; what is seldom done, thrice. */
const USES_OF = {
  upload: ['read', 'create', 'write', 'head', 'process', 'submit', 'submit', 'submit'],
  callback: ['read', 'create', 'write', 'head', 'job state', 'post'],
  timer: ['list records', 'list objects', 'find jobs', 'job state', 'head', 'process', 'submit'],
} as const;
export const USES = [...new Set([...USES_OF.upload, ...USES_OF.callback, ...USES_OF.timer])];

/** What waits for this was cut off. */
const NEVER = new Promise<never>(() => {});
/** Less than after which a job is waited for no more. */
const JOB_LOST_MS = 5 * 3_600_000;
/** How long after we gave up the service may still be at it. */
const LATE_MS = 5000;

/** Both sides of the wire, and everything that can go wrong on it. */
export class ChaosPorts {
  readonly shelf = new Shelf();
  readonly bill = new Bill();
  readonly cloud: Cloud;
  /** By notice and target: the bodies, as often as they were heard. */
  readonly heard = new Map<string, string[]>();
  /** What really happened; a world in which it never does proves nothing. */
  readonly seen = new Set<string>();
  weather: Weather;
  readonly #clock: Clockwork;
  readonly #dice: Dice;
  readonly #sabotage: Sabotage | undefined;

  constructor(clock: Clockwork, dice: Dice, weather: Weather, sabotage?: Sabotage) {
    this.#clock = clock;
    this.#dice = dice;
    this.weather = weather;
    this.#sabotage = sabotage;
    this.cloud = new Cloud(clock, dice);
  }

  life(path: keyof typeof USES_OF): Life {
    if (!this.#dice.odd(this.weather.kills)) return new Life();
    const [first, ...others] = USES_OF[path];
    // At the first such use, or at any later one.
    const odds = this.#dice.oneOf(0.5, 0.5, 0.1);
    return new Life({ use: this.#dice.oneOf<string>(first, ...others), odds });
  }

  suite(life: Life, instance: WarmInstance, rules: Rules, limitMs: number): Suite {
    const { shelf, cloud } = this;
    const now = () => this.#clock.now + instance.skewMs;
    const use = <T>(what: string, effect: () => T) => this.#use(life, what, effect);
    return {
      rules,
      places: {
        appid: '1300001234',
        sources: [{ bucket: BUCKET, region: REGION }],
        outputs: [],
        state: { bucket: 'records-1300001234', region: REGION, prefix: 'darkroom/' },
      },
      records: {
        read: (name) => use('read', () => this.#read(name)),
        create: (name, text) => use('create', () => this.#create(name, text)),
        write: (name, text) => use('write', () => this.#write(name, text)),
        list: (prefix, from) => use('list records', () => shelf.list(prefix, from)),
      },
      objects: {
        head: ({ key }) =>
          use('head', () => {
            const saw = cloud.objects.get(key);
            life.look(key, { at: this.#clock.now, saw });
            const hides = this.#sabotage === 'nobody finds outputs' && saw?.by !== undefined;
            return hides ? undefined : saw;
          }),
        list: (_, { prefix, cursor, limit }) =>
          use('list objects', () => cloud.list(prefix, cursor, limit)),
      },
      ci: {
        perform: (request, { timeoutMs }) => this.#perform(request, timeoutMs, life),
        findJobs: ({ id }) =>
          use('find jobs', () => {
            const at = this.#clock.now;
            const jobs = cloud.jobsFor(id);
            const saw = jobs.some(({ state, createdAt }) => {
              return (
                state === 'succeeded' || (state === 'submitted' && at - createdAt < JOB_LOST_MS)
              );
            });
            life.search(id, { at, saw });
            return this.#sabotage === 'nobody finds jobs' ? [] : jobs;
          }),
        jobState: (id) =>
          use(
            'job state',
            () => cloud.jobs.find((job) => job.id === id)?.report ?? { state: 'lost' },
          ),
      },
      addresses: {
        toRead: ({ key }) => `https://${key}`,
        toRender: () => 'https://rendered',
        toUpload: ({ key }) => ({ url: `https://${key}`, headers: {} }),
      },
      notifier: { post: (_, notice) => this.#post(notice, life) },
      seals: { seal: digest, isSealOf: (text, seal) => digest(text) === seal },
      instance,
      deadline: new Deadline(limitMs, 5000, now),
      log: SILENT,
      now,
      digest,
      randomId: () => `run${this.#dice.below(1e9)}`,
    };
  }

  /** One use of a port: cut off or failing at either side of its effect, and an answer that takes its time. */
  async #use<T>(life: Life, what: string, effect: () => T): Promise<T> {
    await this.#reach(life, what);
    await this.#wait(life, this.#latency());
    if (this.#killed(life, `before ${what}`)) return NEVER;
    if (this.#dice.odd(this.weather.failures)) throw this.#unreachable(life, `unsent ${what}`);
    const came = effect();
    if (this.#killed(life, `after ${what}`)) return NEVER;
    if (this.#dice.odd(this.weather.slow)) await this.#wait(life, this.#latency());
    if (this.#dice.odd(this.weather.failures)) throw this.#unreachable(life, `unheard ${what}`);
    return came;
  }

  async #reach(life: Life, what: string): Promise<void> {
    if (life.state === 'killed') await NEVER;
    if (life.state === 'over') this.bill.wrongs.add(`goes on after its end: ${what}`);
  }

  /** Whoever was cut off meanwhile waits for ever: nothing of it goes on. */
  async #wait(life: Life, ms: number): Promise<void> {
    await this.#clock.wait(ms);
    if (life.state === 'killed') await NEVER;
  }

  #killed(life: Life, when: string): boolean {
    const { doom } = life;
    if (!doom || !when.endsWith(` ${doom.use}`) || !this.#dice.odd(doom.odds)) return false;
    this.seen.add(`killed ${when}`);
    life.kill(this.#clock.now);
    return true;
  }

  #unreachable(life: Life, what: string): Fault {
    this.seen.add(what);
    life.lose(this.#clock.now);
    return new Fault('COS_UNREACHABLE', what);
  }

  #latency(): number {
    if (!this.#dice.odd(this.weather.slow)) return 5 + this.#dice.below(40);
    return this.#dice.oneOf(300, 900, 4000, 20_000);
  }

  #read(name: string): string | undefined {
    if (this.#sabotage === 'nobody knows own outputs' && name.startsWith('outputs/'))
      return undefined;
    return this.shelf.read(name);
  }

  #create(name: string, text: string): boolean {
    if (this.#sabotage === 'nobody knows own outputs' && name.startsWith('outputs/')) return true;
    if (name.startsWith('revisions/steps/')) this.#noteState(text);
    const created = this.shelf.create(name, text);
    if (!created && this.#sabotage === 'everybody creates') {
      this.shelf.write(name, text);
      return true;
    }
    return created;
  }

  #noteState(text: string): void {
    for (const because of ['over-budget', 'breaker-open', 'source-changed', 'no-longer-planned']) {
      if (text.includes(`"because":"${because}"`)) this.seen.add(because);
    }
    if (text.includes('"unsure":true,"state":{"is":"open"')) this.seen.add('taken over');
  }

  #write(name: string, text: string): void {
    const [, kind = ''] = /^due\/(\w+)\//.exec(name) ?? [];
    if (this.#sabotage !== `nobody comes back to ${kind}`) this.shelf.write(name, text);
  }

  async #perform(request: Request, timeoutMs: number, life: Life): Promise<Performed> {
    const what = request.kind === 'job' ? 'submit' : 'process';
    await this.#reach(life, what);
    if (this.#killed(life, `before ${what}`)) return NEVER;
    const asks = stepsIn(request).map((step) =>
      this.bill.ask(request, step, this.#isOnlyWriter(step), this.#clock.now, life),
    );
    const fate = this.#dice.odd(this.weather.troubles)
      ? this.#dice.oneOf('throttled', 'throttled', 'unsent', 'unheard', 'late', 'half')
      : 'fine';
    if (fate !== 'fine') this.seen.add(fate);
    if (fate === 'throttled') {
      await this.#wait(life, this.#latency());
      return refuse(asks, new Fault('COS_THROTTLED', 'SlowDown'));
    }
    this.bill.requests.push({ at: this.#clock.now, isJob: request.kind === 'job' });
    if (fate === 'unsent' || fate === 'unheard') {
      await this.#wait(life, this.#latency());
      if (fate === 'unheard') this.#carryOutUnheard(request, asks);
      return this.#unheard(asks);
    }
    if (fate === 'late') {
      // The service is at it when we give up, and done a little later.
      this.#clock.in(timeoutMs + this.#dice.below(LATE_MS), () =>
        this.#carryOutUnheard(request, asks),
      );
      await this.#wait(life, timeoutMs);
      return this.#unheard(asks);
    }
    await this.#wait(life, 400 + this.#latency());
    const receipts = this.#carryOut(request, asks, fate === 'half');
    if (this.#killed(life, `after ${what}`)) return NEVER;
    return { receipts, requestId: 'request' };
  }

  #carryOutUnheard(request: Request, asks: readonly Ask[]): void {
    try {
      this.#carryOut(request, asks);
    } catch {
      // Nobody hears why it was refused either.
    }
  }

  #isOnlyWriter({ target }: Step): boolean {
    const name = recordName('outputs', digest(`${target.bucket}/${target.key}`));
    return readWritersOf(this.shelf.read(name) ?? '{"revision":1,"steps":[]}').steps.length < 2;
  }

  #unheard(asks: readonly Ask[]): never {
    for (const ask of asks) ask.unheard = true;
    throw new Fault('OUTCOME_UNKNOWN', 'The connection was reset');
  }

  /** `half`: of what it was asked for, the service does some. */
  #carryOut(request: Request, asks: readonly Ask[], half = false): readonly Receipt[] {
    try {
      return stepsIn(request).map((step, index): Receipt => {
        const ask = asks[index];
        if (!ask) throw new Error('no ask');
        if (half && this.#dice.odd(0.5)) {
          ask.unheard = true;
          return { step, status: 'failed', fault: new Fault('OUTCOME_UNKNOWN', 'InternalError') };
        }
        const receipt = this.cloud.carryOut(request, step);
        ask.outcome = 'carried out';
        if (receipt.status === 'accepted') ask.jobId = receipt.jobId;
        return receipt;
      });
    } catch (thrown) {
      return refuse(asks, thrown);
    }
  }

  async #post(notice: { readonly id: string; readonly body: string }, life: Life) {
    await this.#reach(life, 'post');
    if (this.#killed(life, 'before post')) return NEVER;
    await this.#wait(life, this.#latency());
    const isDown = this.#dice.odd(this.weather.troubles);
    if (isDown) return this.#dice.oneOf(503, undefined);
    this.heard.set(notice.id, [...(this.heard.get(notice.id) ?? []), notice.body]);
    if (this.#killed(life, 'after post')) return NEVER;
    return this.#dice.odd(this.weather.troubles) ? undefined : 200;
  }
}

function refuse(asks: readonly Ask[], why: unknown): never {
  for (const ask of asks) ask.outcome = 'refused';
  throw why;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
