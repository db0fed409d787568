import type { Method, Operation } from '../operations/operation.ts';

export type FunctionName = 'on-upload' | 'reprocess' | 'on-demand' | 'on-callback';

/** What a request is about, and so which resource its statement names. */
type ResourceKind =
  | 'source'
  | 'output'
  /** A mask or a background. */
  | 'borrowed'
  | 'record'
  | 'source-bucket'
  | 'state-bucket'
  /** A source bucket as the processing service knows it. */
  | 'processing'
  /** The role in which the service reads and writes for a job. */
  | 'service-role'
  /** reprocess. Its name belongs to the deployment, so the statement is made there. */
  | 'function';

/** A request that functions send, and what its sender must be allowed to do. */
export interface RequestAction {
  readonly request: string;
  readonly why: string;
  readonly actions: readonly string[];
  readonly on: ResourceKind;
  readonly sentBy: readonly FunctionName[];
}

const SUBMITTERS = ['on-upload', 'reprocess', 'on-demand'] as const;
const ALL = [...SUBMITTERS, 'on-callback'] as const;

/** The requests that are the same for every operation. */
export const REQUEST_ACTIONS = {
  seeSource: {
    request: 'HEAD /<source>',
    why: 'see what a source is',
    actions: ['name/cos:HeadObject'],
    on: 'source',
    sentBy: SUBMITTERS,
  },
  seeOutput: {
    request: 'HEAD /<output>',
    why: 'see whether an output is there',
    actions: ['name/cos:HeadObject'],
    on: 'output',
    sentBy: ALL,
  },
  seeBorrowed: {
    request: 'HEAD /<mask or background>',
    why: 'see whether a mask or background is there',
    actions: ['name/cos:HeadObject'],
    on: 'borrowed',
    sentBy: SUBMITTERS,
  },
  lendBorrowed: {
    request: 'GET /<mask or background>, by an address signed for the service',
    why: 'let the service read a mask or background',
    actions: ['name/cos:GetObject'],
    on: 'borrowed',
    sentBy: SUBMITTERS,
  },
  handOutOutput: {
    request: 'GET /<output>, by an address signed for whoever asked',
    why: 'let a caller read an output',
    actions: ['name/cos:GetObject'],
    on: 'output',
    sentBy: ['on-demand'],
  },
  takeUpload: {
    request: 'PUT /<source>, by an address signed for whoever asked',
    why: 'let a caller upload a source',
    actions: ['name/cos:PutObject'],
    on: 'source',
    sentBy: ['on-demand'],
  },
  readRecord: {
    request: 'GET and HEAD /<record>',
    why: 'read records',
    actions: ['name/cos:GetObject', 'name/cos:HeadObject'],
    on: 'record',
    sentBy: ALL,
  },
  writeRecord: {
    request: 'PUT /<record>',
    why: 'write records',
    actions: ['name/cos:PutObject'],
    on: 'record',
    sentBy: ALL,
  },
  seeVersioning: {
    request: 'GET /?versioning of the state bucket',
    why: 'see that records can be created once',
    actions: ['name/cos:GetBucketVersioning'],
    on: 'state-bucket',
    sentBy: ALL,
  },
  listSources: {
    request: 'GET /?prefix= of a source bucket',
    why: 'list what is to be backfilled',
    actions: ['name/cos:GetBucket'],
    on: 'source-bucket',
    sentBy: ['reprocess'],
  },
  listRecords: {
    request: 'GET /?prefix= of the state bucket',
    why: 'list records that wait for something',
    actions: ['name/cos:GetBucket'],
    on: 'state-bucket',
    sentBy: ['reprocess'],
  },
  askJob: {
    request: 'GET /jobs/<id>',
    why: 'ask how a job is',
    actions: ['name/ci:DescribeMediaJob'],
    on: 'processing',
    sentBy: ['reprocess', 'on-callback'],
  },
  findJob: {
    request: 'GET /jobs?tag=',
    why: 'find a job whose submission was not answered',
    actions: ['name/ci:DescribeMediaJobs'],
    on: 'processing',
    sentBy: SUBMITTERS,
  },
  passRole: {
    request: 'POST /jobs',
    why: 'let the service read and write for a job',
    actions: ['cam:PassRole'],
    on: 'service-role',
    sentBy: SUBMITTERS,
  },
  invokeReprocess: {
    request: 'Invoke of reprocess, without waiting for it',
    why: 'have a stored run carried out at once',
    actions: ['scf:InvokeFunction'],
    on: 'function',
    sentBy: ['on-demand'],
  },
} as const satisfies Record<string, RequestAction>;

const METHODS: Readonly<
  Record<Method, Pick<RequestAction, 'request' | 'sentBy'> & { readonly does: string }>
> = {
  cloud: {
    request: 'POST /<source>?image_process',
    does: 'process a stored picture',
    sentBy: SUBMITTERS,
  },
  job: { request: 'POST /jobs', does: 'submit a job', sentBy: SUBMITTERS },
  upload: {
    request: 'PUT /<source> with Pic-Operations',
    does: 'process a picture in its upload',
    sentBy: ['on-demand'],
  },
  download: {
    request: 'GET /<source>?<rule>',
    does: 'render at download',
    sentBy: ['on-demand'],
  },
};

/**
 * What an operation asks for in one way of being asked, as its pages have it; with `doubtful`, what
 * some page asks for and a newer one does not, too.
 */
export function operationActions(
  operation: Pick<Operation, 'actions' | 'doubtful'>,
  method: Method,
  doubtful: boolean,
): readonly RequestAction[] {
  const { request, does, sentBy } = METHODS[method];
  const asked = [
    ...(operation.actions[method] ?? []),
    ...(doubtful ? (operation.doubtful[method] ?? []) : []),
  ];
  return asked.map((action): RequestAction => {
    const [on, what] = subjectOf(action);
    return { request, why: `${does}: ${what}`, actions: [`name/${action}`], on, sentBy };
  });
}

function subjectOf(action: string): readonly [ResourceKind, string] {
  if (action.startsWith('ci:')) return ['processing', 'the operation'];
  return action === 'cos:PutObject' ? ['output', 'its output'] : ['source', 'its source'];
}
