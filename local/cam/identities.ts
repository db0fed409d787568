import { randomBytes } from 'node:crypto';
import { Fault } from '../../shared/core/fault.ts';
import type { Caller } from './caller.ts';
import type { Decision, Wish } from './decide.ts';
import { type PermissionUses, permissionUses } from './permission-uses.ts';
import { type Policy, readPolicy } from './policy.ts';
import { PRESET_POLICIES, SERVICE_ROLES } from './presets.ts';
import { serviceKeys } from './service-keys.ts';
import type {
  Kept,
  StoredPolicy,
  StoredRole,
  StoredSession,
  StoredUser,
} from './stored-identity.ts';

export interface KeyPair {
  readonly secretId: string;
  readonly secretKey: string;
}

export interface TemporaryKey extends KeyPair {
  readonly token: string;
  /** In milliseconds of the engine's clock. */
  readonly expires: number;
}

/** What a SecretId stands for. */
export interface KnownKey {
  readonly secretKey: string;
  readonly token: string | undefined;
  readonly expires: number | undefined;
  readonly caller: Caller;
}

interface IdentityTables {
  readonly policies: Kept<StoredPolicy>;
  readonly roles: Kept<StoredRole>;
  readonly users: Kept<StoredUser>;
  readonly sessions: Kept<StoredSession>;
}

/** Users, roles, policies and keys of the one account there is. */
export interface Identities {
  readonly owner: KeyPair;
  /** Which permissions were used, and which were missing. */
  readonly uses: PermissionUses;
  /** What a SecretId stands for; expired keys are still known, so that the answer can say so. */
  find(secretId: string): KnownKey | undefined;
  policies(): readonly StoredPolicy[];
  /** One of the account's own, or one that every account has. */
  policyWithId(id: number): StoredPolicy | undefined;
  putPolicy(name: string, document: string, description?: string): Promise<StoredPolicy>;
  /** Takes it from whoever has it as well. */
  removePolicy(name: string): Promise<void>;
  role(name: string): StoredRole | undefined;
  roles(): readonly StoredRole[];
  putRole(role: NewRole): Promise<StoredRole>;
  /** Changes what is there of a role at this moment; nothing where there is none. */
  changeRole(
    name: string,
    change: (role: StoredRole) => Partial<NewRole>,
  ): Promise<StoredRole | undefined>;
  removeRole(name: string): Promise<void>;
  users(): readonly StoredUser[];
  /** A user with a new key pair. */
  putUser(name: string, policies: readonly string[]): Promise<KeyPair>;
  removeUser(name: string): Promise<void>;
  /** Whoever acts as a role; nothing when there is none, or when this service may not take it. */
  asRole(name: string, service: string): Caller | undefined;
  /**
   * Keys with which a service acts as a role: the same for a while, and always with hours left to
   * live. Nothing where `asRole` gives nothing.
   */
  serviceKey(name: string, service: string): Promise<TemporaryKey | undefined>;
  /** Keys of a role, a user or the owner that end by themselves. */
  temporaryKey(of: StoredSession['of'], seconds: number, policy?: string): Promise<TemporaryKey>;
  /** Starts over from the tables after they were put back to another state. */
  reload(): Promise<void>;
}

export interface IdentityOptions {
  readonly owner: KeyPair;
  readonly tables: IdentityTables;
  /** Without the service roles that a console makes when a service is first opened. */
  readonly bare: boolean;
  now(): number;
}

type NewRole = Omit<StoredRole, 'id' | 'added' | 'changed'>;

/** Thirty-six hours: the longest life a temporary key is given. */
const LONGEST_SECONDS = 129_600;

