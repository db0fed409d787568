import type { Claim } from '../progress/claim.ts';
import type { Entry } from '../progress/entry.ts';
import { hasEnded } from '../progress/job.ts';
import { isWorkOf } from '../progress/own-output.ts';
import type { Receipt } from '../progress/receipt.ts';
import { handToJob, JOB_LOST_MS } from './jobs.ts';
import { buryStep, settleStep, stepsAt } from './ledger.ts';
import type { Suite } from './ports.ts';

type On = Pick<Suite, 'records' | 'digest' | 'now' | 'rules' | 'objects' | 'ci' | 'log'>;

/**
 * What an earlier attempt left behind settles the step, whose outcome nobody heard of: its output, or
 * the job it submitted. Nothing when there is neither: then it has to be asked for.
 */
export async function takeUp(
  claim: Extract<Claim, { readonly entry: Entry }>,
  on: On,
): Promise<Receipt | undefined> {
  if (claim.claim === 'taken') return undefined;
  const { entry, buryAs } = claim;
  const { step } = entry;
  const found = await on.objects.head(step.target);
  // The others are read after the object was found: whoever wrote it was among them by then.
  const others = await stepsAt(step.target, on);
  if (found && isWorkOf(entry, found, others)) {
    const { etag, size } = found;
    const receipt: Receipt = { step, status: 'done', output: { etag, size } };
    await settleStep(receipt, { attempt: entry.attempt }, entry, on);
    on.log.info('output found', { step: step.id, etag });
    return receipt;
  }
  const job = await jobOf(entry, on);
  if (job !== undefined) {
    on.log.info('job found', { step: step.id, jobId: job });
    return handToJob(job, entry, on);
  }
  if (!buryAs) return undefined;
  await buryStep(entry, buryAs, found?.etag, on);
  return { step, status: 'skipped', because: 'dead' };
}

/** The latest job for this step that went well, or still may. */
async function jobOf({ step, source }: Entry, { ci, now }: On): Promise<string | undefined> {
  if (step.jobTag === undefined) return undefined;
  const jobs = await ci.findJobs(step, { source, tag: step.jobTag });
  return jobs.find(({ state, createdAt }) => {
    if (state === 'succeeded') return true;
    return !hasEnded({ state }) && now() - createdAt <= JOB_LOST_MS;
  })?.id;
}
