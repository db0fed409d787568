import type { Account, FoundPolicy, FoundRole } from './account.ts';
import type { Change, Consent } from './change.ts';
import { isOurs, readMark, writeMark } from './mark.ts';
import type { Model, RoleSpec } from './model.ts';
import { permissionPolicy, TRUST_POLICY } from './render/policies.ts';
import { sameJson } from './same-json.ts';
import type { Step } from './step.ts';

export interface Planned {
  readonly changes: readonly Change[];
  readonly refusals: readonly string[];
}

/** Roles and policies that shall be there, before the functions that use them. */
export function planRoles(model: Model, account: Account, { adopt }: Consent): Planned {
  const refusals: string[] = [];
  const changes = model.roles.flatMap((spec) => {
    const role = account.roles.find(({ name }) => name === spec.name);
    const policy = account.policies.find(({ name }) => name === spec.name);
    for (const [what, found] of [
      ['role', role],
      ['policy', policy],
    ] as const) {
      if (!found || isOurs(found.description, model) || adopt) continue;
      refusals.push(
        `There is a ${what} ${spec.name} that was not made by this deployment. --adopt takes it over.`,
      );
    }
    return [
      ...roleChange(spec, role, model),
      ...policyChange(spec, { role, policy }, model, account),
    ];
  });
  return { changes, refusals };
}

function roleChange(spec: RoleSpec, role: FoundRole | undefined, model: Model): readonly Change[] {
  const { name } = spec;
  const subject = `role ${name}`;
  const description = writeMark(pickMark(model));
  if (!role) {
    return [
      {
        does: 'create',
        subject,
        lines: ['scf.qcloud.com may act as it'],
        notes: [{ about: 'slow', says: 'a new role can be used after some seconds' }],
        steps: [{ does: 'create-role', name, description }],
      },
    ];
  }
  const trusted = sameJson(role.trust, JSON.stringify(TRUST_POLICY));
  const marked = isOurs(role.description, model);
  if (trusted && marked) return [];
  return [
    {
      does: 'update',
      subject,
      lines: [
        ...(trusted ? [] : ['who may act as it: only scf.qcloud.com']),
        ...(marked ? [] : ['taken over']),
      ],
      notes: [],
      steps: [
        ...(trusted ? [] : [{ does: 'write-trust', name } as const]),
        ...(marked ? [] : [{ does: 'describe-role', name, description } as const]),
      ],
    },
  ];
}

function policyChange(
  spec: RoleSpec,
  {
    role,
    policy,
  }: { readonly role: FoundRole | undefined; readonly policy: FoundPolicy | undefined },
  model: Model,
  account: Account,
): readonly Change[] {
  const { name } = spec;
  const document = permissionPolicy(spec.statements);
  const description = markWithRegions(spec, model, account);
  const attached = role?.policies.some((one) => one.name === name) ?? false;
  const others = (role?.policies ?? []).filter((one) => one.name !== name);
  const same = policy !== undefined && sameJson(policy.document, JSON.stringify(document));
  const described = policy?.description === description;
  const steps: Step[] = [
    ...(policy === undefined
      ? [{ does: 'create-policy', name, description, document } as const]
      : same && described
        ? []
        : [{ does: 'write-policy', name, description, document } as const]),
    ...(attached ? [] : [{ does: 'attach', policy: name, role: name } as const]),
    ...others.map((one) => ({ does: 'detach', policy: one.name, role: name }) as const),
  ];
  if (steps.length === 0) return [];
  return [
    {
      does: policy === undefined ? 'create' : 'update',
      subject: `permissions ${name}`,
      lines: [
        ...(same ? [] : spec.statements.map(({ why, action }) => `${why}: ${action.join(', ')}`)),
        ...(same && !described ? ['description'] : []),
        ...(policy !== undefined && !attached ? ['given to the role'] : []),
        ...others.map((one) => `${one.name}, which somebody attached, is taken away`),
      ],
      notes: [],
      steps,
    },
  ];
}

/** Where functions are to be and where some still are, so that an interrupted move is found again. */
function markWithRegions(spec: RoleSpec, model: Model, account: Account): string {
  const regions = [...model.functions, ...account.functions]
    .filter(({ name }) => name === spec.name)
    .map(({ region }) => region);
  return writeMark({ ...pickMark(model), regions: [...new Set(regions)].sort() });
}

/** What is left of regions that were moved out of, after everything else. */
export function planTidyMarks(model: Model, account: Account): readonly Change[] {
  return model.roles.flatMap((spec): readonly Change[] => {
    const { name } = spec;
    const before = markWithRegions(spec, model, account);
    const description = markWithRegions(spec, model, { ...account, functions: [] });
    if (description === before) return [];
    const document = permissionPolicy(spec.statements);
    return [
      {
        does: 'update',
        subject: `description of permissions ${name}`,
        lines: [`regions: ${readMark(description)?.regions?.join(', ')}`],
        notes: [],
        steps: [{ does: 'write-policy', name, description, document }],
      },
    ];
  });
}

/** Roles and policies that no function has any more, after the functions that used them. */
export function planRoleRemovals(model: Model, account: Account): readonly Change[] {
  const unused = (name: string) => !model.roles.some((spec) => spec.name === name);
  const names = [
    ...new Set(
      [...account.roles, ...account.policies]
        .filter((one) => isOurs(one.description, model) && unused(one.name))
        .map(({ name }) => name),
    ),
  ];
  return names.map((name): Change => {
    const role = account.roles.find((one) => one.name === name && isOurs(one.description, model));
    const policy = account.policies.find(
      (one) => one.name === name && isOurs(one.description, model),
    );
    return {
      does: 'delete',
      subject: `role ${name}`,
      lines: [],
      notes: [],
      steps: [
        ...(role?.policies ?? []).map(
          (one) => ({ does: 'detach', policy: one.name, role: name }) as const,
        ),
        ...(role ? [{ does: 'delete-role', name } as const] : []),
        // Last, for it says in which regions something may be left.
        ...(policy ? [{ does: 'delete-policy', name } as const] : []),
      ],
    };
  });
}

function pickMark({ suite, stage }: Model) {
  return { suite, stage };
}
