import { allOver } from '../core/all-over.ts';
import type { Entry } from '../progress/entry.ts';
import { advanceJob, hasEnded, type Job, newJob, receiptOf, sweepOf } from '../progress/job.ts';
import { noticeOf } from '../progress/notice.ts';
import { readJob } from '../progress/read-job.ts';
import type { Receipt } from '../progress/receipt.ts';
import { markDue } from './agenda.ts';
import { readStep, settleJob, settleStep } from './ledger.ts';
import { tell } from './outbox.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';

/** After this a job is stuck, and no longer waited for. */
export const JOB_LOST_MS = 6 * 3_600_000;
/** Callbacks come seconds after the end; a job that is quiet for longer is asked about. */
const QUIET_MS = 2 * 60_000;

type On = Pick<Suite, 'records' | 'digest' | 'now' | 'rules'>;

/** A job has the step from now on. It is written down first: nobody else knows its id. */
export async function handToJob(jobId: string, entry: Entry, on: On): Promise<Receipt> {
  const { step, attempt } = entry;
  await markDue('jobs', jobId, on.now() + QUIET_MS, on);
  // One that was given up as lost and is found again begins anew.
  await on.records.write(jobName(jobId), JSON.stringify(newJob(jobId, step, on.now())));
  const receipt: Receipt = { step, status: 'accepted', jobId };
  await settleStep(receipt, { attempt }, entry, on);
  return receipt;
}

async function readJobRecord(
  id: string,
  { records }: Pick<On, 'records'>,
): Promise<Job | undefined> {
  const text = await records.read(jobName(id));
  return text === undefined ? undefined : readJob(text);
}

/**
 * Asks how a job is, settles its step, and tells of it. Nothing where there is no such job. Whether
 * a callback or the timer comes with it, and how often, makes no difference.
 */
export async function refreshJob(
  id: string,
  on: On & Pick<Suite, 'ci' | 'objects' | 'log'>,
): Promise<{ readonly job: Job; readonly notices: readonly string[] } | undefined> {
  const job = await readJobRecord(id, on);
  if (!job) return undefined;
  const terms = { now: on.now(), quietMs: QUIET_MS, lostMs: JOB_LOST_MS };
  const isLate = sweepOf(job, terms) === 'ask-then-lost';
  const after = hasEnded(job) ? job : await asked(job, isLate, on);
  if (after === job) {
    if (!hasEnded(job)) await markDue('jobs', id, on.now() + QUIET_MS, on);
    return { job, notices: [] };
  }

  const output = await on.objects.head(job.step.target);
  const receipt = receiptOf(after, output && { etag: output.etag, size: output.size });
  if (receipt) {
    const early = await settleJob(receipt, id, on);
    if (early) throw early;
  }
  const [notices] = await allOver([
    tell(noticeOf(job, after), on),
    hasEnded(after) ? undefined : markDue('jobs', id, on.now() + QUIET_MS, on),
  ]);
  await on.records.write(jobName(id), JSON.stringify(after));
  on.log.info('job', { jobId: id, step: job.step.id, state: after.state, trouble: after.trouble });
  return { job: after, notices };
}

async function asked(job: Job, isLate: boolean, on: On & Pick<Suite, 'ci'>): Promise<Job> {
  const entry = await readStep(on.digest(job.step.id), on);
  // A job runs where its source is; the ledger remembers that.
  const told = advanceJob(
    job,
    await on.ci.jobState(job.id, entry?.source ?? job.step.target),
    on.now(),
  );
  return isLate ? advanceJob(told, { state: 'lost' }, on.now()) : told;
}

function jobName(id: string): string {
  return recordName('jobs', id);
}
