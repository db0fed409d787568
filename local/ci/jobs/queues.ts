import { createHash } from 'node:crypto';
import type { JobQueue, QueueUpdate } from '../../../shared/wire/queue.ts';
import type { BucketService } from '../../../shared/wire/service-bucket.ts';
import type { Storage } from '../../cos/storage/storage.ts';
import type { Table } from '../../cos/storage/table.ts';
import type { OpenedServices } from './opened-services.ts';

export interface QueueLimits {
  /** How many jobs may wait. */
  readonly maxSize: number;
  /** How many run at the same time. */
  readonly maxConcurrent: number;
}

export const USUAL_LIMITS: QueueLimits = { maxSize: 10_000, maxConcurrent: 10 };

/** The queue each service makes when it is opened, by the category it shows. */
const CATEGORIES: Readonly<Record<BucketService, string>> = {
  ai: 'AIProcess',
  media: 'Transcoding',
  pic: 'PicProcessing',
};
const NAMES: Readonly<Record<BucketService, string>> = {
  ai: 'queue-ai-process-1',
  media: 'queue-1',
  pic: 'queue-pic-process-1',
};
const SERVICES = ['ai', 'media', 'pic'] as const satisfies readonly BucketService[];

interface Changed extends QueueUpdate {
  readonly updatedAt: number;
}

/** One queue for each service that was opened for a bucket. Only what somebody changed is kept. */
export class Queues {
  readonly #changed: Table<Changed>;
  readonly #opened: OpenedServices;
  readonly #limits: QueueLimits;

  constructor(storage: Pick<Storage, 'table'>, opened: OpenedServices, limits: QueueLimits) {
    this.#changed = storage.table('ci-queues');
    this.#opened = opened;
    this.#limits = limits;
  }

  of(bucket: string): readonly JobQueue[] {
    return SERVICES.flatMap((service) => this.for(service, bucket) ?? []);
  }

  for(service: BucketService, bucket: string): JobQueue | undefined {
    const opened = this.#opened.of(service, bucket);
    if (!opened) return undefined;
    const queueId = queueIdOf(service, bucket);
    const changed = this.#changed.get(keyOf(bucket, queueId));
    const createdAt = opened.createdAt ?? 0;
    return {
      queueId,
      name: changed?.name ?? NAMES[service],
      state: changed?.state ?? 'Active',
      notify: changed?.notify ?? { state: 'Off' },
      ...this.#limits,
      createdAt,
      updatedAt: changed?.updatedAt ?? createdAt,
      bucketId: bucket,
      category: CATEGORIES[service],
    };
  }

  find(bucket: string, queueId: string): JobQueue | undefined {
    return this.of(bucket).find((queue) => queue.queueId === queueId);
  }

  isPaused(bucket: string, queueId: string): boolean {
    return this.#changed.get(keyOf(bucket, queueId))?.state === 'Paused';
  }

  async change(bucket: string, queueId: string, update: QueueUpdate, now: number): Promise<void> {
    await this.#changed.put(keyOf(bucket, queueId), { ...update, updatedAt: now });
  }
}

/** The same every time, so that a queue need not be kept to be known again. */
function queueIdOf(service: BucketService, bucket: string): string {
  return `p${createHash('md5').update(`${service} ${bucket}`).digest('hex')}`;
}

function keyOf(bucket: string, queueId: string): string {
  return `${bucket}\0${queueId}`;
}
