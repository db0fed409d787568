/** What a command may do to the world around it; tests hand in their own. */
export interface Io {
  /** One line to standard output: the answer. */
  out(line: string): void;
  /** One line to standard error: everything else. */
  err(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody at the keyboard says yes; not there where nobody is. */
  readonly agrees?: (question: string) => Promise<boolean>;
}

export type Flag = { readonly says: string } & (
  | { readonly type: 'switch'; readonly or?: boolean }
  | { readonly type: 'text'; readonly or?: string; readonly value: string }
  | { readonly type: 'number'; readonly or?: number; readonly value: string }
  | { readonly type: 'list'; readonly value: string }
);

type FlagValue<F> = F extends { type: 'switch' }
  ? boolean
  : F extends { type: 'list' }
    ? readonly string[]
    : F extends { type: 'number' }
      ? F extends { or: number }
        ? number
        : number | undefined
      : F extends { or: string }
        ? string
        : string | undefined;

export type FlagValues<Flags> = { readonly [Name in keyof Flags]: FlagValue<Flags[Name]> };

/** A command is data: help and the reference page come from the same object. */
export interface Command<Flags extends Record<string, Flag> = Record<string, Flag>> {
  /** One word, or two where several commands are about one thing: `deploy plan`. */
  readonly name: string;
  readonly summary: string;
  /** What may follow the flags: `[keys...]`. */
  readonly takes?: { readonly name: string; readonly says: string };
  readonly flags: Flags;
  /** The exit code. */
  run(flags: FlagValues<Flags>, args: readonly string[], io: Io): Promise<number>;
}

/** Names of flags are written in camelCase here and with dashes on the command line. */
export function defineCommand<const Flags extends Record<string, Flag>>(
  command: Command<Flags>,
): Command<Flags> {
  return command;
}
