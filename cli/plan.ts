import type { Source } from '../shared/core/object-ref.ts';
import { defineCommand } from './command.ts';
import { contentTypeOf } from './content-type-of.ts';
import { RULES_FLAG, readRulesFile } from './rules-file.ts';
import { SAMPLE_UPLOADS } from './sample-uploads.ts';

/** Stands for the bucket where nobody named one: a plan does not depend on its name. */
const SOME_BUCKET = { bucket: 'darkroom-1250000000', region: 'ap-guangzhou' };
const SOME_ETAG = '0123456789abcdef0123456789abcdef';

export const plan = defineCommand({
  name: 'plan',
  summary: 'Shows what would be done for an upload, why, and what it would cost; asks nobody',
  takes: { name: 'keys', says: 'keys of objects; a few samples when none is given' },
  flags: {
    rules: RULES_FLAG,
    size: { type: 'number', or: 1_000_000, value: 'bytes', says: 'how large the objects are' },
    type: { type: 'text', value: 'type', says: 'their content type; else by their ending' },
    meta: { type: 'list', value: 'name=value', says: 'user metadata, without x-cos-meta-' },
  },
  async run({ rules: file, size, type, meta }, keys, io) {
    const read = await readRulesFile(file, io);
    if (!read) return 1;
    const wrong = meta.find((pair) => !/^[^=]+=/.test(pair));
    if (wrong !== undefined) {
      io.err(`--meta takes name=value, not "${wrong}"`);
      return 2;
    }
    const metadata = Object.fromEntries(
      meta.map((pair) => [
        pair.slice(0, pair.indexOf('=')).toLowerCase(),
        pair.slice(pair.indexOf('=') + 1),
      ]),
    );
    const uploads =
      keys.length === 0
        ? SAMPLE_UPLOADS
        : keys.map((key) => ({ key, size, contentType: type ?? contentTypeOf(key), metadata }));

    const { borrowedBy, borrowedName } = await import('../shared/plan/borrowed.ts');
    const { estimate, explainEstimate } = await import('../shared/plan/estimate.ts');
    const { explain } = await import('../shared/plan/explain.ts');
    const { makePlan } = await import('../shared/plan/make-plan.ts');
    const { rules, prices } = read.rules;
    const plans = uploads.map((upload) => {
      const source: Source = { ...SOME_BUCKET, ...upload, etag: SOME_ETAG, modified: Date.now() };
      // Nobody is asked, so masks and backgrounds are taken to be there.
      const borrowed = borrowedBy(rules, source).map((object) => [borrowedName(object), SOME_ETAG]);
      return makePlan(rules, source, {
        writtenByUs: false,
        borrowed: Object.fromEntries(borrowed),
      });
    });
    for (const each of plans) io.out(explain(each));
    io.out('');
    io.out(explainEstimate(estimate(plans, prices)));
    return 0;
  },
});
