import type { ErrorBody } from '../../shared/wire/error-body.ts';

/** Every error the object service answers: its status, and what it says when nobody says it better. */
const COS_ERRORS = {
  AccessDenied: [403, 'Access Denied.'],
  AccessForbidden: [403, 'CORSResponse: This CORS request is not allowed.'],
  AppendPositionErr: [409, 'The position does not match the length of the object.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BucketAlreadyExists: [409, 'The requested bucket name is not available.'],
  BucketAlreadyOwnedByYou: [409, 'You already own this bucket.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size.'],
  ExpiredToken: [400, 'The provided token has expired.'],
  FileAlreadyExists: [409, 'The object you specified already exists.'],
  ImageResolutionExceed: [400, 'The picture has more pixels than can be processed.'],
  ImageTooLarge: [400, 'The picture is larger than can be processed.'],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by Content-Length.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The access key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument.'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidCopySource: [400, 'The copy source is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid.'],
  InvalidImageFormat: [400, 'The object is not a picture in a known format.'],
  InvalidImageSource: [400, 'The picture could not be fetched.'],
  InvalidObjectName: [400, 'The specified object name is not valid.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidPicOperations: [400, 'The Pic-Operations header cannot be used.'],
  InvalidPolicyDocument: [
    400,
    'The content of the form does not meet the conditions of the policy.',
  ],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidRequest: [400, 'Invalid Request.'],
  InvalidTag: [400, 'The tag you provided is not valid.'],
  InvalidURI: [400, 'The specified URI could not be read.'],
  KeyTooLong: [400, 'Your key is too long.'],
  MalformedPOSTRequest: [
    400,
    'The body of your POST request is not well-formed multipart/form-data.',
  ],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not fit its schema.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MissingRequestBodyError: [400, 'Request body is empty.'],
  NoProcessAuthority: [403, 'Cloud Infinite may not act for this bucket.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchCORSConfiguration: [404, 'The CORS configuration does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchTagSet: [404, 'The TagSet does not exist.'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist.'],
  NoSuchVersion: [404, 'The specified version does not exist.'],
  NotImplemented: [501, 'The engine does not have this.'],
  NotifyRuleEventConflict: [400, 'Another notification takes the same events of these objects.'],
  NotifyRulePrefixConflict: [400, 'The prefix overlaps with that of another notification.'],
  NotifyRuleSuffixConflict: [400, 'The suffix overlaps with that of another notification.'],
  ObjectNotAppendable: [409, 'The object is not appendable.'],
  PathConflict: [409, 'The request conflicts with another one.'],
  PreconditionFailed: [412, 'Precondition not match.'],
  RequestTimeTooSkewed: [
    403,
    'The difference between the request time and the server time is too large.',
  ],
  RequestTimeout: [400, 'Your connection was idle for too long.'],
  ServiceUnavailable: [503, 'Please reduce your request rate.'],
  SignatureDoesNotMatch: [403, 'The Signature you specified is invalid.'],
  SlowDown: [503, 'Please reduce your request rate.'],
  TooManyBuckets: [400, 'You have attempted to create more buckets than allowed.'],
  UnexpectedContent: [400, 'This request does not support content.'],
  XMLSizeLimit: [400, 'The XML you provided is too large.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type CosErrorCode = keyof typeof COS_ERRORS;
export const COS_ERROR_CODES = Object.keys(COS_ERRORS) as readonly CosErrorCode[];

export interface CosErrorOptions {
  readonly message?: string;
  /** Another status than the code has, for a fault on demand. */
  readonly status?: number;
  /** More elements of the body, between Message and Resource. */
  readonly elements?: Pick<ErrorBody, 'stringToSign' | 'formatString'>;
  /** More headers, for people: which permission is missing, what differs in a signature. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stops a request with an answer the service has a name for. One place writes it. */
export class CosError extends Error {
  readonly code: CosErrorCode;
  readonly status: number;
  readonly elements: NonNullable<CosErrorOptions['elements']>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: CosErrorCode, options: CosErrorOptions = {}) {
    super(options.message ?? COS_ERRORS[code][1]);
    this.name = 'CosError';
    this.code = code;
    this.status = options.status ?? COS_ERRORS[code][0];
    this.elements = options.elements ?? {};
    this.headers = options.headers ?? {};
  }
}
