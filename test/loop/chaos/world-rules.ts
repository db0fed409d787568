import type { Rules } from '../../../shared/plan/rules.ts';
import { rulesIn } from '../../run/studio.ts';

export const REQUESTS_A_DAY = 3200;
export const CLIPS_A_DAY = 640;

/** What is published one after the other. What is made of a picture may fall under its own rule again. */
export const VERSIONS: readonly Rules[] = [
  rulesOf({ cutout: 1, more: '' }),
  rulesOf({ cutout: 2, more: "{ operation: enhance, into: 'better/{stem}.jpg' }" }),
  rulesOf({ cutout: 2, more: '' }),
  rulesOf({ cutout: 2, more: "{ operation: enhance, into: 'better/{stem}.jpg' }" }),
];

function rulesOf({ cutout, more }: { readonly cutout: number; readonly more: string }): Rules {
  const rules = rulesIn(`
templates:
  cutout@${cutout}:
    outputs:
      - { operation: goods-matting, into: 'cut/{stem}.png' }
      - { operation: super-resolution, into: 'looping/{stem}.jpg' }
      ${more === '' ? '' : `- ${more}`}
  clip@1:
    outputs: [{ operation: segment-video-body, with: { mode: mask }, into: 'clips/{stem}.mp4' }]
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
  - { name: clips, when: { prefix: in/, suffix: .mp4 }, use: clip }
limits:
  perDay: { requests: ${REQUESTS_A_DAY} }
  perRule: { clips: { requests: ${CLIPS_A_DAY} } }
schedule:
  - { name: nightly, cron: '0 0 3 * * * *', prefix: in/ }
notices:
  - { name: shop, url: 'https://shop.example.com/heard', about: '*' }
`);
  // A check refuses rules that loop, so the loop is made by hand, and the ledger alone stops it.
  return JSON.parse(JSON.stringify(rules).replaceAll('"looping/', '"in/looping/'));
}
