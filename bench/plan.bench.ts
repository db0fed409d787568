import type { Source } from '../shared/core/object-ref.ts';
import { makePlan } from '../shared/plan/make-plan.ts';
import { couldMatch } from '../shared/plan/matcher.ts';
import type { Rule } from '../shared/plan/rule.ts';

export const title =
  'Planning 10,000 uploads against 200 rules, beside the globs as regular expressions';

const ROUNDS = 5;
const KINDS = ['.jpg', '.png', '.webp', '.mp4'];

export async function run(print: (line: string) => void): Promise<void> {
  const rules = Array.from({ length: 200 }, (_, at) => ruleOf(at));
  const uploads = Array.from({ length: 10_000 }, (_, at) => uploadOf(at));
  const facts = { writtenByUs: false, borrowed: {} };

  let steps = 0;
  const could = best(() => {
    for (const upload of uploads) couldMatch(rules, upload);
  });
  const plan = best(() => {
    steps = 0;
    for (const upload of uploads) steps += makePlan(rules, upload, facts).steps.length;
  });
  const patterns = rules.map(({ when }) => when.include.map(asRegExp));
  const naive = best(() => {
    for (const { key } of uploads) for (const list of patterns) list.some((one) => one.test(key));
  });
  print(`couldMatch         ${could.toFixed(0)} ms`);
  print(`makePlan           ${plan.toFixed(0)} ms, ${steps} steps planned`);
  print(`globs as RegExp    ${naive.toFixed(0)} ms, and they only say which globs fit`);
}

/** Every second rule has a prefix, every third a glob that begins with a wildcard. */
function ruleOf(at: number): Rule {
  return {
    name: `rule-${at}`,
    enabled: true,
    priority: at % 5,
    when: {
      buckets: [],
      prefix: at % 2 === 0 ? [`shop-${at}/`] : [],
      suffix: at % 4 === 1 ? [KINDS[at % 3] ?? ''] : [],
      include: at % 3 === 0 ? [`**/series-${at}/**/*.{jpg,png}`] : [`shop-${at}/**/photo-*`],
      exclude: ['**/tmp/**', '**/*.part'],
      maxBytes: 32_000_000,
      contentType: ['image/*'],
      metadata: {},
      unlessMetadata: ['raw'],
    },
    use: [
      {
        name: `template-${at}`,
        version: 1,
        outputs: ['cutouts', 'mended'].map((folder) => ({
          operation: 'goods-matting',
          parameters: {},
          as: 'rule',
          into: { pattern: `${folder}/{dir}/{stem}.png` },
          whenItFails: 'retry',
          replaceSource: false,
          job: {},
        })),
      },
    ],
    overrides: ['skip'],
  };
}

function uploadOf(at: number): Source {
  return {
    bucket: 'studio-1300001234',
    region: 'ap-guangzhou',
    key: `shop-${at % 200}/series-${at % 300}/${at % 7}/photo-${at}${KINDS[at % 4]}`,
    etag: at.toString(16).padStart(32, '0'),
    size: 1_000_000 + at,
    contentType: 'image/jpeg',
    modified: 1_700_000_000_000,
    metadata: {},
  };
}

/** What a quick translation of a glob looks like. */
function asRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]*)\}/g, (_, list: string) => `(?:${list.replaceAll(',', '|')})`)
    .replace(/\*\*\/|\*\*|\*/g, (stars) =>
      stars === '*' ? '[^/]*' : stars === '**' ? '.*' : '(?:.*/)?',
    );
  return new RegExp(`^${source}$`);
}

function best(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}
