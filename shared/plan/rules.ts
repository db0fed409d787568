import type { Rule, Template } from './rule.ts';

/** How much may be spent; what is not given is not limited. */
export interface Budget {
  readonly requests?: number;
  /** In the currency of `prices`. */
  readonly money?: number;
}

export interface Limits {
  /** Requests a second and in flight, per region. */
  readonly requestsPerSecond: number;
  readonly inFlight: number;
  readonly perDay: Budget;
  /** By rule name. */
  readonly perRule: Readonly<Record<string, Budget>>;
  readonly perBackfill: Budget;
}

/** What is backfilled when: one cron line in the seven fields of the platform's timer. */
interface Schedule {
  readonly name: string;
  readonly cron: string;
  /** A source bucket without its appid; all of them where none is named. */
  readonly bucket?: string;
  readonly prefix: string;
  /** Rule names; all rules where none is named. */
  readonly rules: readonly string[];
  readonly budget: Budget;
}

/** Who may ask over HTTP, for what. */
interface HttpAccess {
  readonly callers: readonly {
    readonly name: string;
    /** Template names. */
    readonly templates: readonly string[];
    readonly requestsPerMinute: number;
  }[];
  /** Hosts that pictures may be fetched from by `detect-url`. */
  readonly sources: readonly string[];
  /** Origins for CORS. */
  readonly origins: readonly string[];
}

/** Where notices are posted, and which. */
export interface NoticeTarget {
  readonly name: string;
  readonly url: string;
  /** Notice types such as `step.done`; `*` for all. */
  readonly about: readonly string[];
}

/** A rules file, read and checked. Plain data: it can be compiled into a bundle. */
export interface Rules {
  readonly templates: readonly Template[];
  readonly rules: readonly Rule[];
  readonly limits: Limits;
  /** Money for one call, by price key. What is not here is unknown, never free. */
  readonly prices: Readonly<Record<string, number>>;
  readonly schedules: readonly Schedule[];
  readonly http: HttpAccess;
  readonly notices: readonly NoticeTarget[];
}
