/** A trigger as the account describes it. */
export interface FoundTrigger {
  readonly name: string;
  readonly type: string;
  /** As it was given back: JSON that was spelt anew, or the bare line of a timer. */
  readonly description: string;
  readonly enabled: boolean;
  /** Whether the platform says that it is bound to what it listens to. */
  readonly bound: boolean;
  readonly message: string;
}

export interface FoundFunction {
  readonly name: string;
  readonly region: string;
  readonly status: string;
  readonly why: string;
  readonly description: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: { readonly logset: string; readonly topic: string };
  readonly triggers: readonly FoundTrigger[];
  readonly repeats: { readonly times: number; readonly withinSeconds: number } | undefined;
  readonly reservedMemory: number | undefined;
}

export interface FoundPolicy {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly document: string;
}

export interface FoundRole {
  readonly name: string;
  readonly description: string;
  readonly trust: string;
  readonly policies: readonly { readonly id: string; readonly name: string }[];
}

/** As much of an account as a deployment is about. */
export interface Account {
  readonly appid: string;
  /** The owner's account number. */
  readonly uin: string;
  /** Roles that the services themselves work under, by what is there. */
  readonly serviceRoles: readonly string[];
  readonly namespaces: readonly {
    readonly region: string;
    readonly name: string;
    readonly description: string;
  }[];
  readonly roles: readonly FoundRole[];
  readonly policies: readonly FoundPolicy[];
  readonly functions: readonly FoundFunction[];
}

export const SERVICE_ROLES = ['SCF_QcsRole', 'CI_QCSRole'] as const;
