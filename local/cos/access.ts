import type { AccessControl, Grant, Permission } from '../../shared/wire/access-control.ts';
import { CosError } from './errors.ts';

const ALL_USERS = 'http://cam.qcloud.com/groups/global/AllUsers';

const CANNED_ACLS = ['private', 'public-read', 'public-read-write', 'default'] as const;
export type CannedAcl = (typeof CANNED_ACLS)[number];

type Headers = Readonly<Record<string, string | undefined>>;

/** How an access list is kept with a bucket or an object. */
export interface StoredAcl {
  readonly canned: CannedAcl | undefined;
  readonly grants: readonly Grant[];
}

/** What `x-cos-acl` asks for. `default` takes an object's own list away: the bucket's counts. */
function cannedAclOf(header: string | undefined): StoredAcl | undefined {
  if (!header || header === 'default') return undefined;
  const canned = CANNED_ACLS.find((each) => each === header);
  if (canned) return { canned, grants: [] };
  // Named by the service for a list of its own roles; nobody on this machine has one.
  throw new CosError('InvalidArgument', {
    message: `There is no access list "${header}"; there are ${CANNED_ACLS.join(', ')}.`,
  });
}

/** The list that headers ask for, by name, by grants or both; nothing where they say nothing. */
export function aclInHeaders(headers: Headers): StoredAcl | undefined {
  const named = cannedAclOf(headers['x-cos-acl']);
  const grants = grantsIn(headers);
  return grants.length === 0 ? named : { canned: named?.canned, grants };
}

/** Only for what was kept by this file's types; a bucket without a list is private. */
export function storedAcl(document: unknown): StoredAcl {
  return (document as StoredAcl | undefined) ?? { canned: 'private', grants: [] };
}

const OPEN_TO: Record<'read' | 'write', readonly Permission[]> = {
  read: ['READ', 'FULL_CONTROL'],
  write: ['WRITE', 'FULL_CONTROL'],
};

/** Whether everybody may, signed or not. */
export function isPublic(acl: StoredAcl, what: 'read' | 'write'): boolean {
  if (acl.canned === 'public-read-write') return true;
  if (acl.canned === 'public-read' && what === 'read') return true;
  return acl.grants.some(
    ({ to, permission }) =>
      to.is === 'group' && to.uri === ALL_USERS && OPEN_TO[what].includes(permission),
  );
}

/** The list as a document: the owner always has full control. */
export function accessControlOf(acl: StoredAcl, appid: string): AccessControl {
  const owner = { id: ownerId(appid), displayName: ownerId(appid) };
  const everybody = { is: 'group', uri: ALL_USERS } as const;
  const canned: Grant[] = [];
  if (isPublic({ ...acl, grants: [] }, 'read')) canned.push({ to: everybody, permission: 'READ' });
  if (acl.canned === 'public-read-write') canned.push({ to: everybody, permission: 'WRITE' });
  const own: Grant = { to: { is: 'account', account: owner }, permission: 'FULL_CONTROL' };
  const explicit = acl.grants.filter(
    ({ to }) => !(to.is === 'account' && to.account.id === owner.id),
  );
  return { owner, grants: [own, ...canned, ...explicit] };
}

export function ownerId(appid: string): string {
  return `qcs::cam::uin/${appid}:uin/${appid}`;
}

const GRANT_HEADERS: readonly (readonly [header: string, permission: Permission])[] = [
  ['x-cos-grant-read', 'READ'],
  ['x-cos-grant-write', 'WRITE'],
  ['x-cos-grant-read-acp', 'READ_ACP'],
  ['x-cos-grant-write-acp', 'WRITE_ACP'],
  ['x-cos-grant-full-control', 'FULL_CONTROL'],
];

/** `id="qcs::cam::uin/1:uin/1",uri="…"`; older pages of the service have the bare number in `uin="1"`. */
function grantsIn(headers: Headers): Grant[] {
  return GRANT_HEADERS.flatMap(
    ([header, permission]) =>
      (headers[header] || undefined)
        ?.split(',')
        .map((text): Grant => ({ to: granteeOf(text.trim(), header), permission })) ?? [],
  );
}

function granteeOf(text: string, header: string): Grant['to'] {
  const [, kind, name = ''] = /^(id|uin|uri)="([^",]{1,200})"$/.exec(text) ?? [];
  switch (kind) {
    case 'uri':
      return { is: 'group', uri: name };
    case 'id':
      return { is: 'account', account: { id: name, displayName: name } };
    case 'uin':
      return { is: 'account', account: { id: ownerId(name), displayName: ownerId(name) } };
    default:
      throw new CosError('InvalidArgument', {
        message: `${header} is id="…", uin="…" or uri="…", with commas between, and not ${text}.`,
      });
  }
}
