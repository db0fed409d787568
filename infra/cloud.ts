import type { JsonObject } from '../shared/wire/json.ts';

/** One call of an account API. */
export interface ApiCall {
  readonly service: 'scf' | 'cam';
  readonly action: string;
  /** Not sent to services that know no regions. */
  readonly region?: string;
  readonly parameters: JsonObject;
}

/** What the account answered: the fields of its response, or the code it refuses with. */
export type ApiAnswer =
  | { readonly ok: true; readonly response: JsonObject }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The account, as the deployer sees it. */
export interface Cloud {
  /** What cannot be answered is a fault; what the service refuses for a reason of its own is not. */
  call(call: ApiCall): Promise<ApiAnswer>;
}
