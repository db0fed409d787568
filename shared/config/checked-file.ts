import type { Operation } from '../operations/operation.ts';
import type { Places } from '../plan/places.ts';
import type { Rules } from '../plan/rules.ts';
import type { Names } from './names.ts';
import type { Finding } from './problem.ts';
import type { RulesFile } from './rules-schema.ts';

/** A rules file of the right shape, for what no schema can see. */
export interface CheckedFile {
  /** Without the parts in which something else was wrong already. */
  readonly file: RulesFile;
  readonly rules: Rules;
  /** Of the whole file. */
  readonly names: Names;
  readonly operations: readonly Operation[];
  /** Where it will be in force, as far as that is known. */
  readonly places: Places | undefined;
  readonly now: number;
}

/** Looks for one thing in all of a file. Lazily: nobody reads more than some hundred findings. */
export type FileCheck = (checked: CheckedFile) => Iterable<Finding>;
