import type { Places } from '../plan/places.ts';
import type { CheckCode } from './checks.ts';

/**
 * What each check finds, and the nearest thing that is right: whole sections of a file, for the
 * reference page and for the tests. Where there is no `templates`, there is `SOME_TEMPLATES`;
 * where there is no `rules`, there are none.
 */
interface CheckExample {
  readonly wrong: string;
  readonly right: string;
  /** Where it is not `SOME_PLACES`. */
  readonly places?: Places;
}

export const SOME_TEMPLATES = `templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{name}.png' }
`;

/** The deployment of the examples. */
export const SOME_PLACES = {
  appid: '1300001234',
  sources: [
    { bucket: 'studio-1300001234', region: 'ap-guangzhou' },
    { bucket: 'photos-1300001234', region: 'ap-shanghai' },
  ],
  outputs: [{ bucket: 'shop-1300001234', region: 'ap-guangzhou' }],
  state: { bucket: 'studio-1300001234', region: 'ap-guangzhou', prefix: 'darkroom/' },
} as const;

function template(output: string): string {
  return `templates:\n  example@1:\n    outputs:\n      - ${output}\n`;
}

function rule(settings: string): string {
  return `rules:\n  - { name: products, ${settings} }\n`;
}

const STEM = template('{ operation: goods-matting, into: "out/{dir}/{stem}.png" }');

const TWO_CUTOUTS = `templates:
  goods@1: { outputs: [{ operation: goods-matting, into: 'out/{dir}/{name}.png' }] }
  shoes@1: { outputs: [{ operation: generic-matting, into: 'out/{dir}/{name}.png' }] }
`;

