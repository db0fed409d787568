/** Codes of the gateway before all services, and those that several of them share. */
const COMMON_CODES = [
  'AuthFailure.InvalidAuthorization',
  'AuthFailure.SecretIdNotFound',
  'AuthFailure.SignatureExpire',
  'AuthFailure.SignatureFailure',
  'AuthFailure.TokenFailure',
  'AuthFailure.UnauthorizedOperation',
  'FailedOperation',
  'InternalError',
  'InvalidAction',
  'InvalidParameter',
  'InvalidParameterValue',
  'MissingParameter',
  'NoSuchVersion',
  'RequestLimitExceeded',
  'RequestSizeLimitExceeded',
  'ResourceNotFound',
  'UnknownParameter',
  'UnsupportedOperation',
  'UnsupportedProtocol',
  'UnsupportedRegion',
] as const;

const SCF_CODES = [
  'FailedOperation.CreateFunction',
  'FailedOperation.CreateTrigger',
  'FailedOperation.DeleteFunction',
  'FailedOperation.DeleteNamespace',
  'FailedOperation.FunctionStatusError',
  'FailedOperation.InvokeFunction',
  'FailedOperation.Namespace',
  'FailedOperation.QcsRoleNotFound',
  'FailedOperation.ReservedExceedTotal',
  'FailedOperation.UpdateFunctionCode',
  'FailedOperation.UpdateFunctionConfiguration',
  'InvalidParameter.RequestTooLarge',
  'InvalidParameterValue.AsyncTriggerConfig',
  'InvalidParameterValue.ClientContext',
  'InvalidParameterValue.Code',
  'InvalidParameterValue.CosNotifyRuleConflict',
  'InvalidParameterValue.CustomArgument',
  'InvalidParameterValue.Description',
  'InvalidParameterValue.Enable',
  'InvalidParameterValue.Environment',
  'InvalidParameterValue.EnvironmentExceededLimit',
  'InvalidParameterValue.EnvironmentSystemProtect',
  'InvalidParameterValue.FunctionName',
  'InvalidParameterValue.Handler',
  'InvalidParameterValue.InlineZipFile',
  'InvalidParameterValue.InvokeType',
  'InvalidParameterValue.MemorySize',
  'InvalidParameterValue.NamespaceInvalid',
  'InvalidParameterValue.Qualifier',
  'InvalidParameterValue.Runtime',
  'InvalidParameterValue.Timeout',
  'InvalidParameterValue.TriggerDesc',
  'InvalidParameterValue.TriggerName',
  'InvalidParameterValue.Type',
  'LimitExceeded.Function',
  'LimitExceeded.Namespace',
  'LimitExceeded.Trigger',
  'ResourceInUse.FunctionName',
  'ResourceInUse.Namespace',
  'ResourceInUse.Trigger',
  'InvalidParameterValue.Cos',
  'ResourceNotFound.Cos',
  'ResourceNotFound.Function',
  'ResourceNotFound.Namespace',
  'ResourceNotFound.Role',
  'ResourceNotFound.Trigger',
  'UnsupportedOperation.Trigger',
] as const;

const CAM_CODES = [
  'FailedOperation.PolicyNameInUse',
  'InvalidParameter.ActionError',
  'InvalidParameter.AttachmentFull',
  'InvalidParameter.AttachmentRoleAlreadyExist',
  'InvalidParameter.ParamError',
  'InvalidParameter.PolicyIdError',
  'InvalidParameter.PolicyIdNotExist',
  'InvalidParameter.PolicyNameError',
  'InvalidParameter.RoleNameError',
  'InvalidParameter.RoleNameInUse',
  'InvalidParameter.RoleNotExist',
  'InvalidParameter.SearchKeywordLengthError',
  'InvalidParameter.StatementError',
  'ResourceNotFound.PolicyIdNotFound',
] as const;

const STS_CODES = [
  'InvalidParameter.OverTimeError',
  'InvalidParameter.StrategyFormatError',
  'ResourceNotFound.RoleNotFound',
] as const;

export const API_ERROR_CODES = [...COMMON_CODES, ...SCF_CODES, ...CAM_CODES, ...STS_CODES];
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** A refusal as the account APIs write it: in the body of an answer that is well by its status. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ApiErrorCode,
    message: string,
    more: {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = more.status ?? 200;
    this.headers = more.headers ?? {};
  }
}
