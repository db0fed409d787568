import { describe, expect, test } from 'vitest';
import { refusalOf, ruleFor } from '../../../../local/cos/events/notification-rule.ts';
import { rule } from './bench-of-events.ts';

describe('an event goes by the rule that', () => {
  test.for([
    ['cos:ObjectCreated:*', '', '', 'cos:ObjectCreated:Put', 'a.jpg', true],
    ['cos:ObjectCreated:*', '', '', 'cos:ObjectCreated:CompleteMultipartUpload', 'a.jpg', true],
    ['cos:ObjectCreated:*', '', '', 'cos:ObjectRemove:Delete', 'a.jpg', false],
    ['cos:ObjectCreated:Put', '', '', 'cos:ObjectCreated:Post', 'a.jpg', false],
    ['cos:ObjectCreated:Put', 'in/', '', 'cos:ObjectCreated:Put', 'in/a.jpg', true],
    ['cos:ObjectCreated:Put', 'in/', '', 'cos:ObjectCreated:Put', 'out/a.jpg', false],
    ['cos:ObjectCreated:Put', '', '.jpg', 'cos:ObjectCreated:Put', 'a.jpg', true],
    ['cos:ObjectCreated:Put', '', '.jpg', 'cos:ObjectCreated:Put', 'a.JPG', false],
    ['cos:ObjectCreated:Put', 'in/', '.jpg', 'cos:ObjectCreated:Put', 'in/a.png', false],
    ['cos:ObjectCreated:Put', 'prefix', '', 'cos:ObjectCreated:Put', 'prefixed', true],
  ] as const)(
    'listens to %s under "%s*%s", given %s of %s: %s',
    ([listed, prefix, suffix, name, key, goes]) => {
      const one = rule({ events: [listed], prefix, suffix });
      expect(ruleFor([one], name, key)).toBe(goes ? one : undefined);
    },
  );

  test('is not disabled', () => {
    expect(ruleFor([rule({ enabled: false })], 'cos:ObjectCreated:Put', 'a')).toBeUndefined();
  });
});

describe('two rules of a bucket', () => {
  const created = 'cos:ObjectCreated:*';
  const put = 'cos:ObjectCreated:Put';
  const post = 'cos:ObjectCreated:Post';

  test.for([
    [[created, 'in/', '.jpg'], [created, 'in/', '.jpg'], 'NotifyRuleEventConflict'],
    [[put, 'in/', '.jpg'], [created, 'in/', '.jpg'], 'NotifyRuleEventConflict'],
    [[created, 'in/', '.jpg'], [put, 'in/', '.jpg'], 'NotifyRuleEventConflict'],
    [[put, '', ''], [put, 'in/', ''], 'NotifyRulePrefixConflict'],
    [[put, 'prefix', ''], [put, 'pre', ''], 'NotifyRulePrefixConflict'],
    [[put, 'in/a', '.jpg'], [put, 'in/', ''], 'NotifyRulePrefixConflict'],
    [[put, 'in/', '.jpg'], [put, 'in/', ''], 'NotifyRuleSuffixConflict'],
    [[put, 'in/', '.jpg'], [put, 'in/', 'photo.jpg'], 'NotifyRuleSuffixConflict'],
    [[put, '', ''], [post, '', ''], undefined],
    [[created, '', ''], ['cos:ObjectRemove:*', '', ''], undefined],
    [[created, 'in/', ''], [created, 'out/', ''], undefined],
    [[created, 'in/', '.jpg'], [created, 'in/', '.png'], undefined],
    [[created, 'in/', '.jpg'], [created, '', '.png'], undefined],
  ] as const)('%j beside %j: %s', ([[event, prefix, suffix], [event2, prefix2, suffix2], code]) => {
    const there = rule({ id: 'there', events: [event2], prefix: prefix2, suffix: suffix2 });
    const refusal = refusalOf(rule({ events: [event], prefix, suffix }), [there]);
    expect(refusal?.code).toBe(code);
    expect(refusal?.conflictsWith).toBe(code && there);
  });

  test('conflict even while one is disabled, so that it can always be enabled', () => {
    const disabled = rule({ id: 'other', enabled: false });
    expect(refusalOf(rule(), [disabled])?.code).toBe('NotifyRuleEventConflict');
  });

  test('are told apart in the refusal', () => {
    const there = rule({ id: 'archive', prefix: 'in/', subscriber: 'archivist' });
    expect(refusalOf(rule({ prefix: 'in/2026/' }), [there])?.message).toBe(
      'The prefix "in/2026/" overlaps with that of "archive", which takes cos:ObjectCreated:* to archivist.',
    );
  });
});

test.for([
  ['no events', { events: [] }],
  ['an event nobody raises', { events: ['cos:ObjectCreated'] }],
  ['an event of another kind of service', { events: ['s3:ObjectCreated:*'] }],
  ['a prefix longer than any key', { prefix: 'a'.repeat(851) }],
  ['a suffix longer than any key', { suffix: 'a'.repeat(851) }],
] as const)('a rule with %s is refused', ([, over]) => {
  expect(refusalOf(rule(over), [])?.code).toBe('InvalidArgument');
});
