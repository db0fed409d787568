import type { Engine } from '../../../local/engine/engine.ts';
import { type ScfClient, scfClient } from './account-clients.ts';
import { TRUST, zipOf } from './zip-of.ts';

type New = Parameters<ScfClient['CreateFunction']>[0];

/** Deploys a function and waits until it is active. */
export async function deployed(
  engine: Engine,
  FunctionName: string,
  code: Parameters<typeof zipOf>[0],
  more: Partial<New> = {},
): Promise<void> {
  await scfClient(engine).CreateFunction({
    ...{ FunctionName, Runtime: 'Nodejs20.19', Handler: 'index.main_handler' },
    Code: { ZipFile: zipOf(code) },
    ...more,
  });
  await engine.scf.functions.settled();
}

/** What a function answers to an event, and what of it the service says. */
export async function invoked(engine: Engine, FunctionName: string, event: unknown = {}) {
  const { Result } = await scfClient(engine).Invoke({
    ...{ FunctionName, ClientContext: JSON.stringify(event), LogType: 'Tail' },
  });
  const { RetMsg = '', ErrMsg = '', InvokeResult, Log = '' } = Result ?? {};
  return {
    ...{ status: InvokeResult, log: Log, said: RetMsg === '' ? undefined : JSON.parse(RetMsg) },
    error: ErrMsg === '' ? undefined : JSON.parse(ErrMsg),
  };
}

/** A role for functions that may do all of this, and nothing else. */
export async function roleFor(engine: Engine, name: string, statements: readonly object[]) {
  const document = JSON.stringify({ version: '2.0', statement: statements });
  if (statements.length > 0) await engine.identities.putPolicy(name, document);
  const policies = statements.length > 0 ? [name] : [];
  await engine.identities.putRole({ name, trust: TRUST, description: '', policies });
}
