import { expect, test } from 'vitest';
import type { Records } from '../../shared/run/ports.ts';
import { createRevision, readLatest } from '../../shared/run/versions.ts';
import { memoryRecords } from '../../shared/store/memory-records.ts';

interface Count {
  readonly revision: number;
  readonly by: string;
}
const NAME = 'counts/one.json';
const read = (text: string) => JSON.parse(text) as Count;
const latest = (records: Records) => readLatest(NAME, { read }, records);

test('of several who change a value at once, one succeeds', async () => {
  const records = memoryRecords();
  const first = await Promise.all(
    ['a', 'b', 'c'].map((by) => createRevision(NAME, { revision: 1, by }, records)),
  );
  const second = await Promise.all(
    ['a', 'b', 'c'].map((by) => createRevision(NAME, { revision: 2, by }, records)),
  );

  expect(first).toEqual([true, false, false]);
  expect(second).toEqual([true, false, false]);
  expect(await latest(records)).toEqual({ revision: 2, by: 'a' });
});

test('a value is as it was changed last, even when whoever changed it was cut off', async () => {
  const records = memoryRecords();
  await createRevision(NAME, { revision: 1, by: 'a' }, records);
  const cutOff = { ...records, write: () => Promise.reject(new Error('cut off')) };
  await expect(createRevision(NAME, { revision: 2, by: 'b' }, cutOff)).rejects.toThrow();
  await expect(createRevision(NAME, { revision: 3, by: 'c' }, cutOff)).rejects.toThrow();

  expect(await latest(records)).toEqual({ revision: 3, by: 'c' });
  expect(read((await records.read(NAME)) ?? '')).toEqual({ revision: 3, by: 'c' });
});

test('a head that a slow writer puts back is no way back', async () => {
  const records = memoryRecords();
  for (const revision of [1, 2, 3]) await createRevision(NAME, { revision, by: 'a' }, records);
  await records.write(NAME, JSON.stringify({ revision: 2, by: 'a' }));

  expect(await latest(records)).toEqual({ revision: 3, by: 'a' });
  expect(await createRevision(NAME, { revision: 3, by: 'b' }, records)).toBe(false);
});
