import type { Caller } from '../cam/caller.ts';
import type { Identities } from '../cam/identities.ts';
import type { FunctionEvents } from '../scf/function-events.ts';
import type { Functions } from '../scf/functions.ts';
import type { Host } from '../scf/host/host.ts';
import type { InvocationLogs } from '../scf/logs.ts';
import type { Triggers } from '../scf/triggers/triggers.ts';
import type { FaultEffect } from '../server/faults.ts';
import type { Fields } from './fields.ts';

/** What the account APIs work with. */
export interface ApiService {
  readonly appid: string;
  readonly identities: Identities;
  readonly functions: Functions;
  readonly triggers: Triggers;
  readonly host: Host;
  readonly sent: FunctionEvents;
  readonly logs: InvocationLogs;
  /** Nothing where there is no such bucket. */
  regionOfBucket(bucket: string): string | undefined;
  now(): number;
}

/** One call, signed by somebody, and about to be carried out. */
export interface ApiCall {
  readonly service: ApiService;
  readonly fields: Fields;
  readonly caller: Caller;
  /** Empty for services that have no regions. */
  readonly region: string;
  readonly requestId: string;
  /** A fault that the action itself has to show. */
  readonly effect: FaultEffect | undefined;
  /** Refuses unless the caller may do this as well. */
  mustBeAllowed(action: string, resource: string): void;
}

export type ApiServiceName = 'scf' | 'cam' | 'sts';

/** One call of an account API. The table of these is what the engine can, and its documentation. */
export interface ApiAction {
  readonly name: string;
  /** The parameters it knows; it refuses others. */
  readonly fields: readonly string[];
  /** What a caller has to be allowed: `scf:GetFunction`; nothing where everybody may. */
  readonly permission?: string;
  /** What it is about; `*` for what the service only knows as a whole. */
  resourceOf?(call: ApiCall): string;
  run(call: ApiCall): object | Promise<object>;
}
