import {
  type BucketService,
  writeServiceBucket,
  writeServiceBucketList,
} from '../../../shared/wire/service-bucket.ts';
import { xmlAnswer } from '../../cos/stored.ts';
import { CiError } from '../ci-error.ts';
import type { AccountOperation, CiOperation } from '../ci-exchange.ts';
import { pageOf } from './page-of.ts';

/** The path of each service, and what opening it must be allowed. */
const SERVICES: readonly (readonly [
  service: BucketService,
  path: string,
  create: string,
  describe: string,
])[] = [
  ['ai', '/ai_bucket', 'ci:CreateAIBucket', 'ci:DescribeAIBuckets'],
  ['media', '/mediabucket', 'ci:CreateMediaBucket', 'ci:DescribeMediaBuckets'],
  ['pic', '/picbucket', 'ci:CreatePicProcessBucket', 'ci:DescribePicProcessBuckets'],
];

/** Opens a service for a bucket, and with it its queue. */
export const openings: readonly CiOperation[] = SERVICES.map(([service, path, action]) => ({
  name: action.slice('ci:'.length),
  method: 'POST',
  paths: [path],
  actions: [action, 'ci:CreateCIBucket'],
  async run({ service: { jobs }, incoming, bucket }) {
    const { opened } = jobs;
    // Only of this service a code is known for what is open already; the others answer again.
    if (service === 'media' && opened.of(service, bucket)) {
      throw new CiError('MediaBucketAlreadyBinded');
    }
    return xmlAnswer(writeServiceBucket(service, incoming.id, await opened.open(service, bucket)));
  },
}));

/** Lists the buckets a service was opened for: those of the host's region. */
export const bucketLists: readonly AccountOperation[] = SERVICES.map(
  ([service, path, , action]) => ({
    name: action.slice('ci:'.length),
    method: 'GET',
    paths: [path],
    actions: [action],
    run({ service: { jobs }, incoming, query, region }) {
      const regions = textsIn(query.get('regions') || region);
      const names = textsIn(query.get('bucketNames'));
      const start = query.get('bucketName') || undefined;
      const buckets = jobs.opened
        .list(service)
        .filter(
          (bucket) =>
            (regions === undefined || regions.includes(bucket.region)) &&
            (names === undefined || names.includes(bucket.bucketId)) &&
            (start === undefined || bucket.bucketId.startsWith(start)),
        );
      const { items, ...page } = pageOf(buckets, query);
      const list = { requestId: incoming.id, ...page, buckets: items };
      return xmlAnswer(writeServiceBucketList(service, list));
    },
  }),
);

/** `All` and nothing mean every one. */
function textsIn(text: string | undefined): readonly string[] | undefined {
  const texts = (text ?? '').split(',').filter((each) => each !== '');
  return texts.length === 0 || texts.includes('All') ? undefined : texts;
}
