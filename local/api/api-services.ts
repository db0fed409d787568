import { CAM_ACTIONS } from '../cam/api/cam-actions.ts';
import { STS_ACTIONS } from '../cam/api/sts-actions.ts';
import { FUNCTION_ACTIONS } from '../scf/api/function-actions.ts';
import { INVOKE_ACTIONS } from '../scf/api/invoke-actions.ts';
import { LIMIT_ACTIONS } from '../scf/api/limit-actions.ts';
import { NAMESPACE_ACTIONS } from '../scf/api/namespace-actions.ts';
import { TRIGGER_ACTIONS } from '../scf/api/trigger-actions.ts';

/** The account APIs the engine has, each by the first part of its host name. */
export const API_SERVICES = [
  {
    name: 'scf',
    version: '2018-04-16',
    regional: true,
    actions: [
      ...FUNCTION_ACTIONS,
      ...LIMIT_ACTIONS,
      ...TRIGGER_ACTIONS,
      ...NAMESPACE_ACTIONS,
      ...INVOKE_ACTIONS,
    ],
  },
  { name: 'cam', version: '2019-01-16', regional: false, actions: CAM_ACTIONS },
  { name: 'sts', version: '2018-08-13', regional: false, actions: STS_ACTIONS },
] as const;
