import type { JobOperation } from '../../../shared/wire/job-operation.ts';
import { readPicProcess } from '../../../shared/wire/pic-process.ts';
import { readRule } from '../../../shared/wire/rule-text.ts';
import { readSegmentVideoBody } from '../../../shared/wire/segment-video-body.ts';
import type { BucketService } from '../../../shared/wire/service-bucket.ts';
import { invalid, notHere } from '../ci-error.ts';
import type { IdLetter } from './job-id.ts';
import { objectIn } from './object-in.ts';

/** Where jobs are asked for and about; older pages have a path for each family. */
export const JOB_PATHS: readonly string[] = ['/jobs', '/ai_jobs', '/pic_jobs', '/asr_jobs'];

/** One kind of job the engine does. */
export interface JobKind {
  readonly tag: string;
  readonly letter: IdLetter;
  /** What has to be opened for the bucket; its jobs wait in that queue. */
  readonly service: Exclude<BucketService, 'media'>;
  /** What whoever submits one must be allowed, besides handing over the role. */
  readonly action: string;
  /** Either of these is enough to cancel one: the pages of the kind and of all jobs differ. */
  readonly cancelActions: readonly string[];
  /** Refuses parameters that no job of this kind can have. */
  check(operation: JobOperation, bucket: string): void;
}

const segmentVideoBody: JobKind = {
  tag: 'SegmentVideoBody',
  letter: 'a',
  service: 'ai',
  action: 'ci:CreateBodyJointsDetectJob',
  cancelActions: ['ci:CancelAiProcessJob', 'ci:CancelMediaJob'],
  check({ parameters, templateId }, bucket) {
    if (templateId !== undefined) throw invalid('There are no templates for SegmentVideoBody.');
    const { mode, backgroundLogoUrl } = readSegmentVideoBody(parameters);
    if (mode === 'Combination' && objectIn(bucket, backgroundLogoUrl ?? '') === undefined) {
      throw invalid('BackgroundLogoUrl names an object in the bucket of the source.');
    }
  },
};

const picProcess: JobKind = {
  tag: 'PicProcess',
  letter: 'c',
  service: 'pic',
  action: 'ci:CreatePicProcessJobs',
  cancelActions: ['ci:CancelPicProcessJob', 'ci:CancelMediaJob'],
  check({ parameters, templateId }) {
    if (templateId !== undefined) throw notHere('templates');
    const process = readPicProcess(parameters);
    if (!process) throw invalid('A PicProcess job needs a PicProcess or a TemplateId.');
    if (readRule(process.rule).kind === 'style') throw notHere('styles');
  },
};

export const JOB_KINDS: readonly JobKind[] = [segmentVideoBody, picProcess];

/** Kinds of jobs the service has and the engine has not. */
const NOT_HERE: readonly string[] = [
  'Animation',
  'Concat',
  'DigitalWatermark',
  'ExtractDigitalWatermark',
  'FileCompress',
  'FileHashCode',
  'FileUncompress',
  'MediaInfo',
  'NoiseReduction',
  'QualityEstimate',
  'SDRtoHDR',
  'Segment',
  'SmartCover',
  'Snapshot',
  'SpeechRecognition',
  'StreamExtract',
  'SuperResolution',
  'Transcode',
  'Translation',
  'Tts',
  'VideoEnhance',
  'VideoMontage',
  'VideoProcess',
  'VideoTag',
  'VideoTargetRec',
  'VoiceSeparate',
  'VoiceSynthesis',
  'WordsGeneralize',
];

export function kindOf(tag: string): JobKind | undefined {
  return JOB_KINDS.find((kind) => kind.tag === tag);
}

export function kindOfId(jobId: string): JobKind | undefined {
  return JOB_KINDS.find(({ letter }) => jobId.startsWith(letter));
}

/** Refuses what nobody can do, by its name. */
export function kindToDo(tag: string): JobKind {
  const kind = kindOf(tag);
  if (kind) return kind;
  if (NOT_HERE.includes(tag)) throw notHere(`jobs with the Tag ${tag}`);
  throw invalid(`There are no jobs with the Tag "${tag.slice(0, 60)}".`);
}
