/** How long clients are waited for, in milliseconds. What takes longer is answered if it can be, and cut. */
export interface Patience {
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** While nothing comes and nothing goes, unless it is we who owe an answer. */
  readonly idleMs: number;
  /** For an answer of ours to begin: a fault on demand or a large copy may take its time. */
  readonly answerMs: number;
  /** Between two requests of one connection. */
  readonly keepAliveMs: number;
  /** In which a body has to bring a little: whoever sends a byte now and then only holds a place. */
  readonly slowBodyMs: number;
  /** While a body comes whose request was answered already: clients that read late still see why. */
  readonly lingerMs: number;
  /** While the last answers go out of an engine that stops. */
  readonly closeMs: number;
}

export const PATIENCE: Patience = {
  headersMs: 20_000,
  idleMs: 60_000,
  answerMs: 900_000,
  keepAliveMs: 65_000,
  slowBodyMs: 60_000,
  lingerMs: 20_000,
  closeMs: 2_000,
};
