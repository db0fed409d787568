import { Fault } from './fault.ts';
import { redacted } from './redact.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** Whatever varies. Objects become fields of their own: `fault.code`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One line for each thing that happened; the phrase is fixed, so that it can be counted. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with fields that stand in each of its lines. */
  with(fields: LogFields): Log;
}

const MOST_FIELDS = 60;
const DEEPEST = 3;
const MOST_OF_A_LIST = 20;

/** Names of fields whose text is never written, whatever it is. */
const SECRET_NAME =
  /authorization|cookie|secret|password|token|signature|credential|api-?key|q-ak/i;

/** A log that hands its lines to `write`. */
export function logTo(write: (line: string) => void, fixed: LogFields = {}): Log {
  const at = (level: LogLevel) => (event: string, fields?: LogFields) =>
    write(logLine(level, event, { ...fixed, ...fields }));
  return {
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => logTo(write, { ...fixed, ...fields }),
  };
}

/**
 * One flat JSON object on one line, whatever the fields are: bounded in number, depth and length,
 * without secrets and signed addresses. The line is put together by hand, because a field may be
 * called `__proto__`.
 */
export function logLine(level: LogLevel, event: string, fields: LogFields = {}): string {
  const line = new Map<string, string>([
    ['event', JSON.stringify(redacted(event))],
    ['level', JSON.stringify(level)],
  ]);
  for (const [name, value] of flat(fields, '', 0)) {
    if (line.size >= MOST_FIELDS) break;
    if (!line.has(name)) line.set(name, value);
  }
  return `{${[...line].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

function* flat(value: object, prefix: string, depth: number): Generator<[string, string]> {
  for (const [name, part] of Object.entries(value)) {
    const path = prefix + name;
    const nested = nestedIn(part);
    if (nested === undefined) {
      const text = written(path, part);
      if (text !== undefined) yield [redacted(path), text];
    } else if (depth < DEEPEST) {
      yield* flat(nested, `${path}.`, depth + 1);
    }
  }
}

/** What of a value is written field by field; of an error, what people and alarms look for. */
function nestedIn(value: unknown): object | undefined {
  if (value instanceof Fault) {
    return { code: value.code, message: value.message, hint: value.hint, detail: value.detail };
  }
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) || value instanceof Date ? undefined : value;
}

function written(path: string, value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return JSON.stringify(value);
  }
  const text = textOf(value);
  if (text === undefined) return undefined;
  return JSON.stringify(SECRET_NAME.test(path) ? '[redacted]' : redacted(text));
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'never' : value.toISOString();
  if (Array.isArray(value)) return listOf(value);
  return undefined;
}

function listOf(values: readonly unknown[]): string {
  const some = values.slice(0, MOST_OF_A_LIST).map((value) => {
    return typeof value === 'object' && value !== null ? '…' : String(value);
  });
  return (values.length > MOST_OF_A_LIST ? [...some, '…'] : some).join(', ');
}
