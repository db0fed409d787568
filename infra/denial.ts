import { Fault } from '../shared/core/fault.ts';
import type { ApiAnswer, ApiCall } from './cloud.ts';

/**
 * Why the account does not let us, in words that help: the action and resource it named, or else the
 * call we made, and the statement that would allow it.
 */
export function denialFault(
  { code, message }: Extract<ApiAnswer, { ok: false }>,
  call: ApiCall,
): Fault {
  const { action, resource } = deniedIn(message, call);
  const statement = { effect: 'allow', action: [action], resource: [resource] };
  return new Fault('ACCOUNT_DENIED', `The keys may not do ${action} on ${resource}`, {
    detail: { code, call: call.action, action, resource },
    hint: `A policy of whoever deploys needs: ${JSON.stringify(statement)}
  All that a deployment needs: darkroom deploy render --what deployer-policy`,
  });
}

/** Messages name both in brackets or after a word; what is not named is the call itself. */
function deniedIn(message: string, call: ApiCall): { action: string; resource: string } {
  const action = /\b(?:name\/)?((?:scf|cam|sts|cos|cls):[A-Za-z*]+)/.exec(message)?.[1];
  const resource = /\bqcs:[^\s"'()[\],]*/.exec(message)?.[0];
  return { action: action ?? `${call.service}:${call.action}`, resource: resource ?? '*' };
}
