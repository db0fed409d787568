import { readPicProcess } from '../../../shared/wire/pic-process.ts';
import { readRule } from '../../../shared/wire/rule-text.ts';
import type { ImageInfo } from '../../../shared/wire/upload-result.ts';
import { processPicture } from '../methods/process-picture.ts';
import type { PictureInfo } from '../operations-port.ts';
import { openAsRole } from './as-ci-role.ts';
import type { Attempt, CarriedOut } from './carried-out.ts';
import { JobError } from './job-error.ts';
import { readWhole } from './read-whole.ts';

const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** PicProcess: one rule over one picture. */
export async function processPictureJob({ job, host }: Attempt): Promise<CarriedOut> {
  const { bucket, record } = job;
  const process = readPicProcess(record.operation.parameters);
  if (!process) throw new JobError('InvalidArgument', 'The job has no PicProcess.');
  const source = openAsRole(host, { bucket, key: record.input.object ?? '' });
  const input = await readWhole(source, MAX_PICTURE_BYTES, 'ImageTooLarge');
  const { operations } = host.ci;
  const imageInfo = process.wantsInfo ? imageInfoOf(await operations.info(input)) : undefined;
  const done = await processPicture(host.ci, readRule(process.rule), input);
  const { format, width, height, quality } = done.info;
  return {
    body: done.output,
    contentType: done.contentType,
    results: ({ key, size, etag }) => ({
      picProcessResult: {
        objectName: key,
        originalEtag: source.record.etag,
        ...(imageInfo && { imageInfo }),
        result: { format: format.toLowerCase(), width, height, size, quality, etag },
      },
    }),
  };
}

function imageInfoOf(info: PictureInfo): ImageInfo {
  const { format, width, height, quality, average, orientation } = info;
  return { format, width, height, quality, ave: average, orientation };
}
