import { createHash } from 'node:crypto';
import { readRules } from '../../shared/config/read-rules.ts';
import { Deadline } from '../../shared/core/deadline.ts';
import type { Fault } from '../../shared/core/fault.ts';
import { logTo } from '../../shared/core/log.ts';
import type { ObjectRef, Source } from '../../shared/core/object-ref.ts';
import type { Places } from '../../shared/plan/places.ts';
import type { Request } from '../../shared/plan/requests-for.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import { CLOSED } from '../../shared/progress/breaker.ts';
import type { JobReport } from '../../shared/progress/job.ts';
import type { Receipt } from '../../shared/progress/receipt.ts';
import { stepsIn } from '../../shared/run/budget.ts';
import type { FoundJob, Records, Suite } from '../../shared/run/ports.ts';
import { memoryRecords } from '../../shared/store/memory-records.ts';
import { writeCosEvent } from '../../shared/wire/cos-event.ts';

export const BUCKET = 'studio-1300001234';
export const REGION = 'ap-guangzhou';
export const MINUTE = 60_000;

const PLACES: Places = {
  appid: '1300001234',
  sources: [{ bucket: BUCKET, region: REGION }],
  outputs: [],
  state: { bucket: 'records-1300001234', region: REGION, prefix: 'darkroom/' },
};

/** Rules out of the text of a file, which has to be right. */
export function rulesIn(text: string): Rules {
  const read = readRules(text, 'rules.yaml');
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.rules;
}

export function cosEvent(...keys: readonly string[]): unknown {
  return writeCosEvent(
    keys.map((key) => ({
      ...{ bucket: BUCKET, region: REGION, key, eventName: 'cos:ObjectCreated:Put', size: 1 },
      ...{ at: 0, meta: {}, queue: '', sourceIp: '203.0.113.1' },
    })),
  );
}

interface StudioJob extends FoundJob {
  readonly step: string;
  report: JobReport;
}

/** A bucket, the service and whoever hears notices, in memory, on a clock that is set by hand. */
export class Studio {
  now = Date.UTC(2026, 0, 31, 12);
  rules: Rules;
  readonly records: Records = memoryRecords();
  readonly objects = new Map<string, Source>();
  /** Steps that were asked for, each time they were. */
  readonly asked: string[] = [];
  readonly requests: Request[] = [];
  /** Keys that appeared, by whomever. */
  readonly appeared: string[] = [];
  readonly heard: { readonly url: string; readonly id: string; readonly body: string }[] = [];
  readonly logged: Record<string, unknown>[] = [];
  readonly jobs: StudioJob[] = [];
  /** What befalls the next requests, in their order: before they are carried out, or after. */
  readonly troubles: { readonly when: 'before' | 'after'; readonly fault: Fault }[] = [];
  noticeStatus: number | undefined = 200;
  #etags = 0;

  constructor(rules: string) {
    this.rules = rulesIn(rules);
  }

  put(key: string, given: Partial<Source> = {}): Source {
    const source: Source = {
      ...{ bucket: BUCKET, region: REGION, key, size: 1, contentType: 'image/jpeg', metadata: {} },
      ...{ etag: `e${++this.#etags}`, modified: this.now, ...given },
    };
    this.objects.set(key, source);
    this.appeared.push(key);
    return source;
  }

  /** What one invocation has at hand; each has an instance of its own unless told otherwise. */
  suite(given: Partial<Suite> = {}, secondsLeft = 600): Suite {
    const now = () => this.now;
    return {
      rules: this.rules,
      places: PLACES,
      records: this.records,
      objects: {
        head: async ({ key }) => this.objects.get(key),
        list: async (_, { prefix, cursor, limit }) => {
          const keys = [...this.objects.keys()]
            .filter((key) => key.startsWith(prefix) && key > cursor)
            .sort();
          const page = keys.slice(0, limit).flatMap((key) => this.objects.get(key) ?? []);
          return { objects: page, next: keys.length > limit ? page.at(-1)?.key : undefined };
        },
      },
      ci: {
        perform: async (request) => this.#perform(request),
        findJobs: async ({ id }) => this.jobs.filter(({ step }) => step === id).reverse(),
        jobState: async (id) => this.jobs.find((job) => job.id === id)?.report ?? { state: 'lost' },
      },
      addresses: {
        toRead: ({ key }) => `https://${key}`,
        toRender: () => 'https://rendered',
        toUpload: ({ key }) => ({ url: `https://${key}`, headers: {} }),
      },
      notifier: {
        post: async (url, { id, body }) => {
          this.heard.push({ url, id, body });
          return this.noticeStatus;
        },
      },
      seals: { seal: digest, isSealOf: (text, seal) => digest(text) === seal },
      instance: { purse: new Map(), breaker: CLOSED },
      deadline: new Deadline(secondsLeft * 1000, 0, now),
      log: logTo((line) => void this.logged.push(JSON.parse(line))),
      now,
      digest,
      randomId: () => `run${++this.#etags}`,
      ...given,
    };
  }

  end(job: StudioJob, state: JobReport['state'], target?: ObjectRef): void {
    if (target) this.put(target.key);
    job.report = { state };
  }

  #perform(request: Request) {
    const trouble = this.troubles.shift();
    if (trouble?.when === 'before') throw trouble.fault;
    this.requests.push(request);
    const receipts = stepsIn(request).map((step): Receipt => {
      this.asked.push(step.id);
      if (request.kind === 'job') {
        const id = `j${this.jobs.length + 1}`;
        const state = 'submitted';
        this.jobs.push({ id, step: step.id, state, createdAt: this.now, report: { state } });
        return { step, status: 'accepted', jobId: id };
      }
      this.now += 1000;
      const { etag } = this.put(step.target.key);
      return { step, status: 'done', output: { etag } };
    });
    if (trouble?.when === 'after') throw trouble.fault;
    return { receipts, requestId: `request-${this.requests.length}` };
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
