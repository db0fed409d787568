import { Deployment } from '../../infra/deployment.ts';
import type { Model } from '../../infra/model.ts';
import { modelFor } from '../../infra/model-for.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { readSettings } from '../../shared/config/settings.ts';
import type { Rules } from '../../shared/plan/rules.ts';

/** Pictures, a video job, a caller, a notice and a schedule: every function has something to do. */
export const WHOLE_SUITE = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }
  actors@1:
    outputs:
      - operation: segment-video-body
        with: { mode: foreground, backgroundColour: '#00ff00' }
        into: actors/{dir}/{stem}.mp4
rules:
  - { name: products, when: { prefix: in/products/, suffix: .jpg }, use: cutout }
  - { name: clips, when: { prefix: in/clips/, suffix: .mp4 }, use: actors }
schedule:
  - { name: nightly, cron: 0 30 2 * * * *, prefix: in/ }
http:
  callers: [{ name: shop, templates: cutout }]
notices:
  - { name: shop, url: 'https://shop.example/notices' }
`;

function rulesFrom(text: string): Rules {
  const read = readRules(text, 'rules.yaml');
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.rules;
}

export const ONE_PLACE = {
  DARKROOM_BUCKETS: 'shop-1250000000@ap-guangzhou',
  DARKROOM_STATE: 'shop-1250000000/darkroom/',
};

export const PLACES = {
  appid: '1250000000',
  state: { bucket: 'shop-1250000000', region: 'ap-guangzhou', prefix: 'darkroom/' },
};

export function modelOf(
  rules = WHOLE_SUITE,
  env: Readonly<Record<string, string>> = ONE_PLACE,
  deployment: object = {},
): Model {
  const settings = readSettings(env);
  if (!settings.ok) throw new Error(settings.problems.map(({ message }) => message).join('\n'));
  return modelFor(rulesFrom(rules), settings.settings, Deployment.parse(deployment));
}
