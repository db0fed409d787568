import { printable } from '../../shared/plan/printable.ts';

/** One line of what a function wrote. */
type LogRecord = Readonly<Record<string, unknown>>;

/** What became of steps, for whoever watches: a line for each that came to an end, or to nothing. */
export function receiptsIn(log: string): readonly string[] {
  return log.split('\n').flatMap((line) => receiptOf(recordIn(line)) ?? []);
}

function receiptOf(record: LogRecord): string | undefined {
  const field = (name: string) => printable(String(record[name] ?? ''));
  const step = `${field('key')} -> ${field('target')}`;
  switch (record['event']) {
    case 'done': {
      const bytes = Number(record['output.size']);
      const size = Number.isFinite(bytes) ? ` (${Math.ceil(bytes / 1024)} KB)` : '';
      return `done      ${step}${size}`;
    }
    case 'accepted':
      return `job       ${step}, as ${field('jobId')}`;
    case 'failed':
      return `failed    ${step}: ${field('fault.message')} (${field('fault.code')})`;
    case 'job': {
      const trouble = record['trouble.message'];
      return `job       ${field('jobId')} ${field('state')}${trouble ? `: ${field('trouble.message')}` : ''}`;
    }
    case 'given up':
      return `given up  ${field('step')}: ${field('because')}`;
    case 'not processed':
      return `failed    ${field('key')}: ${field('fault.message')} (${field('fault.code')})`;
    case 'rules refused':
    case 'not swept':
      return `failed    ${field('event')}: ${field('fault.message')} (${field('fault.code')})`;
    default:
      return undefined;
  }
}

/** A line that is no record was written by something else, and is shown by `darkroom logs`. */
function recordIn(line: string): LogRecord {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
