import type { Source } from '../core/object-ref.ts';
import type { Step, StepId } from '../plan/plan.ts';
import { workOf } from '../plan/step-id.ts';

/** The user metadata of an upload by ticket, without `x-cos-meta-`. */
export const TICKET_METADATA = 'darkroom-ticket';

/**
 * What an upload was to do about some steps by itself: the mark that the object carries. It is
 * bound to the object's place, so a copy of the object elsewhere claims nothing.
 */
export interface Ticket {
  readonly bucket: string;
  readonly key: string;
  readonly untilSeconds: number;
  /** Each step (`ticketWork`). */
  readonly works: readonly string[];
}

interface TicketTerms {
  readonly seals: { isSealOf(text: string, seal: string): boolean };
  /** In hex. */
  readonly digest: (text: string) => string;
}

/** The service takes five rules in one request. */
const MOST_WORKS = 5;

const FORM = /^1\.(\d{1,12})((?:\.[0-9a-f]{32}){1,5})\.([A-Za-z0-9_-]{43})$/;

/** The mark: short enough for a header, and of characters it may have. */
export function writeTicket(ticket: Ticket, seal: (text: string) => string): string {
  const { untilSeconds, works } = ticket;
  if (works.length === 0 || works.length > MOST_WORKS) {
    throw new RangeError(`A ticket is about 1 to ${MOST_WORKS} steps, not ${works.length}`);
  }
  return ['1', untilSeconds, ...works, seal(ticketText(ticket))].join('.');
}

/**
 * The ticket by which an object was uploaded; nothing when it carries no mark, or one that is not
 * for it, not ours, or was over when the object appeared.
 */
function readTicket(
  { bucket, key, modified, metadata }: Pick<Source, 'bucket' | 'key' | 'modified' | 'metadata'>,
  isSealOf: (text: string, seal: string) => boolean,
): Ticket | undefined {
  const mark = Object.hasOwn(metadata, TICKET_METADATA) ? metadata[TICKET_METADATA] : undefined;
  const [, until, works, seal] = FORM.exec(mark ?? '') ?? [];
  if (until === undefined || works === undefined || seal === undefined) return undefined;
  const untilSeconds = Number(until);
  const ticket = { bucket, key, untilSeconds, works: works.slice(1).split('.') };
  if (!isSealOf(ticketText(ticket), seal)) return undefined;
  return Math.floor(modified / 1000) <= untilSeconds ? ticket : undefined;
}

/**
 * The steps, by id, whose outputs may be there already because a ticket of ours had them made by the
 * upload itself: they are looked for before anything is asked.
 */
export function ticketedSteps(
  source: Pick<Source, 'bucket' | 'key' | 'modified' | 'metadata'>,
  steps: readonly Step[],
  { seals, digest }: TicketTerms,
): ReadonlySet<StepId> {
  const ticket = readTicket(source, seals.isSealOf);
  if (!ticket) return new Set();
  const ticketed = steps.filter((step) => ticket.works.includes(ticketWork(step, digest)));
  return new Set(ticketed.map(({ id }) => id));
}

/** A step as a ticket names it, before the bytes are there: 128 bits of the digest of its work. */
export function ticketWork(
  step: Pick<Step, 'template' | 'call' | 'target'>,
  digest: TicketTerms['digest'],
): string {
  return digest(workOf(step)).slice(0, 32);
}

function ticketText({ bucket, key, untilSeconds, works }: Ticket): string {
  return JSON.stringify(['ticket', bucket, key, untilSeconds, ...works]);
}
