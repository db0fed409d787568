import { PRESET_POLICIES } from '../../cam/presets.ts';
import { document, listOf, may, need, shape, text, textUpTo, whole } from './kinds.ts';
import { defineRoute, notThere, refused } from './route.ts';

const NAME = /^[A-Za-z0-9][\w+=,.@-]{0,127}$/;
const name = text('a name of letters, digits and +=,.@_-', NAME);
const policyNames = listOf(name, 100);

/** A name in the path, for something that is about to be made. */
function mustBeName(given: string): void {
  if (!NAME.test(given)) throw refused([`the name has to be ${name.is}`]);
}

const USERS = [
  defineRoute({
    method: 'GET',
    path: '/users',
    says: 'The users, with the ids of their keys.',
    run: ({ identities }) => ({
      users: identities.users().map(({ name, policies, keys }) => ({
        name,
        policies,
        secretIds: keys.map(({ secretId }) => secretId),
      })),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/users/{name}',
    says: 'Makes a user, or sets the policies of the one there, and answers with a new key pair.',
    body: shape({ policies: need(policyNames, 'what it may, by the names of policies') }),
    async run({ identities }, { names: { name }, body: { policies } }) {
      mustBeName(name);
      return { name, policies, ...(await identities.putUser(name, policies)) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/users/{name}',
    says: 'Removes a user; its keys open nothing any more.',
    async run({ identities }, { names: { name } }) {
      if (!identities.users().some((user) => user.name === name)) throw notThere(`user "${name}"`);
      await identities.removeUser(name);
      return { removed: name };
    },
  }),
];

const ROLES = [
  defineRoute({
    method: 'GET',
    path: '/roles',
    says: 'The roles.',
    run: ({ identities }) => ({
      roles: identities.roles().map(({ trust, ...role }) => ({ ...role, trust: parsed(trust) })),
    }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/roles/{name}',
    says: 'Makes a role, or replaces the one there.',
    body: shape({
      trust: need(document, 'who may assume it: a policy document with a principal'),
      policies: need(policyNames, 'what it may, by the names of policies'),
      description: may(textUpTo(1000), 'for people'),
    }),
    async run({ identities }, { names: { name }, body: { description = '', ...body } }) {
      mustBeName(name);
      const { trust, ...role } = await identities.putRole({ name, description, ...body });
      return { ...role, trust: parsed(trust) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/roles/{name}',
    says: 'Removes a role; temporary keys of it open nothing any more.',
    async run({ identities }, { names: { name } }) {
      if (!identities.role(name)) throw notThere(`role "${name}"`);
      await identities.removeRole(name);
      return { removed: name };
    },
  }),
];

const POLICIES = [
  defineRoute({
    method: 'GET',
    path: '/policies',
    says: 'The policies, and the names of those that every account has.',
    run: ({ identities }) => ({
      policies: identities
        .policies()
        .map(({ document, ...policy }) => ({ ...policy, document: parsed(document) })),
      presets: Object.keys(PRESET_POLICIES),
    }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/policies/{name}',
    says: 'Makes a policy, or replaces the one there; whoever has it may otherwise from now on.',
    body: shape({
      document: need(document, 'the policy as CAM takes it, version 2.0'),
      description: may(textUpTo(1000), 'for people'),
    }),
    async run({ identities }, { names: { name }, body }) {
      mustBeName(name);
      if (Object.hasOwn(PRESET_POLICIES, name)) {
        throw refused([`"${name}" is a policy that every account has`]);
      }
      const made = await identities.putPolicy(name, body.document, body.description);
      return { ...made, document: parsed(made.document) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/policies/{name}',
    says: 'Removes a policy; it allows and denies nothing any more.',
    async run({ identities }, { names: { name } }) {
      if (!identities.policies().some((policy) => policy.name === name)) {
        throw notThere(`policy "${name}"`);
      }
      await identities.removePolicy(name);
      return { removed: name };
    },
  }),
];

const HALF_AN_HOUR = 1800;

const TEMPORARY_KEYS = [
  defineRoute({
    method: 'POST',
    path: '/temporary-keys',
    says: "Makes keys that end by themselves, by the engine's clock: of a role, of a user, or of the owner.",
    body: shape({
      role: may(name, 'of this role'),
      user: may(name, 'of this user'),
      seconds: may(whole(1, 129_600), 'how long; 1800 unless given'),
      policy: may(document, 'narrows what they may'),
    }),
    async run({ identities }, { body: { role, user, seconds = HALF_AN_HOUR, policy } }) {
      if (role !== undefined && user !== undefined)
        throw refused(['role and user exclude each other']);
      const of =
        role !== undefined ? { role } : user !== undefined ? { user } : ({ owner: true } as const);
      const { expires, ...key } = await identities.temporaryKey(of, seconds, policy);
      return { ...key, expires: new Date(expires).toISOString() };
    },
  }),
];

export const IDENTITY_ROUTES = [...USERS, ...ROLES, ...POLICIES, ...TEMPORARY_KEYS];

/** What was kept was checked before. */
function parsed(document: string): unknown {
  return JSON.parse(document);
}
