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

/** What is looked for in a file whose shape is right. A new check is a file and a line here. */
export const FILE_CHECKS: readonly FileCheck[] = [
  checkReferences,
  checkTargets,
  checkMethods,
  checkJobs,
  checkFallBacks,
  checkPatterns,
  checkEndings,
  checkRequests,
  checkLoops,
  checkCollisions,
  checkOverwrites,
  checkState,
  checkUnreachable,
  checkTriggers,
  checkBuckets,
  checkRegions,
  checkMoney,
  checkCronLines,
  checkHosts,
];
