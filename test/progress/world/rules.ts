import type { Source } from '../../../shared/core/object-ref.ts';
import type { StepId } from '../../../shared/plan/plan.ts';
import type { Limits, NoticeTarget } from '../../../shared/plan/rules.ts';
import type { StepRef } from '../../../shared/progress/step-ref.ts';
import { BUCKET, REGION } from './service.ts';

/** What a planner would make of a source, down to what the ledger needs to know. */
export type PlannedStep = StepRef & { readonly sharesRequest: boolean };

const TEMPLATES = {
  p: [
    { name: 'cut', operation: 'goods-matting', whenItFails: 'retry' },
    { name: 'soft', operation: 'super-resolution', whenItFails: 'ignore' },
  ],
  v: [{ name: 'clip', operation: 'segment-video-body', whenItFails: 'retry' }],
  r: [{ name: 'swap', operation: 'image-repair', whenItFails: 'retry' }],
} as const;

/**
 * The steps for an object, by the first letter of its name. Outputs keep the name, so that nothing
 * but the ledger stands between these rules and a loop.
 */
export function stepsFor(source: Pick<Source, 'key' | 'etag'>, version: number): PlannedStep[] {
  const kind = source.key.slice(source.key.lastIndexOf('/') + 1)[0];
  const templates = kind === 'p' || kind === 'v' || kind === 'r' ? TEMPLATES[kind] : [];
  return templates.map(({ name, operation, whenItFails }) => {
    const key = name === 'swap' ? source.key : `${name}/${source.key}`;
    const id = `${BUCKET}/${source.key}@${source.etag} | ${name}@${version} | ${BUCKET}/${key}`;
    return {
      id: id as StepId,
      rule: name,
      template: `${name}@${version}`,
      operation,
      target: { bucket: BUCKET, region: REGION, key },
      whenItFails,
      sharesRequest: name !== 'clip',
    };
  });
}

export const REQUESTS_A_DAY = 12;
export const CLIPS_A_DAY = 3;
export const PRICE = 0.07;
export const MONEY_A_DAY = 1.2;

export const LIMITS: Pick<Limits, 'perDay' | 'perRule'> = {
  perDay: { requests: REQUESTS_A_DAY, money: MONEY_A_DAY },
  perRule: { clip: { requests: CLIPS_A_DAY } },
};

export const NOTICE_TARGETS: readonly NoticeTarget[] = [
  { name: 'shop', url: 'https://shop.example/darkroom', about: ['*'] },
  { name: 'alarms', url: 'https://alarms.example/darkroom', about: ['step.dead'] },
];
