import { check } from './check.ts';
import type { Command } from './command.ts';
import { engine } from './engine.ts';
import { link } from './link.ts';
import { plan } from './plan.ts';

/** Every command, in the order of the help and of the reference page. */
export const COMMANDS: readonly Command[] = [check, plan, link, engine];
