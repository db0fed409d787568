import { createHash, randomUUID } from 'node:crypto';
import { onDemand } from '../../../functions/on-demand/on-demand.ts';
import { RateLimit } from '../../../functions/on-demand/rate-limit.ts';
import { openSeals } from '../../../shared/client/seals.ts';
import { readRules } from '../../../shared/config/read-rules.ts';
import type { HashedKey } from '../../../shared/config/settings.ts';
import { Deadline } from '../../../shared/core/deadline.ts';
import { logTo } from '../../../shared/core/log.ts';
import type { Rules } from '../../../shared/plan/rules.ts';
import { CLOSED } from '../../../shared/progress/breaker.ts';
import type { Suite } from '../../../shared/run/ports.ts';
import { memoryRecords } from '../../../shared/store/memory-records.ts';
import { type Link, writeLink } from '../../../shared/wire/link.ts';
import type { UrlReply } from '../../../shared/wire/url-event.ts';
import { clientOf } from '../../client/client-for-tests.ts';
import { BUCKET, type EngineForTests, REGION } from '../../local/engine-for-tests.ts';

const LINK_KEY = 'a-key-for-links-of-at-least-32-characters';
export const SHOP_KEY = 'the-key-of-the-shop';

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }
  small@1:
    outputs:
      - { operation: picture, with: { pipeline: imageMogr2/thumbnail/40x }, store: false }
      - { operation: generic-matting, into: 'small/{stem}.png' }
  actors@1:
    outputs:
      - { operation: segment-video-body, into: 'actors/{stem}.mp4' }
  large@1:
    outputs:
      - { operation: super-resolution, into: 'large/{name}' }
      - { operation: goods-matting, into: 'dated/{etag8}/{stem}.png' }
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: [cutout] }
  - { name: both, when: { prefix: both/, suffix: .jpg }, use: [cutout, large] }
http:
  callers:
    - { name: shop, templates: [cutout, small, actors], requestsPerMinute: 1000 }
    - { name: slow, templates: cutout, requestsPerMinute: 2 }
  sources: ['img.example.com', '*.cdn.example.com']
  origins: https://studio.example
`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const API_KEYS: readonly HashedKey[] = [
  { caller: 'shop', sha256: sha256(SHOP_KEY) },
  { caller: 'slow', sha256: sha256('the-key-of-the-slow') },
  { caller: 'nobody', sha256: sha256('the-key-of-nobody') },
];

function rulesIn(text: string): Rules {
  const read = readRules(text, 'rules.yaml');
  if (read.ok) return read.rules;
  throw new Error(read.problems.map(({ message }) => message).join('\n'));
}

export interface Asking {
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The function as the platform calls it, with everything it works on in an engine. */
export class Desk {
  readonly logged: Record<string, unknown>[] = [];
  readonly invoked: string[] = [];
  readonly suite: Suite;
  readonly #rateLimit = new RateLimit();

  constructor(engine: Pick<EngineForTests, 'engine'>, given: Partial<Suite> = {}) {
    const { objects, ci, addresses, now } = clientOf(engine);
    this.suite = {
      rules: rulesIn(RULES),
      places: {
        appid: '1250000000',
        sources: [{ bucket: BUCKET, region: REGION }],
        outputs: [],
        state: { bucket: BUCKET, region: REGION, prefix: 'darkroom/' },
      },
      records: memoryRecords(),
      objects,
      ci,
      addresses,
      notifier: { post: async () => 200 },
      seals: openSeals([LINK_KEY]),
      instance: { purse: new Map(), breaker: CLOSED },
      deadline: new Deadline(60_000, 0, Date.now),
      log: logTo((line) => this.logged.push(JSON.parse(line))),
      now,
      digest: sha256,
      randomId: () => randomUUID().replaceAll('-', ''),
      ...given,
    };
  }

  async ask(method: string, path: string, asking: Asking = {}): Promise<UrlReply> {
    const { key, headers = {}, query = {}, body } = asking;
    const event = {
      httpMethod: method,
      path,
      queryString: query,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
    };
    return this.askWith(event);
  }

  askWith(event: unknown): Promise<UrlReply> {
    return onDemand(event, async () => ({
      suite: this.suite,
      apiKeys: API_KEYS,
      rateLimit: this.#rateLimit,
      requestId: 'request-1',
      invoke: async (id: string) => void this.invoked.push(id),
    }));
  }

  /** Follows a signed link. */
  show(link: Pick<Link, 'template' | 'of'> & Partial<Link>, method = 'GET'): Promise<UrlReply> {
    const untilSeconds = Math.floor(this.suite.now() / 1000) + 60;
    const address = writeLink({ output: 1, untilSeconds, ...link }, this.suite.seals.seal);
    const [path = '', search = ''] = address.split('?');
    return this.ask(method, path, { query: Object.fromEntries(new URLSearchParams(search)) });
  }
}
