import { readRules } from '../../shared/config/read-rules.ts';
import type { Places } from '../../shared/plan/places.ts';
import type { Rules } from '../../shared/plan/rules.ts';

export const APPID = '1250000000';
export const REGION = 'ap-guangzhou';
export const BUCKET = `pictures-${APPID}`;
export const STATE = `records-${APPID}`;
export const OWNER = { secretId: 'AKIDOwnerOfTheEngine', secretKey: 'SecretKeyOfTheOwner' };

export const ROLE = 'reprocess';
export const SCHEDULE = 'nightly';
export const IN_FLIGHT = 20;
const TEXT = `
templates:
  cutout@1:
    outputs: [{ operation: goods-matting, into: 'cutouts/{stem}.png' }]
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
schedule:
  - { name: ${SCHEDULE}, cron: '0 0 3 * * * *', prefix: in/ }
limits: { requestsPerSecond: 3000, inFlight: ${IN_FLIGHT} }
`;
export const PLACES: Places = {
  appid: APPID,
  sources: [{ bucket: BUCKET, region: REGION }],
  outputs: [],
  state: { bucket: STATE, region: REGION, prefix: 'darkroom/' },
};

export const RULES = rulesIn(TEXT);

function rulesIn(text: string): Rules {
  const read = readRules(text, 'rules.yaml');
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.rules;
}
