import { Fault, toFault } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import type { Source } from '../core/object-ref.ts';
import { readCompiledRules } from '../plan/compiled-rules.ts';
import { type Deployed, missingFor, PUBLISHED_RULES } from '../plan/deployed.ts';
import type { Places } from '../plan/places.ts';
import type { Rules } from '../plan/rules.ts';
import { tell } from '../run/outbox.ts';
import type { Suite } from '../run/ports.ts';
import { recordName } from '../run/record-names.ts';
import { LONGEST_TEXT } from '../store/record-name.ts';

/** The last ones that were found good, for instances that begin while bad ones are published. */
const ACCEPTED = recordName('rules', 'accepted');

/** Published rules are looked at so often at most. */
const LOOKS_EVERY_MS = 30_000;

export type RulesOn = Pick<Suite, 'records' | 'objects' | 'digest' | 'now'> & { readonly log: Log };

/**
 * The rules that count: those published last, unless they are broken or need what is not deployed.
 * Such are refused, with a line in the log and a notice that name what is missing, and the last good
 * ones stay: those published before, or those that came with the code.
 */
export class RulesInForce {
  readonly #deployed: Deployed;
  readonly #places: Places;
  #rules: Rules | undefined;
  #etag: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(deployed: Deployed, places: Places) {
    this.#deployed = deployed;
    this.#places = places;
  }

  async current(on: RulesOn): Promise<Rules> {
    if (this.#rules && on.now() - this.#lookedAt < LOOKS_EVERY_MS) return this.#rules;
    this.#rules = await this.#look(on);
    this.#lookedAt = on.now();
    return this.#rules;
  }

  async #look(on: RulesOn): Promise<Rules> {
    const { bucket, region, prefix } = this.#places.state;
    const published = await on.objects.head({ bucket, region, key: prefix + PUBLISHED_RULES });
    if (!published) return this.#rules ?? this.#deployed.rules;
    if (this.#rules && published.etag === this.#etag) return this.#rules;
    const rules = await this.#judged(published, on);
    // Only now: cut off before, the next invocation judges them again.
    this.#etag = published.etag;
    return rules;
  }

  /** Those that are published when they are good, and else the last ones that were. */
  async #judged({ etag, size }: Source, on: RulesOn): Promise<Rules> {
    // Whoever wrote there may have written anything, and as much of it.
    const isRead = size <= LONGEST_TEXT;
    const text = isRead ? ((await on.records.read(PUBLISHED_RULES)) ?? '') : '';
    const verdict = isRead ? this.#judge(text) : { because: [`${size} bytes are too many`] };
    if ('rules' in verdict) {
      await this.#accept(text, on);
      on.log.info('rules taken', { etag });
      return verdict.rules;
    }
    const last = this.#rules ?? (await this.#lastAccepted(on));
    await refuse(verdict.because, etag, { ...on, rules: last });
    return last;
  }

  #judge(text: string): { readonly rules: Rules } | { readonly because: readonly string[] } {
    try {
      const rules = readCompiledRules(text);
      const missing = missingFor(rules, this.#places, this.#deployed);
      return missing.length === 0 ? { rules } : { because: missing };
    } catch (thrown) {
      return { because: [toFault(thrown, 'RULES_INVALID').message] };
    }
  }

  async #accept(text: string, { records }: RulesOn): Promise<void> {
    if ((await records.read(ACCEPTED)) !== text) await records.write(ACCEPTED, text);
  }

  async #lastAccepted({ records }: RulesOn): Promise<Rules> {
    const verdict = this.#judge((await records.read(ACCEPTED)) ?? '');
    return 'rules' in verdict ? verdict.rules : this.#deployed.rules;
  }
}

async function refuse(
  because: readonly string[],
  etag: string,
  on: RulesOn & Pick<Suite, 'rules'>,
): Promise<void> {
  const fault = new Fault('RULES_REFUSED', 'The published rules are not in force', {
    detail: { missing: because },
    hint: 'Deploy what is missing, darkroom deploy, or publish other rules, darkroom deploy rules.',
  });
  on.log.error('rules refused', { etag, fault });
  await tell({ id: `rules.${etag}.refused`, type: 'rules.refused', because: [...because] }, on);
}
