import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { type Owner, readOwner, writeOwner } from './owner.ts';
import { readXml, writeXml, type XmlContent, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const PERMISSIONS = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL'] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** One account, or everybody of a group, such as `http://cam.qcloud.com/groups/global/AllUsers`. */
type Grantee =
  | { readonly is: 'account'; readonly account: Owner }
  | { readonly is: 'group'; readonly uri: string };

export interface Grant {
  readonly to: Grantee;
  readonly permission: Permission;
}

/** Who may do what with an object or a bucket. */
export interface AccessControl {
  readonly owner?: Owner | undefined;
  readonly grants: readonly Grant[];
}

/** The kind of a grantee is told by what it holds: the attribute that repeats it is not looked at. */
export function readAccessControl(body: Body): AccessControl {
  const policy = readXml(body, { root: 'AccessControlPolicy' });
  const grants = policy.child('AccessControlList')?.children('Grant') ?? [];
  return { owner: readOwner(policy.child('Owner')), grants: grants.map(grantOf) };
}

function grantOf(node: XmlNode): Grant {
  const grantee = node.child('Grantee');
  const uri = grantee?.text('URI');
  const account = readOwner(grantee);
  const permission = PERMISSIONS.find((known) => known === node.text('Permission'));
  if (permission && uri) return { to: { is: 'group', uri }, permission };
  if (permission && account) return { to: { is: 'account', account }, permission };
  throw new Fault('XML_UNREADABLE', 'A grant does not say who may do what');
}

export function writeAccessControl({ owner, grants }: AccessControl): string {
  return writeXml('AccessControlPolicy', [
    ['Owner', writeOwner(owner)],
    ['AccessControlList', grants.map((grant): XmlEntry => ['Grant', entriesOf(grant)])],
  ]);
}

function entriesOf({ to, permission }: Grant): XmlContent {
  return [
    ['Grantee', to.is === 'group' ? [['URI', to.uri]] : writeOwner(to.account)],
    ['Permission', permission],
  ];
}
