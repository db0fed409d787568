import fc from 'fast-check';
import type { JobFields } from '../../shared/wire/job-fields.ts';
import type { JobOperation } from '../../shared/wire/job-operation.ts';
import type { JobRecord } from '../../shared/wire/job-record.ts';
import type { JobRequest } from '../../shared/wire/job-request.ts';
import type { MediaFiles, MediaInfo, MediaResult } from '../../shared/wire/media-info.ts';
import type { PicProcessResult } from '../../shared/wire/pic-process.ts';
import { anyName, anyText } from './wire-format.ts';

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/);
const number = fc.integer({ min: 0, max: 1e15 - 1 });
/** A whole second, which is all that is told of a time. */
const time = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);

function some<T>(
  model: { [Name in keyof T]-?: fc.Arbitrary<Exclude<T[Name], undefined>> },
  requiredKeys: (keyof T)[] = [],
): fc.Arbitrary<T> {
  return fc.record(model, { requiredKeys }) as unknown as fc.Arbitrary<T>;
}

/** Names no operation shares with all others, some of them awkward. */
const fieldName = fc.constantFrom('Mode', 'Video', 'ObjectName', 'toString', 'x.y-z');

/** Each name once: JSON keeps the order of names, but not how the values of several alternate. */
const fields: fc.Arbitrary<JobFields> = fc.letrec<{ fields: JobFields }>((tie) => ({
  fields: fc.uniqueArray(
    fc.tuple(
      fieldName,
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        anyText,
        tie('fields').filter((inner) => inner.length > 0),
      ),
    ),
    { maxLength: 3, selector: ([name]) => name },
  ),
})).fields;

const operationModel = {
  parameters: fields,
  templateId: token,
  templateName: anyName,
  output: fc.record({ region: token, bucket: token, object: anyName }),
  userData: fc.stringMatching(/^[\x20-\x7e]{1,20}$/),
  jobLevel: fc.nat(2),
};
const operation: fc.Arbitrary<JobOperation> = some<JobOperation>(operationModel, ['parameters']);

export const jobRequest: fc.Arbitrary<JobRequest> = some<JobRequest>(
  {
    input: some<JobRequest['input']>({ object: anyName, url: anyName }),
    queueId: token,
    queueType: token,
    callback: some<JobRequest['callback']>({
      url: fc.webUrl(),
      format: fc.constantFrom('XML', 'JSON'),
      type: fc.constantFrom('Url', 'Kafka'),
      queue: fc.record({ region: token, mode: token, name: token }),
    }),
    operations: fc.array(
      fc.tuple(token, operation).map(([tag, rest]) => ({ tag, ...rest })),
      { minLength: 1, maxLength: 3 },
    ),
  },
  ['input', 'callback', 'operations'],
);

const files: fc.Arbitrary<MediaFiles> = some<MediaFiles>(
  {
    bucket: token,
    region: token,
    objectNames: fc.array(anyName, { maxLength: 3 }),
    objectPrefix: anyName,
    md5s: fc.array(fc.record({ objectName: anyName, md5: token }), { maxLength: 2 }),
  },
  ['objectNames', 'md5s'],
);

const mediaInfo: fc.Arbitrary<MediaInfo> = fc.record({
  format: some<MediaInfo['format']>({
    Bitrate: token,
    Duration: token,
    FormatLongName: anyName,
    FormatName: anyName,
    NumProgram: token,
    NumStream: token,
    Size: token,
    StartTime: token,
  }),
  video: fc.array(fc.record({ Width: token, Height: token, CodecName: anyName }), { maxLength: 2 }),
  audio: fc.array(fc.record({ Channel: token, SampleRate: token }), { maxLength: 2 }),
  subtitles: fc.array(fc.record({ Index: token, Language: token }), { maxLength: 2 }),
});

const mediaResult: fc.Arbitrary<MediaResult> = fc
  .tuple(files, fc.option(files, { nil: undefined }))
  .map(([output, sprites]) => (sprites ? { ...output, sprites } : output));

const picProcessResult: fc.Arbitrary<PicProcessResult> = some<PicProcessResult>(
  {
    objectName: anyName,
    originalEtag: token,
    imageInfo: some<NonNullable<PicProcessResult['imageInfo']>>({
      format: token,
      width: number,
      height: number,
      quality: number,
      ave: token,
      orientation: number,
    }),
    result: some<NonNullable<PicProcessResult['result']>>({
      format: token,
      width: number,
      height: number,
      size: number,
      quality: number,
      etag: token,
    }),
  },
  [],
);

export const jobRecord: fc.Arbitrary<JobRecord> = some<JobRecord>(
  {
    jobId: token,
    state: fc.constantFrom('Submitted', 'Running', 'Success', 'Failed', 'Pause', 'Cancel', 'New'),
    tag: token,
    subTag: token,
    code: token,
    message: anyText,
    progress: fc.nat(100),
    createdAt: time,
    startedAt: time,
    endedAt: time,
    queueId: token,
    input: some<JobRecord['input']>({
      bucketId: token,
      object: anyName,
      region: token,
      url: anyName,
      cosHeaders: fc.array(fc.record({ key: anyName, value: anyText }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    operation: some<JobRecord['operation']>(
      { ...operationModel, mediaInfo, mediaResult, picProcessResult },
      ['parameters'],
    ),
    workflow: fc.record({ name: anyName, runId: token, workflowId: token, workflowName: anyName }),
  },
  ['jobId', 'state', 'tag', 'code', 'message', 'input', 'operation'],
);
