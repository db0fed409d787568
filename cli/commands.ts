import { check } from './check.ts';
import type { Command } from './command.ts';
import { deployApply } from './deploy-apply.ts';
import { deployCheck } from './deploy-check.ts';
import { deployDestroy } from './deploy-destroy.ts';
import { deployPlan } from './deploy-plan.ts';
import { deployRender } from './deploy-render.ts';
import { deployRotate } from './deploy-rotate.ts';
import { deployRules } from './deploy-rules.ts';
import { dev } from './dev.ts';
import { engine } from './engine.ts';
import { link } from './link.ts';
import { logs } from './logs.ts';
import { plan } from './plan.ts';
import { upload } from './upload.ts';

/** Every command, in the order of the help and of the reference page. */
export const COMMANDS: readonly Command[] = [
  dev,
  check,
  plan,
  ...[deployCheck, deployPlan, deployApply, deployRules, deployRotate, deployDestroy, deployRender],
  link,
  upload,
  engine,
  logs,
];

/** What the commands with two words are about, by the first of them. */
export const GROUPS: Readonly<Record<string, string>> = {
  deploy: 'Puts the functions into an account, and keeps them as the rules ask for',
};
