import COS from 'cos-nodejs-sdk-v5';
import { accountKeys } from '../infra/account-keys.ts';
import type { AccountFlags } from './account.ts';
import type { Io } from './command.ts';
import type { DeployPlace } from './deploy-input.ts';

/** Deletes every record below the prefix of the state, and nothing beside it. The exit code. */
export async function purgeState(
  { env, settings }: DeployPlace,
  { profile }: AccountFlags,
  { yes, io }: { readonly yes: boolean; readonly io: Io },
): Promise<number> {
  const { bucket: Bucket, region: Region, prefix } = settings.state;
  if (prefix === '') {
    io.err(`${Bucket} holds records and nothing else: empty it in the console`);
    return 1;
  }
  if (!yes && !(await io.agrees?.(`Delete everything in ${Bucket}/${prefix}?`))) {
    io.err('No record was deleted.');
    return 1;
  }
  const { secretId, secretKey, token } = accountKeys(env, profile === undefined ? {} : { profile });
  const client = new COS({
    SecretId: secretId,
    SecretKey: secretKey,
    ...(token === undefined ? {} : { SecurityToken: token }),
    ...toEndpoint(settings.endpoint),
  });
  let deleted = 0;
  for (;;) {
    // Always the first page: what was on it is gone then.
    const page = await client.getBucket({ Bucket, Region, Prefix: prefix, MaxKeys: 1000 });
    const keys = page.Contents.map(({ Key }) => Key).filter((key) => key.startsWith(prefix));
    if (keys.length === 0) break;
    const Objects = keys.map((Key) => ({ Key }));
    const { Error: refused = [] } = await client.deleteMultipleObject({ Bucket, Region, Objects });
    if (refused.length > 0) {
      io.err(`${refused.length} records could not be deleted: ${refused[0]?.Message}`);
      return 1;
    }
    deleted += keys.length;
  }
  io.out(`${deleted} records deleted from ${Bucket}/${prefix}`);
  return 0;
}

function toEndpoint(endpoint: string | undefined): { Protocol?: 'http:' | 'https:'; Ip?: string } {
  if (endpoint === undefined) return {};
  const { protocol, host } = new URL(endpoint);
  return { Protocol: protocol === 'https:' ? 'https:' : 'http:', Ip: host };
}
