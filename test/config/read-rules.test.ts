import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SOME_PLACES } from '../../shared/config/check-examples.ts';
import { formatProblems } from '../../shared/config/format-problems.ts';
import { readRules } from '../../shared/config/read-rules.ts';

const root = join(import.meta.dirname, '..', '..');

/** Problems as people see them, without the lines they are about. */
function problemsIn(text: string): string[] {
  const { problems } = readRules(text, 'rules.yaml', { places: SOME_PLACES });
  return problems.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

function rulesIn(text: string) {
  const read = readRules(text, 'rules.yaml');
  if (!read.ok) throw new Error(formatProblems(read.problems, text));
  return read.rules;
}

const CUTOUT = `templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{name}.png' }
`;

test('the sample rules are fine as they are', () => {
  const sample = readFileSync(join(root, 'rules.yaml'), 'utf8');
  for (const options of [{}, { places: SOME_PLACES }]) {
    expect(readRules(sample, 'rules.yaml', options)).toMatchObject({ ok: true, problems: [] });
  }
});

test('JSON is read as well as YAML', () => {
  const rules = rulesIn(
    JSON.stringify({
      $schema: 'docs/rules.schema.json',
      templates: { 'cutout@1': { outputs: [{ operation: 'goods-matting', store: false }] } },
      rules: [{ name: 'products', when: { prefix: 'in/' }, use: 'cutout' }],
    }),
  );
  expect(rules.rules.map(({ name }) => name)).toEqual(['products']);
});

test('what a file leaves out has its default, and single values stand for lists', () => {
  const rules = rulesIn(`${CUTOUT}
rules:
  - name: products
    when: { prefix: in/ }
    use: cutout
    allow: mask
schedule: [{ name: nightly, cron: 0 30 2 * * * *, rules: products }]
`);
  expect(rules).toEqual({
    templates: [
      {
        name: 'cutout',
        version: 1,
        outputs: [
          {
            operation: 'goods-matting',
            parameters: { centre: false },
            as: 'rule',
            into: { pattern: 'cutouts/{name}.png' },
            whenItFails: 'retry',
            replaceSource: false,
            job: {},
          },
        ],
      },
    ],
    rules: [
      {
        name: 'products',
        enabled: true,
        priority: 0,
        when: {
          buckets: [],
          prefix: ['in/'],
          suffix: [],
          include: [],
          exclude: [],
          contentType: [],
          metadata: {},
          unlessMetadata: [],
        },
        use: [expect.objectContaining({ name: 'cutout', version: 1 })],
        overrides: ['mask'],
      },
    ],
    limits: { requestsPerSecond: 50, inFlight: 10, perDay: {}, perRule: {}, perBackfill: {} },
    prices: {},
    schedules: [
      { name: 'nightly', cron: '0 30 2 * * * *', prefix: '', rules: ['products'], budget: {} },
    ],
    http: { callers: [], sources: [], origins: [] },
    notices: [],
  });
});

test('a template without a version is its highest, however the versions are ordered', () => {
  const { rules } = rulesIn(`templates:
  cutout@10: { outputs: [{ operation: goods-matting, into: 'ten/{name}.png' }] }
  cutout@9: { outputs: [{ operation: goods-matting, into: 'nine/{name}.png' }] }
rules:
  - { name: highest, when: { prefix: in/ }, use: cutout }
  - { name: exact, when: { prefix: new/ }, use: [cutout@9] }
`);
  expect(rules.map(({ use }) => use.map(({ version }) => version))).toEqual([[10], [9]]);
});

test('an output goes to another bucket, is rendered at download, or runs as a job', () => {
  const { templates } = rulesIn(`templates:
  many@1:
    outputs:
      - { operation: goods-matting, into: { bucket: shop, key: '{stem}.png' } }
      - { operation: enhance, store: false }
      - { operation: colouring, into: 'c/{name}', as: job, job: { level: 2 } }
      - { operation: segment-video-body, into: 'v/{stem}.mp4' }
rules: []
`);
  expect(templates[0]?.outputs).toMatchObject([
    { as: 'rule', into: { bucket: 'shop', pattern: '{stem}.png' } },
    { as: 'rule', operation: 'enhance' },
    { as: 'job', job: { level: 2 } },
    { as: 'job', operation: 'segment-video-body' },
  ]);
  expect(templates[0]?.outputs[1]).not.toHaveProperty('into');
});

describe('every problem is said at once, at its place, with what would be right', () => {
  test('mistakes in one rule do not hide those in another, or what they do together', () => {
    expect(
      problemsIn(`templates:
  cutout@1:
    outputs:
      - operation: goods-mating
        into: cutouts/{stem}.png
  again@1:
    outputs:
      - { operation: colouring, into: 'in/{name}' }
rules:
  - name: products
    when: { prefx: in/ }
    use: cutout
  - { name: more, when: { prefix: in/ }, use: agan }
  - { name: circle, when: { prefix: in/ }, use: again, enabled: yes }
  - { name: rest, when: { prefix: in/shoes/ }, use: again }
limits: { perRule: { circel: { requests: 5 } } }
prizes: {}
`),
    ).toMatchInlineSnapshot(`
      [
        "4:20 unknown-operation: No operation is called "goods-mating" (Did you mean "goods-matting"?)",
        "8:39 loop: Rule rest writes "in/a", which rule more would pick up (Write below a prefix that no rule reads, or to a bucket of its own)",
        "8:39 collision-possible: "in/shoes/a" and "in/shoes/b/a" would both be written to "in/a" (With {dir} and {name} in its key, each object has a target of its own)",
        "11:13 unknown-key: No setting here is called "prefx" (Did you mean "prefix"?)",
        "13:47 unknown-template: No template is called "agan" (Did you mean "again"?)",
        "14:65 wrong-value: "enabled" has to be true or false, not "yes" (Write true)",
        "16:22 unknown-rule: No rule is called "circel" (Did you mean "circle"?)",
        "17:1 unknown-key: No setting here is called "prizes" (Did you mean "prices"?)",
      ]
    `);
  });

  test('a mistake in one setting does not hide that another setting of the same rule is wrong', () => {
    expect(
      problemsIn(`templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, with: { center: true }, into: 'out/{stm}.png' }
rules:
  - { name: products, when: { prefx: in/, include: '{a' }, use: cutouts }
  - { name: more, when: { prefix: /in/, buckets: stadio }, use: cutout@9, priority: high }
  - { name: products, when: { include: '{b' }, use: cutout }
schedule: [{ name: nightly, cron: 30 2 * * *, rules: product, budgt: {} }]
limits: { perRule: { mores: { requests: 0 } } }
http: { callers: [{ name: shop, templates: cut, kind: web }], sources: 10.0.0.7 }
`),
    ).toMatchInlineSnapshot(`
      [
        "4:45 unknown-parameter: "center" is no parameter of goods-matting (Did you mean "centre"?)",
        "4:72 pattern: Nothing is called {stm} (Did you mean "stem"?)",
        "6:31 unknown-key: No setting here is called "prefx" (Did you mean "prefix"?)",
        "6:53 pattern: "{a" opens a brace and does not close it",
        "6:65 unknown-template: No template is called "cutouts" (Did you mean "cutout"?)",
        "7:35 wrong-value: "prefix" has to be without a slash in front: keys begin with their first folder, not "/in/"",
        "7:50 unknown-bucket: The settings know no bucket "stadio" here (Did you mean "studio"?)",
        "7:65 unknown-template: No template is called "cutout@9" (There is cutout@1)",
        "7:85 wrong-value: "priority" has to be a number, not "high"",
        "8:13 duplicate-name: Another one in rules is called "products" (Rename one)",
        "9:35 cron: A cron line has 7 fields, this one has 5 (Try "0 30 2 * * * *": second, minute, hour, day of month, month, day of week, year)",
        "9:54 unknown-rule: No rule is called "product" (Did you mean "products"?)",
        "9:63 unknown-key: No setting here is called "budgt" (Did you mean "budget"?)",
        "10:22 unknown-rule: No rule is called "mores" (Did you mean "more"?)",
        "10:41 wrong-value: "requests" has to be at least 1, not 0",
        "11:44 unknown-template: No template is called "cut" (There is cutout@1, cutout)",
        "11:49 unknown-key: No setting here is called "kind" (There is name, templates, requestsPerMinute)",
        "11:72 private-host: "10.0.0.7" is a private address, which the service must not be led to",
      ]
    `);
  });

  test('what looks like one kind of value and is another', () => {
    expect(
      problemsIn(`templates:
  cutout@1:
    outputs:
      - operation: segment-video-body
        with:
          mode: foreground
          backgroundColour: #ffffff
        into: out/{stem}.mp4
rules:
  - name: products
    when: { prefix: 2024, metadata: { reviewed: true }, minBytes: five }
    use:
    enabled: no
`),
    ).toMatchInlineSnapshot(`
      [
        "7:29 wrong-parameters: "backgroundColour" is empty for segment-video-body (It has to be a colour such as "#ff8800")",
        "11:21 wrong-value: "prefix" has to be a text or a list, not 2024 (Put it in quotes: "2024")",
        "11:49 wrong-value: "reviewed" has to be a text, not true (Put it in quotes: "true")",
        "11:67 wrong-value: "minBytes" has to be a number, not "five"",
        "12:9 wrong-value: "use" has to be a text or a list, not nothing (What begins with # is a comment, unless it stands in quotes)",
        "13:14 wrong-value: "enabled" has to be true or false, not "no" (Write false)",
      ]
    `);
  });

  test('parts of the wrong shape', () => {
    expect(
      problemsIn(`templates:
  cutout: { outputs: [] }
  Cutout@1: nothing
  video@1:
    outputs: [{ operation: {} }, { into: x }, 7]
rules: { name: products }
http: [callers]
notices: [{ name: shop, url: ftp://shop.example, about: everything }]
`),
    ).toMatchInlineSnapshot(`
      [
        "2:3 wrong-value: "cutout" has to be a name and a version, such as cutout@1",
        "3:3 wrong-value: "Cutout@1" has to be a name and a version, such as cutout@1",
        "5:28 unknown-operation: No operation is called a map (There is generic-matting, goods-matting, portrait-matting, image-repair, super-resolution, colouring, enhance, smart-crop, picture, segment-video-body)",
        "5:36 missing: "operation" is missing",
        "5:47 wrong-value: An entry of "outputs" has to be a map of settings, not 7",
        "6:1 wrong-value: "rules" has to be a list, not a map",
        "7:1 wrong-value: "http" has to be a map of settings, not a list",
        "8:30 wrong-value: "url" has to be an address that begins with https:// or http://, not "ftp://shop.example"",
        "8:57 wrong-value: "about" has to be a kind of notice such as job.failed, or *, not "everything"",
      ]
    `);
  });

  test('sizes that contradict each other', () => {
    expect(
      problemsIn(`templates: {}
rules: [{ name: a, when: { minBytes: 5, maxBytes: 3 }, use: [] }, {}]
`),
    ).toMatchInlineSnapshot(`
      [
        "2:41 wrong-value: "maxBytes" is less than minBytes",
        "2:67 missing: "name" is missing",
        "2:67 missing: "when" is missing",
        "2:67 missing: "use" is missing",
      ]
    `);
  });

  test('an empty file and a file that is only a text', () => {
    expect([
      ...problemsIn(''),
      ...problemsIn('# nothing\n'),
      ...problemsIn('rules'),
    ]).toMatchInlineSnapshot(`
      [
        "1:1 wrong-value: The file has to be a map of settings, not nothing",
        "1:1 wrong-value: The file has to be a map of settings, not nothing",
        "1:1 wrong-value: The file has to be a map of settings, not "rules"",
      ]
    `);
  });

  test('a part of a pattern is pointed at where it stands', () => {
    expect(
      problemsIn(`templates:
  a@1:
    outputs:
      - { operation: colouring, into: "out/{dirr}/{name}" }
      - { operation: colouring, into: 'out//{name}' }
      - operation: image-repair
        with: { mask: { key: 'masks/{stem}/{mask}.png' } }
        into: out/{stem}{.png
rules: []
`),
    ).toMatchInlineSnapshot(`
      [
        "4:44 pattern: Nothing is called {dirr} (Did you mean "dir"?)",
        "5:39 pattern: For some objects, nothing would stand between two slashes or at the end",
        "7:44 pattern: Nothing is called {mask} (There is dir, name, stem, ext, template, version, etag8, yyyy, mm, dd)",
        "8:25 pattern: This brace belongs to no placeholder",
      ]
    `);
  });

  test('buckets that the settings do not know, and account numbers', () => {
    expect(
      problemsIn(`templates:
  a@1: { outputs: [{ operation: colouring, into: { bucket: shpo, key: '{name}' } }] }
rules:
  - { name: one, when: { buckets: studoi, prefix: in/ }, use: a }
  - { name: two, when: { buckets: studio-1300001234, prefix: in/ }, use: a }
schedule: [{ name: nightly, cron: 0 0 2 * * * *, bucket: shop }]
`),
    ).toMatchInlineSnapshot(`
      [
        "2:60 unknown-bucket: The settings know no bucket "shpo" here (Did you mean "shop"?)",
        "4:35 unknown-bucket: The settings know no bucket "studoi" here (Did you mean "studio"?)",
        "5:35 wrong-value: "buckets" has to be the name of a bucket without the account number behind it, not "studio-1300001234"",
        "6:58 unknown-bucket: The settings know no bucket "shop" here (There is studio, photos)",
      ]
    `);
  });

  test('more templates or rules than are read', () => {
    const templates = Array.from({ length: 201 }, (_, index) => [
      `t${index}@1`,
      { outputs: [{ operation: 'colouring', store: false }] },
    ]);
    const rules = Array.from({ length: 1001 }, (_, index) => ({
      name: `r${index}`,
      when: {},
      use: 't0',
    }));
    expect(
      problemsIn(JSON.stringify({ templates: Object.fromEntries(templates), rules }, null, 1)),
    ).toMatchInlineSnapshot(`
      [
        "2:2 too-many: "templates" has more than 200 entries",
        "1612:2 too-many: "rules" has more than 1000 entries",
      ]
    `);
  });

  test('of what is merged in nothing is known, so nothing in it is called missing', () => {
    expect(
      problemsIn(`templates: {}
rules:
  - &base { name: a, when: { prefix: in/ }, use: [] }
  - { <<: *base, name: b }
  - { name: c, when: *base, use: [] }
  - { name: d, when: {}, use: !!seq [] }
`),
    ).toMatchInlineSnapshot(`
      [
        "3:11 yaml-feature: Anchors are not read (Leave it out)",
        "4:7 yaml-feature: Merging maps with << is not read (Write the settings out)",
        "5:22 yaml-feature: Aliases are not read (Write the value out)",
        "6:37 yaml-feature: Tags are not read (Leave it out)",
      ]
    `);
  });

  test('a limit in money needs prices, also of what only some rules use', () => {
    expect(
      problemsIn(`templates:
  cutout@1: { outputs: [{ operation: goods-matting, into: 'out/{dir}/{name}.png' }] }
  colour@1: { outputs: [{ operation: colouring, into: 'out/{dir}/{name}' }] }
  video@1: { outputs: [{ operation: segment-video-body, into: 'out/{dir}/{name}.mp4' }] }
rules:
  - { name: goods, when: { prefix: in/goods/ }, use: cutout }
  - { name: old, when: { prefix: in/old/ }, use: colour }
  - { name: clips, when: { prefix: in/clips/ }, use: video }
limits:
  perRule: { goods: { money: 1 }, old: { money: 1 }, clips: { money: 1 } }
schedule: [{ name: nightly, cron: 0 0 2 * * * *, rules: [goods, old], budget: { money: 5 } }]
prices: { goods-matting: 0.01 }
`),
    ).toMatchInlineSnapshot(`
      [
        "10:49 money: This limit needs the price of colouring (Add prices: { colouring: ... }, or limit requests instead)",
        "10:70 money: segment-video-body is billed per minute, so what one costs is known only afterwards (Limit requests instead)",
        "11:88 money: This limit needs the price of colouring (Add prices: { colouring: ... }, or limit requests instead)",
      ]
    `);
  });
});
