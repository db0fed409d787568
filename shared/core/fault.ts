/** Whose doing it is: decides the HTTP status we answer with. */
export type Blame = 'caller' | 'configuration' | 'service';

interface FaultKind {
  readonly blame: Blame;
  readonly retry: 'never' | 'later';
  /** One line for the reference page of faults. */
  readonly means: string;
}

/** Every failure this project can name. `retry` is the whole retry policy. */
export const FAULTS = {
  RULES_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'The rules file has problems; each is listed with its line.',
  },
  RULES_REFUSED: {
    blame: 'configuration',
    retry: 'never',
    means: 'Published rules are broken, or need triggers or permissions that are not deployed.',
  },
  SETTINGS_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'An environment setting is missing or cannot be read.',
  },
  FILEID_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'A fileid does not name a file.',
  },
  DEPLOYMENT_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'What shall be deployed is nothing that the platform would take.',
  },
  DEPLOYMENT_REFUSED: {
    blame: 'configuration',
    retry: 'never',
    means: 'A deployment would do what nobody agreed to, or lacks what only a person can set up.',
  },
  DEPLOYMENT_FAILED: {
    blame: 'service',
    retry: 'later',
    means: 'The account refused a step of a deployment. Deploy again: what is done stays done.',
  },
  DEPLOYMENT_OVERTAKEN: {
    blame: 'service',
    retry: 'later',
    means: 'Somebody else changed the account during a deployment. Deploy again.',
  },
  ACCOUNT_DENIED: {
    blame: 'configuration',
    retry: 'never',
    means: 'The keys may not do what an API of the account was asked for; the message names what.',
  },
  ACCOUNT_KEYS_REFUSED: {
    blame: 'configuration',
    retry: 'never',
    means: 'The account does not know the keys of whoever deploys, or not with this signature.',
  },
  ACCOUNT_UNREACHABLE: {
    blame: 'service',
    retry: 'later',
    means: 'The account APIs did not answer, or asked to be asked less often.',
  },
  PIC_OPERATIONS_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: 'A Pic-Operations header or one of its rules cannot be read.',
  },
  PARAMETER_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: 'An operation was given a parameter it does not take.',
  },
  EVENT_UNREADABLE: {
    blame: 'caller',
    retry: 'never',
    means: 'What invoked the function is no event this function knows.',
  },
  CALLBACK_UNREADABLE: {
    blame: 'caller',
    retry: 'never',
    means: 'The body of a callback is neither the XML nor the JSON of a job.',
  },
  XML_UNREADABLE: { blame: 'caller', retry: 'never', means: 'Text that should be XML is not.' },
  XML_UNWRITABLE: {
    blame: 'caller',
    retry: 'never',
    means: 'A text holds characters that XML has no spelling for.',
  },
  JSON_UNREADABLE: { blame: 'caller', retry: 'never', means: 'Text that should be JSON is not.' },
  INPUT_TOO_LARGE: {
    blame: 'caller',
    retry: 'never',
    means: 'Something from outside is larger or deeper than we read.',
  },
  URL_UNREADABLE: {
    blame: 'caller',
    retry: 'never',
    means: 'A path, query or address is not validly encoded.',
  },
  SIGNATURE_UNREADABLE: {
    blame: 'caller',
    retry: 'never',
    means: 'An Authorization value or signed address is not in any form we know.',
  },
  PORT_UNAVAILABLE: {
    blame: 'configuration',
    retry: 'never',
    means: 'The engine cannot listen on the port it was given.',
  },
  BUILD_MISSING: {
    blame: 'configuration',
    retry: 'never',
    means: 'A part of Darkroom that is built apart is not there.',
  },
  ENGINE_UNREACHABLE: {
    blame: 'configuration',
    retry: 'never',
    means: 'No engine answers where it was asked, or not to whoever asked.',
  },
  IDENTITY_MISSING: {
    blame: 'caller',
    retry: 'never',
    means: 'The engine has no user, role or policy of this name.',
  },
  KEY_LIFETIME_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: 'A temporary key was asked for that would live too long or not at all.',
  },
  ADMIN_DENIED: {
    blame: 'caller',
    retry: 'never',
    means: "A request to the engine's admin API came from a page, or without the right token.",
  },
  ADMIN_REQUEST_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: "A request to the engine's admin API has fields it cannot have; each is named.",
  },
  ADMIN_TARGET_MISSING: {
    blame: 'caller',
    retry: 'never',
    means: "What a request to the engine's admin API is about is not there.",
  },
  ADMIN_CONFLICT: {
    blame: 'caller',
    retry: 'never',
    means: "Something that is there is in the way of a request to the engine's admin API.",
  },
  ADMIN_FAILED: {
    blame: 'service',
    retry: 'never',
    means: "The engine's admin API broke over a request, which is a mistake of ours.",
  },
  MODEL_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'A model file, or the card beside it, cannot be used by the engine.',
  },
  BUCKET_NAME_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'A name cannot be that of a bucket.',
  },
  POLICY_INVALID: {
    blame: 'configuration',
    retry: 'never',
    means: 'A permission policy is not one that CAM would take.',
  },
  DATA_FOLDER_IN_USE: {
    blame: 'configuration',
    retry: 'never',
    means: 'Another engine works on the same data folder.',
  },
  DATA_FOLDER_UNWRITABLE: {
    blame: 'configuration',
    retry: 'never',
    means: 'The data folder cannot be made or written to.',
  },
  DATA_FOLDER_UNREADABLE: {
    blame: 'configuration',
    retry: 'never',
    means: 'The data folder is none of ours, of a newer engine, or something in it was taken away.',
  },
  STORAGE_FULL: {
    blame: 'service',
    retry: 'later',
    means: 'There is no room for more bytes where the engine keeps them.',
  },
  STORAGE_INTERRUPTED: {
    blame: 'service',
    retry: 'later',
    means: 'The engine closed, or its data was replaced, while a request was using it.',
  },
  STORAGE_NAME_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: 'A bucket, key, table or snapshot has a name that cannot be stored.',
  },
  COS_DENIED: {
    blame: 'configuration',
    retry: 'never',
    means: 'The service refuses what we asked: an action, a role or PassRole is missing.',
  },
  COS_THROTTLED: {
    blame: 'service',
    retry: 'later',
    means: 'The service asks to be asked less often. Nothing was carried out.',
  },
  COS_UNREACHABLE: {
    blame: 'service',
    retry: 'later',
    means: 'The service did not answer, or answered with a failure of its own.',
  },
  COS_REFUSED: {
    blame: 'configuration',
    retry: 'never',
    means: 'The service can make nothing of what we asked: a parameter or a name is wrong.',
  },
  SERVICE_NOT_OPEN: {
    blame: 'configuration',
    retry: 'never',
    means: 'The bucket is not there, or Cloud Infinite was not opened for it.',
  },
  SIGNATURE_EXPIRED: {
    blame: 'service',
    retry: 'later',
    means:
      'The keys or the clock that a request was signed with are past. The next try has new ones.',
  },
  OBJECT_UNFIT: {
    blame: 'caller',
    retry: 'never',
    means: 'The service cannot process an object: it is gone, too large, or nothing it can read.',
  },
  STATE_BUCKET_UNFIT: {
    blame: 'configuration',
    retry: 'never',
    means:
      'The bucket for records keeps versions or once did, so nothing can be created once in it.',
  },
  REFUSED_TOGETHER: {
    blame: 'service',
    retry: 'later',
    means: 'A request for several steps was refused. Each is asked for by itself the next time.',
  },
  OUTCOME_UNKNOWN: {
    blame: 'service',
    retry: 'later',
    means:
      'A request that costs money may or may not have been carried out; the next try looks first.',
  },
  STEP_HELD: {
    blame: 'service',
    retry: 'later',
    means: 'Somebody else is at a step, or was cut off while at it.',
  },
  BREAKER_OPEN: {
    blame: 'service',
    retry: 'later',
    means: 'So many requests failed of late that none is sent for a while.',
  },
  JOB_FAILED: { blame: 'service', retry: 'later', means: 'A job ended as failed.' },
  JOB_CANCELLED: { blame: 'configuration', retry: 'never', means: 'Somebody cancelled a job.' },
  OUTPUT_MISSING: {
    blame: 'service',
    retry: 'later',
    means: 'A job ended well, and there is nothing at its target.',
  },
  PRICE_UNKNOWN: {
    blame: 'configuration',
    retry: 'never',
    means: 'A budget in money covers an operation that the rules give no price for.',
  },
  RECORD_UNWRITABLE: {
    blame: 'configuration',
    retry: 'never',
    means: 'A record has a name or a length that not every store could keep.',
  },
  RECORD_UNREADABLE: {
    blame: 'configuration',
    retry: 'never',
    means: 'A record where Darkroom keeps its state is none that it wrote.',
  },
  REQUEST_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: 'A request to on-demand has fields it cannot have, or is for a path that is not there.',
  },
  CALLER_UNKNOWN: {
    blame: 'caller',
    retry: 'never',
    means: 'A request came without an API key, or with one that the settings do not know.',
  },
  CALLER_DENIED: {
    blame: 'caller',
    retry: 'never',
    means: 'A caller asked for a template, an upload or a host that the rules do not allow it.',
  },
  CALLER_THROTTLED: {
    blame: 'caller',
    retry: 'later',
    means: 'A caller asked more often in a minute than the rules allow it.',
  },
  LINK_INVALID: {
    blame: 'caller',
    retry: 'never',
    means: 'A link has expired, was changed, or was signed with a key that is not believed.',
  },
  NOT_THERE: {
    blame: 'caller',
    retry: 'never',
    means: 'An object, template, output or run that a caller named does not exist.',
  },
  METHOD_REFUSED: {
    blame: 'caller',
    retry: 'never',
    means:
      'A path was asked with a method that it does not take; the header Allow names those it does.',
  },
  UNEXPECTED: {
    blame: 'service',
    retry: 'never',
    means: 'Something broke that should not, which is a mistake of ours; the log has it.',
  },
  RUN_CONFLICT: {
    blame: 'caller',
    retry: 'never',
    means: 'An idempotency key came again with a request that asks for something else.',
  },
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof FAULTS;

export interface FaultOptions {
  /** For machines: plain values only, never secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What to do next, for people. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What stops us. The message says what happened with the names in it; the code decides what follows. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.detail = options.detail ?? {};
    this.hint = options.hint;
  }

  get blame(): Blame {
    return FAULTS[this.code].blame;
  }

  get retry(): 'never' | 'later' {
    return FAULTS[this.code].retry;
  }
}

/** The fault itself, or what was thrown instead of one, under the given code. */
export function toFault(thrown: unknown, otherwise: FaultCode): Fault {
  if (thrown instanceof Fault) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault(otherwise, message, { cause: thrown });
}
