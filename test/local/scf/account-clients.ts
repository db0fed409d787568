import { createRequire } from 'node:module';
import { scf } from 'tencentcloud-sdk-nodejs-scf';
import type { Engine } from '../../../local/engine/engine.ts';
import { KEYS, REGION } from '../engine-for-tests.ts';

export type ScfClient = InstanceType<typeof scf.v20180416.Client>;

interface Keys {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}

/** The official client of functions, through the engine as its proxy: the real names are signed. */
export function scfClient(
  { url }: Pick<Engine, 'url'>,
  credential: Keys = KEYS,
  region = REGION,
): ScfClient {
  return new scf.v20180416.Client({
    credential,
    region,
    profile: { httpProfile: { protocol: 'http://', proxy: url } },
  });
}

/** What the generic client of all services is used for here. */
export interface GenericClient {
  request(action: string, body: object): Promise<Record<string, unknown>>;
}

type GenericClientClass = new (
  endpoint: string,
  version: string,
  config: ConstructorParameters<typeof scf.v20180416.Client>[0],
) => GenericClient;

/** It comes with the client of functions, and is found from there. */
const { CommonClient } = createRequire(
  createRequire(import.meta.url).resolve('tencentcloud-sdk-nodejs-scf'),
)('tencentcloud-sdk-nodejs-common') as { readonly CommonClient: GenericClientClass };

const VERSIONS = { cam: '2019-01-16', sts: '2018-08-13' };

export function genericClient(
  { url }: Engine,
  service: keyof typeof VERSIONS,
  credential: Keys = KEYS,
): GenericClient {
  return new CommonClient(`${service}.tencentcloudapi.com`, VERSIONS[service], {
    credential,
    profile: { httpProfile: { protocol: 'http://', proxy: url } },
  });
}

/** The code of an error the client threw; the code of none where it threw none. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown);
  }
}
