import { randomUUID } from 'node:crypto';
import type { Texts } from '../client/texts.ts';
import { Fault } from '../core/fault.ts';
import type { Places } from '../plan/places.ts';
import type { Objects, Records } from '../run/ports.ts';
import { checkRecord, isRecordName } from './record-name.ts';

const MOST_A_PAGE = 1000;

/**
 * Records as objects below a prefix. A bucket that keeps versions, or ever did, lets everybody
 * overwrite what was to be created once, so nothing is kept there.
 */
export async function openBucketRecords(
  { bucket, region, prefix }: Places['state'],
  { texts, objects }: { readonly texts: Texts; readonly objects: Pick<Objects, 'list'> },
): Promise<Records> {
  const versioning = await texts.versioning();
  if (versioning !== 'never') {
    throw new Fault('STATE_BUCKET_UNFIT', `Versioning of ${bucket} is ${versioning}`, {
      detail: { bucket, versioning },
      hint: 'Name a bucket in DARKROOM_STATE that never kept versions; suspending them does not help.',
    });
  }

  return {
    async read(name) {
      checkRecord(name);
      return texts.get(prefix + name);
    },

    async create(name, text) {
      checkRecord(name, text);
      return texts.create(prefix + name, text, randomUUID());
    },

    async write(name, text) {
      checkRecord(name, text);
      await texts.put(prefix + name, text);
    },

    async list(start, { after, limit }) {
      const names: string[] = [];
      let cursor: string | undefined = after === undefined ? '' : prefix + after;
      while (cursor !== undefined && names.length < limit) {
        const page = await objects.list(
          { bucket, region },
          {
            prefix: prefix + start,
            cursor,
            limit: Math.min(limit - names.length, MOST_A_PAGE),
          },
        );
        // Somebody may have put something else there.
        const found = page.objects.map(({ key }) => key.slice(prefix.length));
        names.push(...found.filter(isRecordName));
        cursor = page.next;
      }
      return names;
    },
  };
}
