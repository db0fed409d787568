/** A line of the platform's timer, each field as the values it fires at. */
export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  readonly years: readonly number[];
  /** Whether the field says something; where both do, a day that fits either of them fires. */
  readonly names: { readonly days: boolean; readonly weekdays: boolean };
  /** A weekday is given as a number, which pages about the platform count from different days. */
  readonly numbersWeekdays: boolean;
}

export type CronRead =
  | { readonly ok: true; readonly cron: Cron }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for the values, the first for `min`. */
  readonly words?: readonly string[];
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 6, words: WEEKDAYS },
  { name: 'year', min: 1970, max: 2099 },
];

/** The seven fields in the subset that every edition of the platform knows: numbers, `, - * /`. */
export function readCron(line: string): CronRead {
  const texts = line.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    const order = FIELDS.map(({ name }) => name).join(', ');
    return {
      ok: false,
      message: `A cron line has 7 fields, this one has ${texts.length}`,
      hint: texts.length === 5 ? `Try "0 ${texts.join(' ')} *": ${order}` : order,
    };
  }
  const values: number[][] = [];
  for (const [index, field] of FIELDS.entries()) {
    const read = readField(texts[index] ?? '', field);
    if (!Array.isArray(read)) return { ok: false, ...read };
    values.push(read);
  }
  const [
    seconds = [],
    minutes = [],
    hours = [],
    days = [],
    months = [],
    weekdays = [],
    years = [],
  ] = values;
  const names = { days: texts[3] !== '*', weekdays: texts[5] !== '*' };
  const numbersWeekdays = /(?:^|[,-])\d/.test(texts[5] ?? '');
  const cron = { seconds, minutes, hours, days, months, weekdays, years, names, numbersWeekdays };
  return { ok: true, cron };
}

type Misread = { readonly message: string; readonly hint?: string };

function readField(text: string, field: Field): number[] | Misread {
  if (/[?#]|^(?:L|LW|\d+[LW])$/i.test(text)) {
    return {
      message: `Not every edition of the platform knows the ${field.name} ${quoted(text)}`,
      hint: 'All of them know numbers, names and , - * /',
    };
  }
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const read = readPart(part, field);
    if (!Array.isArray(read)) return read;
    for (const value of read) values.add(value);
  }
  return [...values].sort((one, other) => one - other);
}

/** `*`, `5`, `MON-FRI`, and each with `/2` behind it. */
function readPart(part: string, field: Field): number[] | Misread {
  const [range = '', step, more] = part.split('/');
  const [from = '', to, other] = range.split('-');
  const every = step === undefined ? 1 : numberIn(step, { ...field, min: 1 });
  const whole = range === '*';
  const first = whole ? field.min : inField(from, field);
  const last =
    whole || (to === undefined && step !== undefined) ? field.max : inField(to ?? from, field);
  if (
    every === undefined ||
    first === undefined ||
    last === undefined ||
    more !== undefined ||
    other !== undefined
  ) {
    return {
      message: `${quoted(part)} is no ${field.name}`,
      hint: `${field.min} to ${field.max}${field.words ? `, ${field.words.join(' ')}` : ''}`,
    };
  }
  if (first > last) {
    return {
      message: `The ${field.name} ${quoted(part)} ends before it begins`,
      hint: `Two ranges with a comma between them: ${from}-${field.words?.at(-1) ?? field.max},${field.words?.[0] ?? field.min}-${to}`,
    };
  }
  const values: number[] = [];
  for (let value = first; value <= last; value += every) values.push(value);
  return values;
}

function inField(text: string, field: Field): number | undefined {
  const word = field.words?.indexOf(text.toUpperCase()) ?? -1;
  return word === -1 ? numberIn(text, field) : field.min + word;
}

function numberIn(text: string, { min, max }: Field): number | undefined {
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= min && number <= max ? number : undefined;
}

const DAY_MS = 86_400_000;

/** The first day from `now` on at which the line fires, as the start of that day; or never. */
export function nextDay(cron: Cron, now: number): number | undefined {
  const last = Date.UTC((cron.years.at(-1) ?? 1970) + 1, 0, 1);
  const from = Math.max(now, Date.UTC(cron.years[0] ?? 2100, 0, 1));
  for (let day = from - (from % DAY_MS); day < last; day += DAY_MS) {
    if (firesOn(cron, new Date(day))) return day;
  }
  return undefined;
}

/** How far ahead of UTC the clock is by which the platform is said to read its lines: Beijing's. */
export const BEIJING_MS = 8 * 3_600_000;

/** The first moment after `after` at which the line fires, on a clock so far ahead of UTC; or never. */
export function nextFiring(cron: Cron, after: number, aheadMs = BEIJING_MS): number | undefined {
  const from = (Math.floor((after + aheadMs) / 1000) + 1) * 1000;
  for (let day = nextDay(cron, from); day !== undefined; day = nextDay(cron, day + DAY_MS)) {
    const time = firstTime(cron, Math.max(0, from - day));
    if (time !== undefined) return day + time - aheadMs;
  }
  return undefined;
}

/** The first time of a day from `from` on, both counted from its start. */
function firstTime({ hours, minutes, seconds }: Cron, from: number): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const start = (hour * 60 + minute) * 60_000;
      if (start + 59_999 < from) continue;
      const second = seconds.find((each) => start + each * 1000 >= from);
      if (second !== undefined) return start + second * 1000;
    }
  }
  return undefined;
}

function firesOn({ days, months, weekdays, years, names }: Cron, date: Date): boolean {
  if (!years.includes(date.getUTCFullYear()) || !months.includes(date.getUTCMonth() + 1)) {
    return false;
  }
  const byDay = days.includes(date.getUTCDate());
  const byWeekday = weekdays.includes(date.getUTCDay());
  return names.days && names.weekdays ? byDay || byWeekday : byDay && byWeekday;
}

/** A piece of the line as a message shows it: on one line and not too long. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 76)}...` : text);
}
