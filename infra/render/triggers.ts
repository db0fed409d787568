import type { TriggerSpec } from '../model.ts';

/** How an API call names and describes a trigger. */
export interface TriggerFields {
  readonly TriggerName: string;
  readonly Type: 'cos' | 'timer' | 'http';
  readonly TriggerDesc: string;
  readonly CustomArgument?: string;
}

export const UPLOADS = 'cos:ObjectCreated:*';

/** The name that requests for a bucket go to, which is also what its triggers are called. */
export function bucketHost(bucket: string, region: string): string {
  return `${bucket}.cos.${region}.myqcloud.com`;
}

export function triggerFields(trigger: TriggerSpec, region: string): TriggerFields {
  switch (trigger.type) {
    case 'cos': {
      const { bucket, prefix, suffix } = trigger;
      const filter = { Prefix: prefix, Suffix: suffix };
      return {
        TriggerName: bucketHost(bucket, region),
        Type: 'cos',
        TriggerDesc: JSON.stringify({ event: UPLOADS, filter }),
      };
    }
    case 'timer': {
      const { name, cron, message } = trigger;
      const argument = message === '' ? {} : { CustomArgument: message };
      return { TriggerName: name, Type: 'timer', TriggerDesc: cron, ...argument };
    }
    case 'http':
      return {
        TriggerName: trigger.name,
        Type: 'http',
        TriggerDesc: JSON.stringify({
          AuthType: trigger.auth,
          NetConfig: { EnableIntranet: false, EnableExtranet: true },
        }),
      };
  }
}
