import { ownersOf } from '../cam/account.ts';
import type { Caller } from '../cam/caller.ts';
import type { ConditionFacts } from '../cam/condition.ts';
import { type Decision, decide, statementThatAllows, type Wish } from '../cam/decide.ts';
import type { Policy } from '../cam/policy.ts';
import type { Incoming } from '../server/incoming.ts';
import { isPublic, type StoredAcl, storedAcl } from './access.ts';
import { headerText } from './authenticate.ts';
import { CosError } from './errors.ts';
import type { CosService } from './exchange.ts';
import type { Query } from './query.ts';

/** Which permission was missing, and the statement that would have allowed it. */
export const DENIED_HEADER = 'x-darkroom-denied';
export const ALLOW_WITH_HEADER = 'x-darkroom-allow-with';

/** What everybody may do where an access list says so. */
const PUBLIC: Readonly<Record<string, 'read' | 'write'>> = {
  'cos:GetObject': 'read',
  'cos:HeadObject': 'read',
  'cos:GetBucket': 'read',
  'cos:HeadBucket': 'read',
  'cos:ListMultipartUploads': 'read',
  'cos:PutObject': 'write',
  'cos:PostObject': 'write',
  'cos:AppendObject': 'write',
  'cos:InitiateMultipartUpload': 'write',
  'cos:UploadPart': 'write',
  'cos:CompleteMultipartUpload': 'write',
  'cos:DeleteObject': 'write',
};

export interface Request {
  readonly service: CosService;
  readonly incoming: Incoming;
  readonly query: Query;
  readonly caller: Caller;
}

/** Refuses what neither the caller's policies nor an access list allow. */
export function mustBeAllowed(
  { service, incoming, query, caller }: Request,
  action: string,
  place: { readonly bucket: string; readonly region: string; readonly key: string },
): void {
  if (caller.is === 'owner') return;
  const { bucket, region, key } = place;
  const resource = `qcs::cos:${region}:uid/${service.appid}:${bucket}/${key}`;
  const facts = caller.is === 'limited' ? factsOf(incoming, query) : {};
  const refused = refusal(caller, { action, resource, facts }, service.appid);
  if (!refused) return;
  if (refused !== 'by-statement' && isOpen(service, action, bucket, key)) return;
  throw denied(action, resource, refused);
}

/** Listing the buckets has no resource of its own. */
export function mustBeAllowedService({ service, incoming, query, caller }: Request): void {
  const wish = { action: 'cos:GetService', resource: '*', facts: factsOf(incoming, query) };
  const refused = refusal(caller, wish, service.appid);
  if (refused) throw denied(wish.action, wish.resource, refused);
}

export function denied(action: string, resource: string, refused: Refusal): CosError {
  return new CosError('AccessDenied', {
    headers: {
      [DENIED_HEADER]: headerText(`${action} on ${resource}${BECAUSE[refused]}`),
      ...(refused === 'by-statement'
        ? {}
        : { [ALLOW_WITH_HEADER]: headerText(statementThatAllows({ action, resource })) }),
    },
  });
}

type Refusal = 'by-statement' | 'by-default' | 'unsigned';

const BECAUSE: Readonly<Record<Refusal, string>> = {
  'by-statement': ', by a deny statement',
  'by-default': '',
  unsigned: ', and nobody signed the request',
};

/** Why a caller may not, or nothing. A session has to be allowed by its own policy as well. */
export function refusal(caller: Caller, wish: Wish, appid: string): Refusal | undefined {
  return refusalOfAll(caller, [wish], appid);
}

/** Why a caller may do none of these, of which one is enough; nothing for no wish. What decided is noted. */
export function refusalOfAll(
  caller: Caller,
  wishes: readonly Wish[],
  appid: string,
): Refusal | undefined {
  if (caller.is === 'owner') return undefined;
  if (caller.is === 'anonymous') return 'unsigned';
  const owners = ownersOf(appid);
  const verdicts = wishes.map((wish) => judge(caller.policies, wish, owners));
  const decisive =
    verdicts.find(({ refused }) => refused === undefined) ??
    verdicts.find(({ refused }) => refused === 'by-statement') ??
    verdicts[0];
  if (!decisive) return undefined;
  for (const decision of decisive.decisions) caller.note?.(decisive.wish, decision);
  return decisive.refused;
}

function judge(lists: readonly (readonly Policy[])[], wish: Wish, owners: readonly string[]) {
  const decisions: Decision[] = [];
  for (const policies of lists) {
    const decision = decide(policies, wish, owners);
    decisions.push(decision);
    if (decision.allowed) continue;
    const refused: Refusal =
      decision.because === 'denied-by-statement' ? 'by-statement' : 'by-default';
    return { wish, decisions, refused };
  }
  return { wish, decisions, refused: undefined };
}

/** Whether the object's own list, or else the bucket's, opens this to everybody. */
function isOpen({ storage }: CosService, action: string, bucket: string, key: string): boolean {
  const what = PUBLIC[action];
  if (!what) return false;
  const own: StoredAcl | undefined =
    what === 'read' && key !== ''
      ? (storage.objects.head(bucket, key)?.acl as StoredAcl | undefined)
      : undefined;
  return isPublic(own ?? storedAcl(storage.buckets.document(bucket, 'acl')), what);
}

/** Headers that a condition can look at, under their condition key. */
const CONDITION_HEADERS = [
  'content-length',
  'content-type',
  'x-cos-acl',
  'x-cos-storage-class',
  'x-cos-forbid-overwrite',
  'x-cos-copy-source',
  'x-cos-metadata-directive',
];
const CONDITION_PARAMETERS = ['prefix', 'delimiter', 'max-keys', 'versionid'];

export function factsOf(incoming: Incoming, query: Query): ConditionFacts {
  const facts: Record<string, string | undefined> = {
    'qcs:ip': incoming.remoteAddress.replace(/^::ffff:/, ''),
    'qcs:current_time': new Date(incoming.at).toISOString(),
    'cos:secure-transport': String(incoming.secure),
  };
  for (const name of CONDITION_HEADERS) facts[`cos:${name}`] = incoming.headers[name];
  for (const name of CONDITION_PARAMETERS) facts[`cos:${name}`] = query.get(name);
  return facts;
}
