import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS, UNIT } from '../../local/vision/super-resolution/filter-bank.ts';
import { learnFilters } from './learn-filters.ts';
import { cleanPairs, compressedPairs, lights, sharpeningPairs } from './pairs.ts';

const BANKS = [
  ['clean', cleanPairs, 2],
  ['compressed', compressedPairs, 2],
  ['sharpening', sharpeningPairs, 1],
] as const;

/** Learns all banks from the pictures beside this file, and writes them or says which differ. */
export async function writeBanks(
  root: string,
  { onlyCheck }: { readonly onlyCheck: boolean },
): Promise<readonly string[]> {
  const training = join(root, 'scripts', 'training', 'pictures');
  const planes = await lights(training);
  const differing: string[] = [];
  for (const [name, pairs, times] of BANKS) {
    const file = join(root, 'local', 'vision', 'super-resolution', 'banks', `${name}.ts`);
    const text = bankText(name, learnFilters(await pairs(planes), times));
    if (onlyCheck && readFileSync(file, 'utf8') !== text) differing.push(name);
    if (!onlyCheck) writeFileSync(file, text);
  }
  return differing;
}

function bankText(name: string, filters: readonly Float64Array[]): string {
  const size = filters[0]?.length ?? 0;
  const bytes = Buffer.alloc(KINDS * size * 2);
  filters.forEach((filter, kind) => {
    // What rounding leaves is put on the middle, so that a plain area stays what it is.
    const whole = [...filter].map((weight) => Math.round(weight * UNIT));
    const middle = (size - 1) / 2;
    whole[middle] = (whole[middle] ?? 0) + UNIT - whole.reduce((sum, weight) => sum + weight, 0);
    whole.forEach((weight, tap) => {
      bytes.writeInt16LE(Math.max(-32768, Math.min(weight, 32767)), (kind * size + tap) * 2);
    });
  });
  const lines = bytes.toString('base64').match(/.{1,88}/g) ?? [];
  return [
    '// Learnt by "npm run train" from scripts/training/pictures: do not edit.',
    `export const ${name.toUpperCase()} =`,
    ...lines.map((line, at) => `  '${line}'${at < lines.length - 1 ? ' +' : ';'}`),
    '',
  ].join('\n');
}
