import { nextDay, readCron } from '../../core/cron.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';

/** Cron lines that the platform reads, and reads as they were meant. */
export function* checkCronLines({ rules, names, now }: CheckedFile): Iterable<Finding> {
  for (const { name, cron: line } of rules.schedules) {
    const path = [...names.pathOf('schedule', name), 'cron'];
    const read = readCron(line);
    if (!read.ok) {
      const { message, hint } = read;
      yield { code: 'cron', path, message, ...(hint === undefined ? {} : { hint }) };
      continue;
    }
    if (read.cron.numbersWeekdays) {
      const message = 'Pages about the platform count weekdays from different days';
      yield { code: 'weekday', path, message, hint: 'Write them as names, such as MON or MON-FRI' };
    }
    if (nextDay(read.cron, now) === undefined) {
      yield { code: 'never-fires', path, message: 'No day is left on which this could fire' };
    }
  }
}
