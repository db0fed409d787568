import type { Context } from 'hono';
import type * as z from 'zod';
import type { Asked } from './asked.ts';

type Exchange = Context<{ Bindings: Asked }>;

interface Given {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: z.ZodType;
  /** What is in the path always is. */
  readonly needed?: true;
}

interface Answer {
  readonly says: string;
  /** JSON of this shape, unless a type says otherwise. */
  readonly shape?: z.ZodType;
  readonly type?: 'text/html' | 'application/json';
  readonly headers?: readonly string[];
}

/** One thing that can be asked: what the pages say about it, and what answers it. */
export interface Route {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** `{key}` at the end is all that follows, slashes and all. */
  readonly path: string;
  readonly summary: string;
  readonly says: string;
  /** What opens it: an API key, a key or a signed link, or nothing. */
  readonly opens: 'key' | 'key or link' | 'nothing';
  readonly given: readonly Given[];
  readonly body?: z.ZodType;
  /** What an example sends. */
  readonly example?: { readonly query?: string; readonly body?: Readonly<Record<string, unknown>> };
  readonly answers: Readonly<Record<number, Answer>>;
  run(exchange: Exchange): Promise<Response> | Response;
}
