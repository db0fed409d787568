import { expect, test } from 'vitest';
import { goOnFrom, listDue, markDue } from '../../shared/run/agenda.ts';
import type { Records } from '../../shared/run/ports.ts';
import { memoryRecords } from '../../shared/store/memory-records.ts';
import { MINUTE } from './studio.ts';

function agenda() {
  const records = memoryRecords();
  const listed: string[] = [];
  const clock = { ms: Date.UTC(2026, 0, 31) };
  const list: Records['list'] = async (...asked) => {
    const names = await records.list(...asked);
    listed.push(...names);
    return names;
  };
  return { clock, listed, on: { records: { ...records, list }, now: () => clock.ms } };
}

test('what is due is seen to once, and never listed again', async () => {
  const { clock, listed, on } = agenda();
  for (let n = 0; n < 50; n += 1) await markDue('steps', `s${n}`, clock.ms, on);
  expect((await listDue('steps', on)).names).toEqual([]);
  clock.ms += 6 * MINUTE;
  const due = await listDue('steps', on);
  expect(due.names).toHaveLength(50);
  await goOnFrom('steps', due.place, on);

  listed.length = 0;
  await markDue('steps', 'new', clock.ms, on);
  clock.ms += 6 * MINUTE;
  expect((await listDue('steps', on)).names).toEqual(['new']);
  expect(listed).toHaveLength(1);
});

test('a timer that was cut off before it was done sees to the same again', async () => {
  const { clock, on } = agenda();
  await markDue('jobs', 'j1', clock.ms, on);
  clock.ms += 6 * MINUTE;
  expect((await listDue('jobs', on)).names).toEqual(['j1']);
  expect((await listDue('jobs', on)).names).toEqual(['j1']);
});

test('a marker of a clock that is late, or a writer that is slow, is not gone past', async () => {
  for (const kind of ['steps', 'runs'] as const) {
    const { clock, on } = agenda();
    const late = { ...on, now: () => clock.ms - MINUTE };
    await markDue(kind, 'first', clock.ms, on);
    clock.ms += 6 * MINUTE;
    const due = await listDue(kind, on);
    await goOnFrom(kind, due.place, on);

    await markDue(kind, 'late', 0, late);
    clock.ms += 6 * MINUTE;
    expect((await listDue(kind, on)).names).toContain('late');
  }
});

test('more than fits into one list is seen to page by page', async () => {
  const { clock, on } = agenda();
  for (let n = 0; n < 1200; n += 1) await markDue('notices', `n${n}`, clock.ms, on);
  const first = await listDue('notices', on);
  const second = await listDue('notices', on, first.place);
  expect([first.more, second.more]).toEqual([true, false]);
  expect(new Set([...first.names, ...second.names]).size).toBe(1200);
});
