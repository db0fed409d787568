export type Severity = 'error' | 'warning';

interface Check {
  readonly severity: Severity;
  readonly means: string;
}

/** Everything that can be said about a rules file. Errors keep it out of force; warnings do not. */
export const CHECKS = {
  'too-large': {
    severity: 'error',
    means: 'The file is larger than 1 MB, or made of more pieces than any rules need.',
  },
  'too-deep': { severity: 'error', means: 'Maps and lists are nested deeper than any rules need.' },
  'not-yaml': { severity: 'error', means: 'The text cannot be read as YAML.' },
  'yaml-feature': {
    severity: 'error',
    means:
      'It uses what YAML can do beyond plain data: anchors and aliases, tags, merge keys, directives, several documents.',
  },
  'forbidden-text': {
    severity: 'error',
    means: 'A text holds control characters or half a character, or a name means something else.',
  },
  'duplicate-key': { severity: 'error', means: 'A map says the same setting twice.' },
  'unknown-key': { severity: 'error', means: 'No setting has this name here.' },
  missing: { severity: 'error', means: 'A setting that has to be there is not.' },
  'wrong-value': { severity: 'error', means: 'A setting has a value it cannot have.' },
  'too-many': { severity: 'error', means: 'More templates, rules or entries than are read.' },
  'unknown-operation': { severity: 'error', means: 'No operation has this name.' },
  'unknown-parameter': { severity: 'error', means: 'The operation takes no such parameter.' },
  'wrong-parameters': {
    severity: 'error',
    means: 'A parameter has a value the operation does not take, or several do not go together.',
  },
  'duplicate-name': {
    severity: 'error',
    means: 'Two rules, schedules, notices or callers share a name.',
  },
  'unknown-template': { severity: 'error', means: 'No template has this name or version.' },
  'unknown-rule': { severity: 'error', means: 'No rule has this name.' },
  'unknown-bucket': { severity: 'error', means: 'The settings know no such bucket.' },
  'other-state': {
    severity: 'error',
    means: 'The file and the settings name different places for the records.',
  },
  target: {
    severity: 'error',
    means: 'An output has to say either where it is written or that it is not.',
  },
  method: { severity: 'error', means: 'The operation cannot be asked for in this way.' },
  job: { severity: 'error', means: 'Settings of a job are incomplete, or there is no job.' },
  'fall-back': {
    severity: 'error',
    means: 'The operation cannot store the source instead when it fails.',
  },
  ending: {
    severity: 'warning',
    means: 'The ending of the key says another type than the one that is written.',
  },
  pattern: {
    severity: 'error',
    means:
      'A key or glob cannot be right: unknown placeholders, segments without a name or with dots.',
  },
  requests: {
    severity: 'warning',
    means: 'More outputs than the service takes in one request, or at upload.',
  },
  overwrite: {
    severity: 'error',
    means: 'An output would be written over its source, and does not say replaceSource.',
  },
  'in-state': { severity: 'error', means: 'An output could be written among the records.' },
  'over-state': { severity: 'error', means: 'A rule would take the records for sources.' },
  unreachable: { severity: 'warning', means: 'A rule will never do anything.' },
  triggers: { severity: 'error', means: 'More triggers would be needed than a function may have.' },
  'trigger-on-state': {
    severity: 'error',
    means: 'The narrowest trigger for a rule would fire for every record as well.',
  },
  'trigger-on-target': {
    severity: 'warning',
    means: 'The narrowest trigger for a rule would fire for outputs as well, in vain.',
  },
  region: { severity: 'error', means: 'An output goes to a bucket in another region.' },
  money: { severity: 'error', means: 'A limit in money is over something whose price is unknown.' },
  cron: { severity: 'error', means: 'A cron line cannot be read.' },
  weekday: {
    severity: 'warning',
    means: 'A weekday is a number, which can mean either of two days.',
  },
  'never-fires': { severity: 'error', means: 'A cron line names no day that is still to come.' },
  'private-host': {
    severity: 'error',
    means: 'The service would be led to an address that is not public.',
  },
  collision: { severity: 'error', means: 'Two outputs of one object would be written to one key.' },
  'collision-possible': {
    severity: 'warning',
    means: 'Outputs of two different objects would be written to one key, if both are there.',
  },
  loop: { severity: 'error', means: 'Some rule would pick up what is written.' },
} as const satisfies Record<string, Check>;

export type CheckCode = keyof typeof CHECKS;
