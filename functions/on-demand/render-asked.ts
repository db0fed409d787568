import { Fault } from '../../shared/core/fault.ts';
import type { Output, Template } from '../../shared/plan/rule.ts';
import type { Link } from '../../shared/wire/link.ts';
import type { Asked } from './asked.ts';
import { callerOf, mustBeAllowed } from './caller-of.ts';
import { outputOf, templateOf } from './named.ts';
import { isByLink, secondsLeft } from './signed-link.ts';

export interface RenderAsked {
  readonly template: Template;
  readonly output: Output;
  /** Seconds that are left of the link; nothing where a caller asks with a key. */
  readonly left: number | undefined;
}

/** What somebody wants to see, if a link or a key opens it to them. */
export function renderAsked(reference: string, of: Link['of'], asked: Asked): RenderAsked {
  const number = numberIn(asked.event.query['output'] ?? '1');
  const byLink = isByLink(asked);
  const caller = byLink ? undefined : callerOf(asked);
  const left = byLink ? secondsLeft({ template: reference, of, output: number }, asked) : undefined;
  const template = templateOf(reference, asked.suite);
  if (caller) mustBeAllowed(caller, [template]);
  return { template, output: outputOf(template, number), left };
}

function numberIn(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new Fault('REQUEST_INVALID', 'output has to be a number from 1');
}
