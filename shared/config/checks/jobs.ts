import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** Settings of a job belong to a job, and a queue has to be named. */
export function* checkJobs(checked: CheckedFile): Iterable<Finding> {
  for (const { path, written, output } of outputsOf(checked)) {
    const { job } = written;
    if (job === undefined) continue;
    if (output.as !== 'job' || written.store !== undefined) {
      const message = 'This output is not made by a job, so nothing reads these settings';
      yield { code: 'job', path: [...path, 'job'], at: 'key', message, hint: 'Add as: job' };
    } else if (job.callbackType === 'TDMQ' && job.callbackQueue === undefined) {
      const message = 'Nothing says into which queue the end is reported';
      const hint = 'Add callbackQueue: { region, mode, name }';
      yield { code: 'job', path: [...path, 'job', 'callbackType'], message, hint };
    } else if (job.callbackType !== 'TDMQ' && job.callbackQueue !== undefined) {
      const message = 'The end is reported to an address, so nothing reads the queue';
      const hint = 'Add callbackType: TDMQ';
      yield { code: 'job', path: [...path, 'job', 'callbackQueue'], at: 'key', message, hint };
    }
  }
}
