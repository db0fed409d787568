import type { FileCheck } from './checked-file.ts';
import { checkBuckets } from './checks/buckets.ts';
import { checkCollisions } from './checks/collisions.ts';
import { checkCronLines } from './checks/cron-lines.ts';
import { checkEndings } from './checks/endings.ts';
import { checkFallBacks } from './checks/fall-backs.ts';
import { checkHosts } from './checks/hosts.ts';
import { checkJobs } from './checks/jobs.ts';
import { checkLoops } from './checks/loops.ts';
import { checkMethods } from './checks/methods.ts';
import { checkMoney } from './checks/money.ts';
import { checkOverwrites } from './checks/overwrites.ts';
import { checkPatterns } from './checks/patterns.ts';
import { checkReferences } from './checks/references.ts';
import { checkRegions } from './checks/regions.ts';
import { checkRequests } from './checks/requests.ts';
import { checkState } from './checks/state.ts';
import { checkTargets } from './checks/targets.ts';
import { checkTriggers } from './checks/triggers.ts';
import { checkUnreachable } from './checks/unreachable.ts';

/** What is looked for in each value by itself, also beside others that are wrong. */
export const VALUE_CHECKS: readonly FileCheck[] = [
  checkReferences,
  checkPatterns,
  checkBuckets,
  checkCronLines,
  checkHosts,
];

/** What is looked for in values that go together, where all of them are right by themselves. */
export const FILE_CHECKS: readonly FileCheck[] = [
  checkTargets,
  checkMethods,
  checkJobs,
  checkFallBacks,
  checkEndings,
  checkRequests,
  checkLoops,
  checkCollisions,
  checkOverwrites,
  checkState,
  checkUnreachable,
  checkTriggers,
  checkRegions,
  checkMoney,
];
