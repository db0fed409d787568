import { compileRules } from '../shared/plan/compiled-rules.ts';
import { PUBLISHED_RULES } from '../shared/plan/deployed.ts';
import type { AccountFlags } from './account.ts';
import type { DeployInput } from './deploy-input.ts';
import { stateTexts } from './state-bucket.ts';

/** Writes the rules where functions look for them, unless these are there. */
export async function publishRules(
  input: DeployInput,
  flags: AccountFlags,
  { onlyOver = false }: { readonly onlyOver?: boolean } = {},
): Promise<'published' | 'same' | 'none'> {
  const texts = stateTexts(input, flags);
  const key = input.settings.state.prefix + PUBLISHED_RULES;
  const before = await texts.get(key);
  if (before === undefined && onlyOver) return 'none';
  const text = compileRules(input.rules);
  if (before === text) return 'same';
  await texts.put(key, text);
  return 'published';
}
