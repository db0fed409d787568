import type { Place, Places } from '../plan/places.ts';
import { quoted } from './problem.ts';
import type { Reading } from './settings.ts';

interface Buckets {
  readonly appid: string;
  readonly places: readonly Place[];
}

const BUCKET = /^[a-z0-9-]{1,50}-(\d{8,12})$/;
const REGION = /^[a-z]{2,4}(?:-[a-z0-9]{1,20}){1,3}$/;

const FORM = 'name-appid@region, such as studio-1300001234@ap-guangzhou';

/** Buckets with their regions, all of one account: of the given one, where one is. */
export function readBuckets(text: string, account?: string): Reading<Buckets> {
  const places: Place[] = [];
  let appid = account;
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [bucket = '', region = '', more] = entry.split('@');
    const owner = BUCKET.exec(bucket)?.[1];
    if (owner === undefined || !REGION.test(region) || more !== undefined) {
      return { wrong: `names ${quoted(entry)}, which is no bucket`, hint: FORM };
    }
    appid ??= owner;
    if (owner !== appid) {
      return { wrong: `names ${quoted(bucket)}, which is not of the account ${appid}` };
    }
    if (places.some((place) => place.bucket === bucket)) {
      return { wrong: `names ${quoted(bucket)} twice` };
    }
    places.push({ bucket, region });
  }
  return appid === undefined
    ? { wrong: 'names no bucket', hint: FORM }
    : { value: { appid, places } };
}

/** `bucket/prefix`; the region may stand behind the bucket, and has to where no one else names it. */
export function readState(
  text: string,
  known: readonly Place[],
  account: string | undefined,
): Reading<Places['state']> {
  const slash = text.indexOf('/');
  const place = slash === -1 ? text : text.slice(0, slash);
  const folder = slash === -1 ? '' : text.slice(slash + 1);
  // Without the slash behind it, `darkroom` would take in `darkroom-cutouts/` as well.
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  if (!/^(?:[^/\p{C}]+\/){0,10}$/u.test(prefix) || prefix.length > 200) {
    return { wrong: `has the prefix ${quoted(folder)}`, hint: 'Folders such as darkroom/records/' };
  }

  const named = known.find(({ bucket }) => bucket === place);
  if (named) {
    return prefix === ''
      ? { wrong: 'shares a bucket and has no prefix', hint: `${place}/darkroom/` }
      : { value: { ...named, prefix } };
  }
  const read = readBuckets(place, account);
  if ('wrong' in read) return { ...read, hint: `${FORM}/darkroom/` };
  const [own] = read.value.places;
  const elsewhere = known.find(({ bucket }) => bucket === own?.bucket);
  if (!own) return { wrong: 'names no bucket', hint: FORM };
  if (elsewhere && elsewhere.region !== own.region) {
    return { wrong: `has ${own.bucket} in ${own.region}, while it is in ${elsewhere.region}` };
  }
  return elsewhere && prefix === ''
    ? { wrong: 'shares a bucket and has no prefix', hint: `${place}/darkroom/` }
    : { value: { ...own, prefix } };
}
