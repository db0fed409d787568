import { tc3Cloud } from '../../infra/tc3-cloud.ts';
import type { EngineFunctions } from '../../local/scf/open-functions.ts';
import type { DevEngine } from './dev-account.ts';
import type { DevDeployment } from './dev-deployment.ts';
import { receiptsIn } from './dev-receipts.ts';
import type { Wanted } from './dev-work.ts';

/** Calls the function of uploads for what is not made yet, as the platform would after an upload. */
export async function askFor(
  wanted: readonly Wanted[],
  { model }: DevDeployment,
  engine: DevEngine,
): Promise<void> {
  const spec = model.functions.find(({ function: name }) => name === 'on-upload');
  const missing = wanted.filter(({ isThere }) => !isThere);
  if (!spec || missing.length === 0) return;
  const cloud = tc3Cloud({ keys: engine.credentials, endpoint: engine.url });
  const sources = new Map(missing.map(({ source }) => [`${source.bucket}/${source.key}`, source]));
  for (const { bucket, region, key } of sources.values()) {
    const event = { ObjectInfo: { BucketId: bucket, Region: region, Object: key } };
    await cloud.call({
      ...{ service: 'scf', action: 'Invoke', region: spec.region },
      parameters: {
        ...{ FunctionName: spec.name, Namespace: model.namespace, InvocationType: 'Event' },
        ClientContext: JSON.stringify(event),
      },
    });
  }
}

const EVERY_MS = 100;

/** Says what becomes of steps from now on. Gives what ends it, after one last look. */
export function followReceipts(
  { scf }: { readonly scf: Pick<EngineFunctions, 'logs'> },
  say: (line: string) => void,
): () => void {
  let last = scf.logs.list({ limit: 1 })[0]?.id;
  const look = () => {
    const runs = scf.logs.list({ ...(last === undefined ? {} : { after: last }), limit: 1000 });
    last = runs[0]?.id ?? last;
    for (const run of runs.toReversed()) {
      const receipts = receiptsIn(run.log);
      for (const line of receipts) say(line);
      // What a function threw after it said why is no news.
      if (run.status !== 'success' && receipts.length === 0) {
        say(`failed    ${run.function.replace(/^.*\./, '')}: ${run.message}`);
      }
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}
