import { Fault } from '../../../shared/core/fault.ts';
import type { Source } from '../../../shared/core/object-ref.ts';
import type { Step } from '../../../shared/plan/plan.ts';
import type { Request } from '../../../shared/plan/requests-for.ts';
import type { JobReport } from '../../../shared/progress/job.ts';
import type { Receipt } from '../../../shared/progress/receipt.ts';
import type { FoundJob, Page } from '../../../shared/run/ports.ts';
import type { Clockwork } from './clockwork.ts';
import type { Dice } from './dice.ts';

export const BUCKET = 'studio-1300001234';
export const REGION = 'ap-guangzhou';

/** An object, and who wrote it: the id of a step, or nothing for people. */
export interface Standing extends Source {
  readonly by: string | undefined;
}

export interface CloudJob extends FoundJob {
  readonly step: Step;
  report: JobReport;
}

/** Buckets and processing as they are when nothing goes wrong. What goes wrong is on the way to them. */
export class Cloud {
  readonly objects = new Map<string, Standing>();
  readonly jobs: CloudJob[] = [];
  /** Sources that were processed though the service itself had written them. */
  readonly ownOutputs: string[] = [];
  onWritten: (key: string) => void = () => {};
  onJobEnded: (id: string) => void = () => {};
  readonly #jobsByStep = new Map<string, CloudJob[]>();
  readonly #clock: Clockwork;
  readonly #dice: Dice;
  #etags = 0;

  constructor(clock: Clockwork, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  put(key: string, by?: string, etag = `e${++this.#etags}`): Standing {
    const modified = Math.floor(this.#clock.now / 1000) * 1000;
    const contentType = key.endsWith('.mp4') ? 'video/mp4' : 'image/jpeg';
    const standing: Standing = {
      ...{ bucket: BUCKET, region: REGION, key, etag, modified, by },
      ...{ size: 1000, contentType, metadata: {} },
    };
    this.objects.set(key, standing);
    this.onWritten(key);
    return standing;
  }

  list(prefix: string, cursor: string, limit: number): Page {
    const keys = [...this.objects.keys()]
      .filter((key) => key.startsWith(prefix) && key > cursor)
      .sort();
    const page = keys.slice(0, limit).flatMap((key) => this.objects.get(key) ?? []);
    return { objects: page, next: keys.length > limit ? page.at(-1)?.key : undefined };
  }

  /** What comes of one step, now. */
  carryOut({ source }: Request, step: Step): Receipt {
    const standing = this.objects.get(source.key);
    if (!standing || source.key.includes('broken')) {
      throw new Fault('OBJECT_UNFIT', `The service cannot read ${source.key}`);
    }
    if (standing.by !== undefined) this.ownOutputs.push(`${source.key} by ${step.id}`);
    if (step.call.via === 'job') return { step, status: 'accepted', jobId: this.#submit(step) };
    const { etag } = this.put(step.target.key, step.id);
    return { step, status: 'done', output: { etag } };
  }

  jobsFor(step: string): readonly CloudJob[] {
    return (this.#jobsByStep.get(step) ?? []).toReversed();
  }

  #submit(step: Step): string {
    const id = `j${this.jobs.length + 1}`;
    const job: CloudJob = {
      ...{ id, step, state: 'submitted', createdAt: this.#clock.now },
      report: { state: 'submitted' },
    };
    this.jobs.push(job);
    this.#jobsByStep.set(step.id, [...(this.#jobsByStep.get(step.id) ?? []), job]);
    const fate = this.#dice.roll();
    // One in fifty is never heard of again, one in twenty goes wrong.
    if (fate < 0.02) return id;
    this.#clock.in(20_000 + this.#dice.below(2_400_000), () => {
      const state = fate < 0.05 ? 'failed' : fate < 0.07 ? 'cancelled' : 'succeeded';
      if (state === 'succeeded') this.put(step.target.key, step.id);
      Object.assign(job, { state, report: { state } });
      this.onJobEnded(id);
    });
    return id;
  }
}
