import { expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import type { Records } from '../../shared/run/ports.ts';

/** What records must do, whatever they are kept in. Each test has a folder of its own. */
export function recordsContract(open: () => Promise<Records>): void {
  test('there is nothing where nobody wrote', async () => {
    const records = await open();

    expect(await records.read('none/there.json')).toBeUndefined();
    expect(await records.list('none/', { limit: 10 })).toEqual([]);
  });

  test('what was written is read back to the last character, and replaced when written again', async () => {
    const records = await open();
    const text = JSON.stringify({ key: '照片/ü "a"\n\u2028', emoji: '😀' });

    await records.write('written/a.json', text);
    expect(await records.read('written/a.json')).toBe(text);
    await records.write('written/a.json', '{}');
    expect(await records.read('written/a.json')).toBe('{}');
  });

  test('a record is created once, and stays as it was created', async () => {
    const records = await open();

    expect(await records.create('once/a.json', '1')).toBe(true);
    expect(await records.create('once/a.json', '2')).toBe(false);
    expect(await records.create('once/a.json', '1')).toBe(false);
    expect(await records.read('once/a.json')).toBe('1');
  });

  test('of many who create the same record at once, exactly one did, even with the same text', async () => {
    const records = await open();

    const told = await Promise.all(
      Array.from({ length: 12 }, (_, at) => records.create('race/a.json', String(at % 2))),
    );
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await records.read('race/a.json')).toBe(String(told.indexOf(true) % 2));
  });

  test('names are listed in the order of their bytes, from behind a name, as many as asked for', async () => {
    const records = await open();
    const names = ['b.json', 'a/1.json', 'a-b/2.json', 'a/%C3.json', 'a/10.json', 'aB.json'];
    for (const name of names) await records.write(`list/${name}`, '0');
    await records.write('listed.json', '0');

    const all = ['a-b/2.json', 'a/%C3.json', 'a/1.json', 'a/10.json', 'aB.json', 'b.json'];
    const listed = all.map((name) => `list/${name}`);
    expect(await records.list('list/', { limit: 100 })).toEqual(listed);
    expect(await records.list('list/a/', { limit: 100 })).toEqual(listed.slice(1, 4));
    expect(await records.list('list/', { limit: 2 })).toEqual(listed.slice(0, 2));
    for (const [at, after] of listed.entries()) {
      expect(await records.list('list/', { after, limit: 2 })).toEqual(
        listed.slice(at + 1, at + 3),
      );
    }
    expect(await records.list('list/', { after: 'list/a/5', limit: 1 })).toEqual([listed[4]]);
    expect(await records.list('lis', { limit: 100 })).toEqual([...listed, 'listed.json']);
  });

  test('more than a page of names is listed as one', async () => {
    const records = await open();
    const names = Array.from(
      { length: 1203 },
      (_, at) => `many/${String(at).padStart(4, '0')}.json`,
    );
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(names.slice(at, at + 50).map((name) => records.write(name, '0')));
    }

    expect(await records.list('many/', { limit: 5000 })).toEqual(names);
    expect(await records.list('many/', { after: names[100] ?? '', limit: 1050 })).toEqual(
      names.slice(101, 1151),
    );
  });

  test('a long text is kept, one that is too long is refused', async () => {
    const records = await open();
    const longest = '界'.repeat(256 * 1024);

    await records.write('long/a.json', longest);
    expect(await records.read('long/a.json')).toBe(longest);
    await expect(records.write('long/b.json', `${longest}x`)).rejects.toThrow(Fault);
    await expect(records.create('long/b.json', `${longest}x`)).rejects.toThrow(Fault);
    expect(await records.read('long/b.json')).toBeUndefined();
  });

  test.for([
    ['that leaves its folder', '../outside.json'],
    ['that leaves it further down', 'a/../../outside.json'],
    ['with a dot for a folder', './a.json'],
    ['with a slash before it', '/a.json'],
    ['with an empty folder', 'a//b.json'],
    ['without its ending', 'a/b'],
    ['with other letters', 'ä.json'],
    ['with a space', 'a b.json'],
    ['with a backslash', 'a\\b.json'],
    ['that is too long', `${'a/'.repeat(150)}b.json`],
    ['with a part that is too long', `${'a'.repeat(251)}.json`],
  ] as const)('no record can have a name %s', async ([, name]) => {
    const records = await open();

    await expect(records.read(name)).rejects.toThrow(Fault);
    await expect(records.create(name, '')).rejects.toThrow(Fault);
    await expect(records.write(name, '')).rejects.toThrow(Fault);
  });
}