export async function openIdentities(options: IdentityOptions): Promise<Identities> {
  const { owner, tables, bare, now } = options;
  /** Who is asked for again and again; forgotten whenever anything changes. */
  const known = new Map<string, KnownKey | undefined>();
  const KNOWN_AT_MOST = 10_000;
  const uses = permissionUses();
  /** The id of a policy that was removed is not given again. */
  let nextPolicyId = 1_000_000;
  const keysOfServices = serviceKeys({
    now,
    make: (role, seconds) => identities.temporaryKey({ role }, seconds),
    isThere: ({ secretId }) => tables.sessions.get(secretId) !== undefined,
  });

  function limited(secretId: string, name: string, policies: readonly Policy[][]): Caller {
    const note = (wish: Wish, decision: Decision) => uses.note(name, wish, decision);
    return { is: 'limited', secretId, name, policies, note };
  }

  async function changed<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    known.clear();
    return result;
  }

  function policyNamed(name: string): Policy {
    const document = presetNamed(name) ?? tables.policies.get(name)?.document;
    if (document === undefined) throw missing('policy', name);
    return readPolicy(document, name);
  }

  /** A policy that was removed since allows nothing any more. */
  function policiesOf(names: readonly string[]): Policy[] {
    return names
      .filter((name) => (presetNamed(name) ?? tables.policies.get(name)) !== undefined)
      .map(policyNamed);
  }

  function look(secretId: string): KnownKey | undefined {
    if (secretId === owner.secretId) {
      const caller: Caller = { is: 'owner', secretId };
      return { secretKey: owner.secretKey, token: undefined, expires: undefined, caller };
    }
    const session = tables.sessions.get(secretId);
    if (session) {
      const { secretKey, token, expires } = session;
      const caller = callerOfSession(session);
      return caller && { secretKey, token, expires, caller };
    }
    for (const [, user] of tables.users.range()) {
      const key = user.keys.find((each) => each.secretId === secretId);
      if (!key) continue;
      const caller = limited(secretId, `user/${user.name}`, [policiesOf(user.policies)]);
      return { secretKey: key.secretKey, token: undefined, expires: undefined, caller };
    }
    return undefined;
  }

  function callerOfSession({ secretId, of, policy }: StoredSession): Caller | undefined {
    const narrowed = policy === undefined ? [] : [[readPolicy(policy, 'session')]];
    if ('owner' in of) {
      if (narrowed.length === 0) return { is: 'owner', secretId };
      return limited(secretId, 'owner/session', narrowed);
    }
    const stored = 'role' in of ? tables.roles.get(of.role) : tables.users.get(of.user);
    if (!stored) return undefined;
    const name = `${'role' in of ? 'role' : 'user'}/${stored.name}`;
    return limited(secretId, name, [policiesOf(stored.policies), ...narrowed]);
  }

  const identities: Identities = {
    owner,
    uses,
    find(secretId) {
      if (known.has(secretId)) return known.get(secretId);
      if (known.size >= KNOWN_AT_MOST) known.clear();
      const found = look(secretId);
      known.set(secretId, found);
      return found;
    },
    policies: () => tables.policies.range().map(([, policy]) => policy),
    policyWithId: (id) =>
      presetWithId(id) ?? identities.policies().find((policy) => policy.id === id),
    async putPolicy(name, document, description = '') {
      readPolicy(document);
      const before = tables.policies.get(name);
      const ids = identities.policies().map(({ id }) => id);
      nextPolicyId = Math.max(nextPolicyId, ...ids) + 1;
      const id = before?.id ?? nextPolicyId;
      const times = { added: before?.added ?? now(), changed: now() };
      const policy = { id, name, document, description, ...times };
      await changed(tables.policies.put(name, policy));
      return policy;
    },
    async removePolicy(name) {
      await changed(tables.policies.remove(name));
      const without = <T extends StoredRole | StoredUser>(has: T | undefined) =>
        has && { ...has, policies: has.policies.filter((each) => each !== name) };
      for (const role of identities.roles()) {
        if (role.policies.includes(name)) await changed(tables.roles.update(role.name, without));
      }
      for (const user of identities.users()) {
        if (user.policies.includes(name)) await changed(tables.users.update(user.name, without));
      }
    },
    role: (name) => tables.roles.get(name),
    roles: () => tables.roles.range().map(([, role]) => role),
    async putRole(role) {
      readPolicy(role.trust);
      role.policies.map(policyNamed);
      const before = tables.roles.get(role.name);
      const id = before?.id ?? `46${randomBytes(7).readUIntBE(0, 6)}`;
      const stored = { ...role, id, added: before?.added ?? now(), changed: now() };
      await changed(tables.roles.put(role.name, stored));
      return stored;
    },
    changeRole: (name, change) =>
      changed(
        tables.roles.update(name, (role) => {
          if (!role) return undefined;
          const after = change(role);
          if (after.trust !== undefined) readPolicy(after.trust);
          return { ...role, ...after, changed: now() };
        }),
      ),
    removeRole: (name) => changed(tables.roles.remove(name)),
    users: () => tables.users.range().map(([, user]) => user),
    async putUser(name, policies) {
      policies.map(policyNamed);
      const key = newKeyPair();
      const before = tables.users.get(name)?.keys ?? [];
      await changed(tables.users.put(name, { name, policies, keys: [...before, key] }));
      return key;
    },
    removeUser: (name) => changed(tables.users.remove(name)),
    asRole(name, service) {
      const role = tables.roles.get(name);
      const trusts =
        role &&
        readPolicy(role.trust).statements.some(
          ({ effect, services }) => effect === 'allow' && services.includes(service),
        );
      if (!trusts) return undefined;
      return limited('', `role/${name}`, [policiesOf(role.policies)]);
    },
    async serviceKey(name, service) {
      return identities.asRole(name, service) && keysOfServices.of(name);
    },
    async temporaryKey(of, seconds, policy) {
      if (!(seconds >= 1 && seconds <= LONGEST_SECONDS)) {
        throw new Fault('KEY_LIFETIME_INVALID', `A temporary key cannot live ${seconds} seconds`, {
          hint: `From 1 to ${LONGEST_SECONDS} seconds.`,
        });
      }
      if (policy !== undefined) readPolicy(policy);
      if ('role' in of && !tables.roles.get(of.role)) throw missing('role', of.role);
      if ('user' in of && !tables.users.get(of.user)) throw missing('user', of.user);
      const key: TemporaryKey = {
        ...newKeyPair(),
        token: randomBytes(96).toString('base64url'),
        expires: now() + seconds * 1000,
      };
      await forgetExpired();
      await changed(tables.sessions.put(key.secretId, { ...key, of, policy }));
      return key;
    },
    async reload() {
      known.clear();
      keysOfServices.clear();
      await makeServiceRoles();
    },
  };

  /** Keys that ended a day ago are of no use even to say that they ended. */
  async function forgetExpired(): Promise<void> {
    for (const [secretId, { expires }] of tables.sessions.range()) {
      if (expires < now() - 86_400_000) await tables.sessions.remove(secretId);
    }
  }

  async function makeServiceRoles(): Promise<void> {
    if (bare) return;
    for (const role of SERVICE_ROLES) {
      if (!tables.roles.get(role.name)) await identities.putRole(role);
    }
  }

  await makeServiceRoles();
  return identities;
}

function presetNamed(name: string): string | undefined {
  return Object.hasOwn(PRESET_POLICIES, name) ? PRESET_POLICIES[name] : undefined;
}

function presetWithId(id: number): StoredPolicy | undefined {
  const [name, document] = Object.entries(PRESET_POLICIES)[id - 1] ?? [];
  if (name === undefined || document === undefined) return undefined;
  return { id, name, document, description: '' };
}

/** In the shape of the service's: 36 characters with a prefix, and 32. */
export function newKeyPair(): KeyPair {
  return {
    secretId: `AKID${randomBytes(24).toString('base64url').replace(/[-_]/g, 'x')}`,
    secretKey: randomBytes(24).toString('base64url').replace(/[-_]/g, 'x'),
  };
}

function missing(what: string, name: string): Fault {
  return new Fault('IDENTITY_MISSING', `There is no ${what} "${name}"`);
}
