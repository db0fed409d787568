import fc from 'fast-check';

/** One thing that a client asks for, or that happens to the engine. */
export type Step =
  | {
      readonly do: 'put';
      readonly key: string;
      readonly size: number;
      readonly said: Said;
      readonly ifAbsent: boolean;
    }
  | { readonly do: 'append'; readonly key: string; readonly size: number; readonly off: number }
  | {
      readonly do: 'get';
      readonly key: string;
      readonly range: readonly [number, number] | undefined;
    }
  | { readonly do: 'head'; readonly key: string; readonly ifMatches: boolean | undefined }
  | { readonly do: 'delete'; readonly key: string }
  | { readonly do: 'delete-many'; readonly keys: readonly string[]; readonly quiet: boolean }
  | {
      readonly do: 'copy';
      readonly from: string;
      readonly key: string;
      readonly anew: Said | undefined;
      readonly ifAbsent: boolean;
    }
  | { readonly do: 'tag'; readonly key: string; readonly tag: string }
  | { readonly do: 'untag'; readonly key: string }
  | { readonly do: 'tags'; readonly key: string }
  | { readonly do: 'begin'; readonly key: string; readonly said: Said }
  | { readonly do: 'part'; readonly upload: number; readonly number: number; readonly size: number }
  | { readonly do: 'parts'; readonly upload: number }
  | { readonly do: 'complete'; readonly upload: number; readonly numbers: readonly number[] }
  | { readonly do: 'abort'; readonly upload: number }
  | { readonly do: 'uploads' }
  | {
      readonly do: 'list';
      readonly prefix: string;
      readonly delimiter: string;
      readonly marker: string;
      readonly max: number;
    }
  | { readonly do: 'restart' };

/** What is said about an object when it is written. */
export interface Said {
  readonly type: string;
  readonly owner: string;
  readonly tag: string;
}

export const MEGABYTE = 1024 * 1024;

const key = fc.constantFrom(
  ...[
    'a',
    'a/',
    'a/b',
    'a//b',
    'a/../b',
    'a b+c%20',
    'b',
    '写/é',
    '😀',
    '\uffee',
    '!\'()*~"<&>',
    '..',
  ],
  'l'.repeat(850),
);
const prefix = fc.constantFrom('', '', '', 'a', 'a/', 'b', '写', '/', 'c');
const said = fc.record({
  type: fc.constantFrom('image/jpeg', 'text/plain; charset=utf-8'),
  owner: fc.constantFrom('', 'somebody', 'a, b; c="d"'),
  tag: fc.constantFrom('', 'new', 'a b+/é'),
});
const size = fc.constantFrom(0, 1, 10, 5_000, 200_000, 300_000);
const upload = fc.nat(5);
const is = <Name extends Step['do']>(name: Name) => fc.constant(name);

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: is('put'), key, size, said, ifAbsent: fc.boolean() }),
    fc.record({ do: is('put'), key, size, said, ifAbsent: fc.constant(false) }),
    fc.record({ do: is('append'), key, size, off: fc.constantFrom(0, 0, 0, 1) }),
    fc.record({
      do: is('get'),
      key,
      range: fc.option(fc.tuple(fc.nat(20), fc.nat(20)), { nil: undefined }),
    }),
    fc.record({ do: is('head'), key, ifMatches: fc.option(fc.boolean(), { nil: undefined }) }),
    fc.record({ do: is('delete'), key }),
    fc.record({
      do: is('delete-many'),
      keys: fc.array(key, { minLength: 1, maxLength: 3 }),
      quiet: fc.boolean(),
    }),
    fc.record({
      do: is('copy'),
      from: key,
      key,
      anew: fc.option(said, { nil: undefined }),
      ifAbsent: fc.constantFrom(false, false, true),
    }),
    fc.record({ do: is('tag'), key, tag: fc.constantFrom('one', 'two <&>') }),
    fc.record({ do: is('untag'), key }),
    fc.record({ do: is('tags'), key }),
    fc.record({ do: is('begin'), key, said }),
    {
      weight: 2,
      arbitrary: fc.record({
        do: is('part'),
        upload,
        number: fc.integer({ min: 1, max: 3 }),
        size: fc.constantFrom(0, 10, 5_000, MEGABYTE),
      }),
    },
    fc.record({ do: is('parts'), upload }),
    {
      weight: 2,
      arbitrary: fc.record({
        do: is('complete'),
        upload,
        numbers: fc.constantFrom([1], [1], [2], [1, 2], [1, 3], [2, 1], [1, 2, 3]),
      }),
    },
    fc.record({ do: is('abort'), upload }),
    fc.record({ do: is('uploads') }),
    {
      weight: 2,
      arbitrary: fc.record({
        do: is('list'),
        prefix,
        delimiter: fc.constantFrom('', '/', '/', '//', 'b'),
        marker: fc.oneof(fc.constant(''), key, prefix),
        max: fc.constantFrom(1, 2, 3, 1000),
      }),
    },
    fc.record({ do: is('restart') }),
  ),
  { minLength: 20, maxLength: 50 },
);
