/** What the description of everything says that a deployment made: whose it is, and what is in it. */
interface Mark {
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
