import type { Deployment } from './deployment.ts';

/** What the description of everything says that a deployment made: whose it is, and what is in it. */
export interface Mark {
  readonly suite: string;
  readonly stage: string;
  /** SHA-256 of the zip, in hex. Written after the code, so that an interrupted run is repeated. */
  readonly code?: string;
  /** MB that were reserved. */
  readonly reserved?: number;
  /** Where functions are that have this policy: what was left behind elsewhere is found again. */
  readonly regions?: readonly string[];
}

/** In letters, digits, spaces, dashes and full stops: a description takes no others. */
export function writeMark({ suite, stage, code, reserved, regions }: Mark): string {
  return [
    `Made by darkroom deploy. suite ${suite} stage ${stage}.`,
    ...(code === undefined ? [] : [`code ${code}.`]),
    ...(reserved === undefined ? [] : [`reserved ${reserved}.`]),
    ...(regions === undefined ? [] : [`regions ${regions.join(' ')}.`]),
  ].join(' ');
}

/** The mark in a description; nothing where it was not us who made the thing. */
export function readMark(description: string): Mark | undefined {
  const whose = /^Made by darkroom deploy\. suite (\w+) stage (\w+)\./.exec(description);
  const [, suite, stage] = whose ?? [];
  if (suite === undefined || stage === undefined) return undefined;
  const code = / code ([0-9a-f]{64})\./.exec(description)?.[1];
  const reserved = / reserved (\d+)\./.exec(description)?.[1];
  const regions = / regions ([a-z0-9 -]+)\./.exec(description)?.[1];
  return {
    ...{ suite, stage },
    ...(code === undefined ? {} : { code }),
    ...(reserved === undefined ? {} : { reserved: Number(reserved) }),
    ...(regions === undefined ? {} : { regions: regions.split(' ') }),
  };
}

export function isOurs(
  description: string,
  { suite, stage }: Pick<Deployment, 'suite' | 'stage'>,
): boolean {
  const mark = readMark(description);
  return mark?.suite === suite && mark.stage === stage;
}
