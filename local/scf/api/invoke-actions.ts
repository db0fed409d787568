import type { ApiAction } from '../../api/api-action.ts';

export const INVOKE_ACTIONS: readonly ApiAction[] = [];
