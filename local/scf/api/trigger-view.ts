import { serviceTime } from '../../cam/api/service-time.ts';
import type { StoredTrigger } from '../stored-function.ts';

/** A trigger as the API reads it back. */
export function triggerView({ type, name, description, ...trigger }: StoredTrigger) {
  return {
    TriggerName: name,
    Type: type,
    TriggerDesc: JSON.stringify(description),
    Enable: trigger.enabled ? 1 : 0,
    Qualifier: trigger.qualifier,
    CustomArgument: trigger.message,
    Description: trigger.remark,
    AvailableStatus: 'Available',
    BindStatus: 'on',
    ResourceId: '',
    TriggerAttribute: '',
    AddTime: serviceTime(trigger.added),
    ModTime: serviceTime(trigger.changed),
  };
}
