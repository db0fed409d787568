/** What the engine tells the process of a function. */
export interface ToFunction {
  readonly invoke: {
    /** Written to both outputs when the invocation is over; nobody else knows it. */
    readonly mark: string;
    /** JSON. */
    readonly event: string;
    readonly context: Readonly<Record<string, string | number>>;
    /** The variables that differ between invocations; null takes one away. */
    readonly env: Readonly<Record<string, string | null>>;
    /** By how much the engine's clock is ahead of this machine's. */
    readonly aheadMs: number;
    readonly limitMs: number;
  };
}

export interface Thrown {
  readonly message: string;
  readonly stack: string;
}

/** What it tells the engine. It is in the hands of the function's code, so it may be anything. */
export type FromFunction =
  | { readonly is: 'ready' }
  | { readonly is: 'not-ready'; readonly because: 'no-handler' | 'code'; readonly thrown: Thrown }
  /** What the handler returned, as JSON. */
  | { readonly is: 'answer'; readonly value: string }
  | { readonly is: 'too-large'; readonly bytes: number }
  | { readonly is: 'thrown'; readonly thrown: Thrown }
  /** Nothing of the invocation is left to run. */
  | { readonly is: 'over'; readonly memory: number }
  /** Something was thrown that nobody caught; the process ends. */
  | { readonly is: 'uncaught'; readonly thrown: Thrown };

export const MOST_SYNC_BYTES = 6 * 1024 * 1024;
