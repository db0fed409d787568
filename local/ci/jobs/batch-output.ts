import { invalid } from '../ci-error.ts';

const VARIABLE = /\$\{([^{}]*)\}/g;

/** What an output's key may hold: the batch, and the name of each object without its folder. */
const VARIABLES = ['InventoryTriggerJobId', 'InputName', 'ext'] as const;

/** Refuses a key with anything else in it, which would be written as it stands for every object. */
export function checkBatchOutput(template: string): void {
  for (const [whole, name = ''] of template.matchAll(VARIABLE)) {
    if (VARIABLES.some((known) => known === name)) continue;
    const known = VARIABLES.map((each) => `\${${each}}`).join(', ');
    throw invalid(`Object of Output cannot hold ${whole.slice(0, 80)}; there are ${known}.`);
  }
}

/**
 * The key one object's result goes to. Objects of the same name in two folders share one, and the
 * later replaces the earlier, as with the service.
 */
export function batchOutputKey(template: string, batchId: string, inputKey: string): string {
  const file = inputKey.slice(inputKey.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  const values: Readonly<Record<(typeof VARIABLES)[number], string>> = {
    InventoryTriggerJobId: batchId,
    InputName: dot > 0 ? file.slice(0, dot) : file,
    ext: dot > 0 ? file.slice(dot + 1) : '',
  };
  return template.replace(VARIABLE, (whole, name: string) => {
    const known = VARIABLES.find((each) => each === name);
    return known === undefined ? whole : values[known];
  });
}