export const CHECK_EXAMPLES: Readonly<Record<CheckCode, CheckExample>> = {
  'too-large': {
    wrong: `# ${'a'.repeat(1_000_000)}`,
    right: `# ${'a'.repeat(900_000)}`,
  },
  'too-deep': {
    wrong: `prices: ${'['.repeat(50)}${']'.repeat(50)}`,
    right: `prices: ${'['.repeat(20)}${']'.repeat(20)}`,
  },
  'not-yaml': {
    wrong: 'limits: { perDay: { requests: 5000 }',
    right: 'limits: { perDay: { requests: 5000 } }',
  },
  'yaml-feature': {
    wrong: 'limits: { perDay: &most { requests: 100 }, perBackfill: *most }',
    right: 'limits: { perDay: { requests: 100 }, perBackfill: { requests: 100 } }',
  },
  'forbidden-text': {
    wrong: rule('when: { prefix: "in\\0/" }, use: cutout'),
    right: rule('when: { prefix: "in\\u4e2d/" }, use: cutout'),
  },
  'duplicate-key': {
    wrong: rule('when: { prefix: in/ }, use: cutout, use: cutout'),
    right: rule('when: { prefix: in/ }, use: [cutout]'),
  },
  'unknown-key': {
    wrong: rule('when: { prefx: in/ }, use: cutout'),
    right: rule('when: { prefix: in/ }, use: cutout'),
  },
  missing: {
    wrong: rule('when: { prefix: in/ }'),
    right: rule('when: { prefix: in/ }, use: cutout'),
  },
  'wrong-value': {
    wrong: rule('when: { prefix: in/ }, use: cutout, enabled: yes'),
    right: rule('when: { prefix: in/ }, use: cutout, enabled: true'),
  },
  'too-many': {
    wrong: rule('when: {}, use: cutout, allow: [skip, skip, skip, skip]'),
    right: rule('when: { prefix: in/ }, use: cutout, allow: [skip, template, mask]'),
  },
  'unknown-operation': {
    wrong: template('{ operation: goods-mating, into: "out/{name}.png" }'),
    right: template('{ operation: goods-matting, into: "out/{name}.png" }'),
  },
  'unknown-parameter': {
    wrong: template('{ operation: goods-matting, with: { center: true }, store: false }'),
    right: template('{ operation: goods-matting, with: { centre: true }, store: false }'),
  },
  'wrong-parameters': {
    wrong: template('{ operation: super-resolution, with: { magnify: 3 }, store: false }'),
    right: template('{ operation: super-resolution, with: { magnify: 4 }, store: false }'),
  },
  'duplicate-name': {
    wrong: `rules:
  - { name: products, when: { prefix: in/ }, use: cutout }
  - { name: products, when: { prefix: new/ }, use: cutout }
`,
    right: `rules:
  - { name: products, when: { prefix: in/ }, use: cutout }
  - { name: new-products, when: { prefix: new/ }, use: cutout }
`,
  },
  'unknown-template': {
    wrong: rule('when: { prefix: in/ }, use: cutout@2'),
    right: rule('when: { prefix: in/ }, use: cutout@1'),
  },
  'unknown-rule': {
    wrong: `${rule('when: { prefix: in/ }, use: cutout')}limits: { perRule: { product: { requests: 10 } } }\n`,
    right: `${rule('when: { prefix: in/ }, use: cutout')}limits: { perRule: { products: { requests: 10 } } }\n`,
  },
  'unknown-bucket': {
    wrong: rule('when: { buckets: studios, prefix: in/ }, use: cutout'),
    right: rule('when: { buckets: studio, prefix: in/ }, use: cutout'),
  },
  'other-state': {
    wrong: 'state: { bucket: studio, prefix: records/ }',
    right: 'state: { bucket: studio, prefix: darkroom }',
  },
  target: {
    wrong: template('{ operation: goods-matting }'),
    right: template('{ operation: goods-matting, store: false }'),
  },
  method: {
    wrong: template('{ operation: segment-video-body, store: false }'),
    right: template('{ operation: segment-video-body, into: "out/{stem}.mp4" }'),
  },
  job: {
    wrong: template('{ operation: goods-matting, into: "out/{stem}.png", job: { level: 1 } }'),
    right: template(
      '{ operation: goods-matting, into: "out/{stem}.png", as: job, job: { level: 1 } }',
    ),
  },
  'fall-back': {
    wrong: template('{ operation: goods-matting, into: "out/{stem}.png", whenItFails: original }'),
    right: template('{ operation: enhance, into: "out/{name}", whenItFails: original }'),
  },
  ending: {
    wrong: template('{ operation: goods-matting, into: "out/{stem}.jpg" }'),
    right: template('{ operation: goods-matting, into: "out/{stem}.PNG" }'),
  },
  pattern: {
    wrong: template('{ operation: goods-matting, into: "out/{stm}.png" }'),
    right: template('{ operation: goods-matting, into: "out/{stem}.png" }'),
  },
  requests: {
    wrong: `templates:
  six@1:
    outputs:
${outputsTo(6)}`,
    right: `templates:
  five@1:
    outputs:
${outputsTo(5)}`,
  },
  overwrite: {
    wrong: `${template('{ operation: colouring, into: "{dir}/{name}" }')}${rule('when: { prefix: in/ }, use: example')}`,
    right: `${template('{ operation: colouring, into: "{dir}/{name}", replaceSource: true }')}${rule('when: { prefix: in/ }, use: example')}`,
  },
  'in-state': {
    wrong: `${template('{ operation: colouring, into: "darkroom/{name}" }')}${rule('when: { buckets: studio, prefix: in/, include: "in/*" }, use: example')}`,
    right: `${template('{ operation: colouring, into: "darkrooms/{name}" }')}${rule('when: { buckets: studio, prefix: in/, include: "in/*" }, use: example')}`,
  },
  'over-state': {
    wrong: rule('when: { buckets: studio, prefix: dark }, use: cutout'),
    right: rule('when: { buckets: studio, prefix: dark/ }, use: cutout'),
  },
  unreachable: {
    wrong: `rules:
  - { name: goods, when: { prefix: in/ }, use: cutout }
  - { name: shoes, when: { prefix: in/shoes/ }, use: cutout }
`,
    right: `rules:
  - { name: shoes, when: { prefix: in/shoes/ }, use: cutout }
  - { name: goods, when: { prefix: in/ }, use: cutout }
`,
  },
  triggers: {
    wrong: rule('when: { prefix: in/ }, use: cutout'),
    right: rule('when: { prefix: in/, buckets: [studio-1, studio-2] }, use: cutout'),
    places: {
      ...SOME_PLACES,
      sources: Array.from({ length: 11 }, (_, index) => ({
        bucket: `studio-${index}-1300001234`,
        region: 'ap-guangzhou',
      })),
    },
  },
  'trigger-on-state': {
    wrong: rule('when: { buckets: studio, exclude: darkroom/** }, use: cutout'),
    right: rule('when: { buckets: studio, prefix: in/, exclude: darkroom/** }, use: cutout'),
  },
  'trigger-on-target': {
    wrong: rule('when: { buckets: photos, exclude: cutouts/** }, use: cutout'),
    right: rule('when: { buckets: photos, prefix: in/ }, use: cutout'),
  },
  region: {
    wrong: `${template('{ operation: goods-matting, into: { bucket: shop, key: "{dir}/{name}.png" } }')}${rule('when: { prefix: in/ }, use: example')}`,
    right: `${template('{ operation: goods-matting, into: { bucket: shop, key: "{dir}/{name}.png" } }')}${rule('when: { prefix: in/, buckets: studio }, use: example')}`,
  },
  money: {
    wrong: `${rule('when: { prefix: in/ }, use: cutout')}limits: { perDay: { money: 20 } }\n`,
    right: `${rule('when: { prefix: in/ }, use: cutout')}limits: { perDay: { money: 20 } }\nprices: { goods-matting: 0.01 }\n`,
  },
  cron: {
    wrong: 'schedule:\n  - { name: nightly, cron: 30 2 * * * }\n',
    right: 'schedule:\n  - { name: nightly, cron: 0 30 2 * * * * }\n',
  },
  weekday: {
    wrong: 'schedule:\n  - { name: weekly, cron: 0 30 2 * * 1 * }\n',
    right: 'schedule:\n  - { name: weekly, cron: 0 30 2 * * MON * }\n',
  },
  'never-fires': {
    wrong: 'schedule:\n  - { name: yearly, cron: 0 0 2 30 FEB * * }\n',
    right: 'schedule:\n  - { name: yearly, cron: 0 0 2 29 FEB * * }\n',
  },
  'private-host': {
    wrong: 'http: { sources: 10.0.0.7 }',
    right: 'http: { sources: 11.0.0.7 }',
  },
  collision: {
    wrong: `${TWO_CUTOUTS}rules:
  - { name: goods, when: { prefix: in/ }, use: goods }
  - { name: shoes, when: { prefix: in/shoes/ }, use: shoes }
`,
    right: `${TWO_CUTOUTS}rules:
  - { name: goods, when: { prefix: in/, exclude: 'in/shoes/**' }, use: goods }
  - { name: shoes, when: { prefix: in/shoes/ }, use: shoes }
`,
  },
  'collision-possible': {
    wrong: `${STEM}${rule('when: { prefix: in/, suffix: [.jpg, .png] }, use: example')}`,
    right: `${STEM}${rule('when: { prefix: in/, suffix: .jpg }, use: example')}`,
  },
  loop: {
    wrong: `${template('{ operation: colouring, into: "{dir}/{stem}-coloured.jpg" }')}${rule('when: { prefix: in/, suffix: .jpg }, use: example')}`,
    right: `${template('{ operation: colouring, into: "out/{dir}/{stem}-coloured.jpg" }')}${rule('when: { prefix: in/, suffix: .jpg }, use: example')}`,
  },
};

function outputsTo(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `      - { operation: colouring, into: 'out/${index}/{name}' }\n`,
  ).join('');
}
