import type { ApiAction } from '../../api/api-action.ts';
import { uinOf } from '../account.ts';
import { POLICY_ACTIONS } from './policy-actions.ts';
import { ROLE_ACTIONS } from './role-actions.ts';

const getUserAppId: ApiAction = {
  name: 'GetUserAppId',
  fields: [],
  permission: 'cam:GetUserAppId',
  run: ({ service: { appid } }) => ({
    Uin: uinOf(appid),
    OwnerUin: uinOf(appid),
    AppId: Number(appid),
  }),
};

/** What the engine has of CAM's API. Users and their keys are made by the admin API. */
export const CAM_ACTIONS: readonly ApiAction[] = [getUserAppId, ...ROLE_ACTIONS, ...POLICY_ACTIONS];
