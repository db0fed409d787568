import type { Account, FoundFunction } from './account.ts';
import { addressOf } from './found-trigger.ts';
import { type FunctionSpec, type Model, SECRETS, type SecretName } from './model.ts';
import type { Value } from './step.ts';

export type Secrets = Readonly<Partial<Record<SecretName, string>>>;

/** Where secrets come from: what a person gives, what the functions have already, what is made now. */
export interface SecretSource {
  readonly given: Secrets;
  /** 64 characters that nobody guesses. */
  newSecret(): string;
}

/**
 * Every secret once for all functions. What was made is kept where it is used, so it is read back
 * from there; where functions differ, because a run was interrupted, the first one is right.
 */
export function secretsFor(
  model: Model,
  account: Account,
  { given, newSecret }: SecretSource,
): Secrets {
  const needed = new Set(
    model.functions.flatMap(({ environment }) =>
      environment.flatMap((variable) => ('secret' in variable ? [variable.secret] : [])),
    ),
  );
  const found = (name: SecretName) =>
    model.functions
      .map((spec) => foundOf(spec, account)?.environment[name])
      .find((value) => value !== undefined && value !== '');
  return Object.fromEntries(
    SECRETS.filter((name) => needed.has(name)).flatMap((name) => {
      // The key of a caller has to be told to somebody, so none is made in silence.
      const made = name === 'DARKROOM_API_KEYS' ? undefined : newSecret;
      const value = given[name] ?? found(name) ?? made?.();
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export function foundOf(
  spec: Pick<FunctionSpec, 'name' | 'region'>,
  account: Account,
): FoundFunction | undefined {
  return account.functions.find(({ name, region }) => name === spec.name && region === spec.region);
}

/** The address that callbacks go to, when it is known already. */
export function callbackAddress(model: Model, account: Account): string | undefined {
  const spec = model.functions.find((one) => one.function === 'on-callback');
  const found = spec && foundOf(spec, account);
  return found && addressOf(found.triggers);
}

export function environmentFor(
  { environment }: FunctionSpec,
  { secrets, address }: { readonly secrets: Secrets; readonly address: string | undefined },
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    environment.flatMap((variable): [string, Value][] => {
      if ('value' in variable) return [[variable.key, variable.value]];
      if ('addressOf' in variable) {
        return [[variable.key, address ?? { addressOf: variable.addressOf }]];
      }
      const secret = secrets[variable.secret];
      return secret === undefined ? [] : [[variable.key, secret]];
    }),
  );
}
