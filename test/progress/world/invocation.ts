import { type Breaker, CLOSED } from '../../../shared/progress/breaker.ts';
import type { Purse } from '../../../shared/progress/purse.ts';
import type { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Ask, Service } from './service.ts';
import type { State } from './state.ts';

/** A warm instance of a function: what it holds is gone when it is killed. */
export interface Instance {
  purse: Purse;
  breaker: Breaker;
}

export const newInstance = (): Instance => ({ purse: new Map(), breaker: CLOSED });

/** One invocation, and what it has at hand. */
export interface Invocation {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly service: Service;
  readonly state: State;
  readonly instance: Instance;
  readonly skewMs: number;
  readonly rulesVersion: () => number;
  readonly received: Map<string, string[]>;
  /** Requests whose answers did not reach the ledger yet. */
  readonly openAsks: Set<Ask>;
}

/** As far as the clock of an instance may be ahead or behind. */
export const SKEW_MS = 2000;

export const clockOf = ({ agenda, skewMs }: Invocation) => agenda.now + skewMs;
