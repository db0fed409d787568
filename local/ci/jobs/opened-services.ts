import type { BucketService, ServiceBucket } from '../../../shared/wire/service-bucket.ts';
import { regionOf } from '../../cos/bucket.ts';
import type { CosService } from '../../cos/exchange.ts';
import type { Table } from '../../cos/storage/table.ts';
import { CiError, type CiErrorCode } from '../ci-error.ts';

interface Opened {
  readonly openedAt: number;
}

const UNOPENED: Readonly<Record<BucketService, CiErrorCode>> = {
  ai: 'AIBucketUnBinded',
  media: 'MediaBucketUnBinded',
  pic: 'PicBucketUnBinded',
};

export interface OpenedServicesOptions extends Pick<CosService, 'storage' | 'region' | 'now'> {
  /** Nothing is open until somebody opens it; else everything is from the start. */
  readonly bare: boolean;
}

/** Which services of Cloud Infinite were opened for which buckets. */
export class OpenedServices {
  readonly #options: OpenedServicesOptions;
  readonly #opened: Table<Opened>;

  constructor(options: OpenedServicesOptions) {
    this.#options = options;
    this.#opened = options.storage.table('ci-buckets');
  }

  of(service: BucketService, bucket: string): ServiceBucket | undefined {
    const { storage, bare } = this.#options;
    const there = storage.buckets.get(bucket);
    if (!there) return undefined;
    const createdAt =
      this.#opened.get(keyOf(service, bucket))?.openedAt ?? (bare ? undefined : there.created);
    if (createdAt === undefined) return undefined;
    const name = bucket.slice(0, bucket.lastIndexOf('-'));
    return { bucketId: bucket, name, region: regionOf(this.#options, bucket), createdAt };
  }

  mustBeOpen(service: BucketService, bucket: string): ServiceBucket {
    const opened = this.of(service, bucket);
    if (!opened) throw new CiError(UNOPENED[service]);
    return opened;
  }

  list(service: BucketService): readonly ServiceBucket[] {
    return this.#options.storage.buckets.list().flatMap(({ name }) => this.of(service, name) ?? []);
  }

  async open(service: BucketService, bucket: string): Promise<ServiceBucket> {
    const openedAt = this.of(service, bucket)?.createdAt ?? this.#options.now();
    await this.#opened.put(keyOf(service, bucket), { openedAt });
    return this.mustBeOpen(service, bucket);
  }
}

function keyOf(service: BucketService, bucket: string): string {
  return `${bucket}\0${service}`;
}
