import { mayWriteAsRole } from './as-ci-role.ts';
import type { Attempt, CarriedOut } from './carried-out.ts';
import { JobError } from './job-error.ts';
import { processPictureJob } from './process-picture-job.ts';
import { segmentVideo } from './segment-video.ts';

const BY_TAG: Readonly<Record<string, (attempt: Attempt) => Promise<CarriedOut>>> = {
  PicProcess: processPictureJob,
  SegmentVideoBody: segmentVideo,
};

/** Does what a job asks for, up to the output that is yet to be written. */
export async function carryOut(attempt: Attempt): Promise<CarriedOut> {
  const { record } = attempt.job;
  const { tag, operation } = record;
  const work = Object.hasOwn(BY_TAG, tag) ? BY_TAG[tag] : undefined;
  if (!work || !operation.output) throw new JobError('InternalError', `No job can be like this.`);
  const { bucket, object: key } = operation.output;
  // Before the work, so that nobody waits for a video that cannot be written.
  mayWriteAsRole(attempt.host, { bucket, key });
  return work(attempt);
}
