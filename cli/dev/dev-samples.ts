import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { couldMatch } from '../../shared/plan/matcher.ts';
import type { Place } from '../../shared/plan/places.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import type { Objects } from '../../shared/run/ports.ts';
import { contentTypeOf } from '../content-type-of.ts';
import { projectRoot } from '../project-root.ts';
import type { DevEngine } from './dev-account.ts';

/** Pictures to begin with, by the keys they get. */
export interface Sample {
  readonly key: string;
  readonly path: string;
}

/** Samples that the rules have something to say about, after the masks that these may need. */
export function samplesFor({ rules }: Rules, { bucket }: Place): readonly Sample[] {
  const folder = join(projectRoot(), 'samples');
  const samples = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, key: path.slice(folder.length + 1).replaceAll('\\', '/') }));
  const wanted = samples.filter(({ key }) => couldMatch(rules, { bucket, key }));
  if (wanted.length === 0) return [];
  return [...samples.filter((sample) => !wanted.includes(sample)), ...wanted];
}

/** Uploads what is not there yet, as any program would. The keys of what was uploaded. */
export async function uploadSamples(
  samples: readonly Sample[],
  { bucket: Bucket, region: Region }: Place,
  { objects, engine }: { readonly objects: Objects; readonly engine: DevEngine },
): Promise<readonly string[]> {
  const missing: Sample[] = [];
  for (const sample of samples) {
    const { key } = sample;
    if (!(await objects.head({ bucket: Bucket, region: Region, key }))) missing.push(sample);
  }
  if (missing.length === 0) return [];
  const { default: COS } = await import('cos-nodejs-sdk-v5');
  const { secretId: SecretId, secretKey: SecretKey } = engine.credentials;
  const Ip = new URL(engine.url).host;
  const cos = new COS({ SecretId, SecretKey, Protocol: 'http:', Ip, ConfCwd: tmpdir() });
  for (const { key: Key, path } of missing) {
    const Headers = { 'content-type': contentTypeOf(Key) };
    await cos.putObject({ Bucket, Region, Key, Body: await readFile(path), Headers });
  }
  return missing.map(({ key }) => key);
}
