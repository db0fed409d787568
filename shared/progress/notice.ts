import type { ObjectRef } from '../core/object-ref.ts';
import type { NoticeTarget } from '../plan/rules.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Entry } from './entry.ts';
import type { Job, JobState } from './job.ts';
import type { StepRef } from './step-ref.ts';

/** What we tell the outside: what it is about, where it is, and what became of it. Never bytes. */
export type Notice = StepNotice | BackfillNotice | RulesNotice;

interface StepNotice {
  /** The same for the same news, however often it is sent. */
  readonly id: string;
  readonly type: `job.${JobState}` | 'step.done' | 'step.dead';
  readonly step: string;
  readonly rule: string;
  readonly template: string;
  readonly operation: string;
  readonly target: ObjectRef;
  readonly jobId?: string;
  readonly because?: string;
}

interface BackfillNotice {
  readonly id: string;
  readonly type: `backfill.${Checkpoint['state']}`;
  readonly backfill: string;
  readonly seen: number;
  readonly submitted: number;
  readonly failed: number;
}

interface RulesNotice {
  readonly id: string;
  readonly type: 'rules.refused';
  /** Everything that is wrong or missing. */
  readonly because: readonly string[];
}

/** What to tell the outside about a job; nothing when nothing changed. */
export function noticeOf(before: Job, after: Job): Notice | undefined {
  if (before === after) return undefined;
  const { id, state, step, trouble } = after;
  return {
    id: `${id}.${state}`,
    type: `job.${state}`,
    ...aboutStep(step),
    jobId: id,
    ...(trouble && { because: `${trouble.code}: ${trouble.message}` }),
  };
}

/** What to tell the outside about a step: that it is done, or dead and why. */
export function noticeOfStep(before: Entry, after: Entry): Notice | undefined {
  if (before === after) return undefined;
  const { step, state, trouble } = after;
  const id = `${step.id}.${state.is}`;
  if (state.is === 'done') return { id, type: 'step.done', ...aboutStep(step) };
  if (state.is !== 'dead') return undefined;
  const because = trouble
    ? `${state.because} (${trouble.code}: ${trouble.message})`
    : state.because;
  return { id, type: 'step.dead', ...aboutStep(step), because };
}

/** What to tell the outside about a backfill: that it is over, stopped or going on. */
export function noticeOfBackfill(before: Checkpoint, after: Checkpoint): Notice | undefined {
  if (before.state === after.state) return undefined;
  const { backfill, state, revision, seen, submitted, failed } = after;
  // A backfill may stop and go on more than once; its revision tells the times apart.
  const id = `${backfill}.${revision}.${state}`;
  return { id, type: `backfill.${state}`, backfill, seen, submitted, failed };
}

/** Who wants to hear of it. */
export function targetsFor(
  { type }: Notice,
  targets: readonly NoticeTarget[],
): readonly NoticeTarget[] {
  return targets.filter(({ about }) => about.includes('*') || about.includes(type));
}

/**
 * The text whose HMAC proves that a notice is ours and recent. `body` is what is sent, byte for byte:
 * whoever verifies must not parse it and write it again.
 */
export function signatureText(timestampSeconds: number, body: string): string {
  return `${timestampSeconds}.${body}`;
}

function aboutStep({ id, rule, template, operation, target }: StepRef) {
  return { step: id, rule, template, operation, target };
}
