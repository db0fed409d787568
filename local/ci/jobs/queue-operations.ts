import { readQueueUpdate, writeQueueList, writeUpdatedQueue } from '../../../shared/wire/queue.ts';
import { xmlAnswer } from '../../cos/stored.ts';
import { invalid } from '../ci-error.ts';
import type { CiOperation } from '../ci-exchange.ts';
import { bodyBytes } from './body-bytes.ts';
import { pageOf } from './page-of.ts';

const MAX_BODY = 64 * 1024;
const MAX_IDS = 10;
const PATHS = ['/queue', '/ai_queue', '/picqueue'];

/** What each path tells of: `/queue` of all, the others of one category. */
const CATEGORIES: Readonly<Record<string, string | undefined>> = {
  '/ai_queue': 'AIProcess',
  '/picqueue': 'PicProcessing',
};

export const describeQueues: CiOperation = {
  name: 'DescribeMediaQueues',
  method: 'GET',
  paths: PATHS,
  actions: ['ci:DescribeMediaQueues', 'ci:DescribeAiProcessQueues', 'ci:DescribePicProcessQueues'],
  run({ service, incoming, bucket, query, path }) {
    const category = CATEGORIES[path];
    const asked = query.get('category') || 'CateAll';
    const state = query.get('state') || undefined;
    if (state !== undefined && state !== 'Active' && state !== 'Paused') {
      throw invalid('state is Active or Paused.');
    }
    const ids = (query.get('queueIds') ?? '').split(',').filter((id) => id !== '');
    if (ids.length > MAX_IDS) throw invalid(`queueIds names more than ${MAX_IDS} queues.`);
    const there = service.jobs.queues
      .of(bucket)
      .filter((queue) => category === undefined || queue.category === category);
    const found = there
      .filter((queue) => ids.length === 0 || ids.includes(queue.queueId))
      .filter((queue) => asked === 'CateAll' || queue.category === asked)
      .filter((queue) => state === undefined || queue.state === state);
    const { items, ...page } = pageOf(found, query);
    const nonExistIds = ids.filter((id) => !there.some(({ queueId }) => queueId === id));
    return xmlAnswer(
      writeQueueList({ requestId: incoming.id, ...page, queues: items, nonExistIds }),
    );
  },
};

/** `PUT /queue/<id>`: pauses, resumes, renames, and says whom to tell. */
export const updateQueue: CiOperation = {
  name: 'UpdateMediaQueue',
  method: 'PUT',
  paths: PATHS,
  hasRest: true,
  actions: ['ci:UpdateMediaQueue', 'ci:UpdateAiProcessQueue', 'ci:UpdatePicProcessQueue'],
  async run({ service, incoming, bucket, rest }) {
    const { queues, callbacks } = service.jobs;
    const queue = queues.find(bucket, rest);
    if (!queue) throw invalid(`There is no queue ${rest.slice(0, 60)}.`);
    const update = readQueueUpdate(await bodyBytes(incoming, MAX_BODY));
    callbacks.checkQueue(update.notify);
    await service.jobs.changeQueue(bucket, queue, update);
    return xmlAnswer(writeUpdatedQueue(incoming.id, queues.find(bucket, rest) ?? queue));
  },
};
