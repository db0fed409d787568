import { Fault } from '../shared/core/fault.ts';
import { compileRules } from '../shared/plan/compiled-rules.ts';
import { PUBLISHED_RULES } from '../shared/plan/deployed.ts';
import { LONGEST_TEXT } from '../shared/store/record-name.ts';
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
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_TEXT) {
    throw new Fault('INPUT_TOO_LARGE', `Compiled, the rules have ${bytes} bytes`, {
      hint: `Functions read ${LONGEST_TEXT}. Without ${key}, darkroom deploy apply puts them beside the code.`,
    });
  }
  await texts.put(key, text);
  return 'published';
}
