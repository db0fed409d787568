import type { CorsConfiguration, CorsRule } from '../../shared/wire/cors-configuration.ts';
import { CosError } from './errors.ts';

const MAX_RULES = 100;
/** Of one kind, in one rule. */
const MAX_ENTRIES = 100;

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];
/** What can be said in a header, and is short enough to be compared with what a page says. */
const ORIGIN = /^[!-~]{1,256}$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]{1,128}$/;

/** Refuses rules that allow nothing, and those that no answer could repeat in its headers. */
export function checkCors({ rules }: CorsConfiguration): void {
  if (rules.length === 0 || rules.length > MAX_RULES) {
    throw refused(`There are 1 to ${MAX_RULES} CORS rules.`);
  }
  for (const rule of rules) checkRule(rule);
}

function checkRule(rule: CorsRule): void {
  const { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders } = rule;
  if (allowedOrigins.length === 0 || allowedMethods.length === 0) {
    throw refused('Every CORS rule names an AllowedOrigin and an AllowedMethod.');
  }
  if (Object.values(rule).some((entry) => Array.isArray(entry) && entry.length > MAX_ENTRIES)) {
    throw refused(`A CORS rule has at most ${MAX_ENTRIES} entries of a kind.`);
  }
  const method = allowedMethods.find((each) => !METHODS.includes(each));
  if (method !== undefined) throw refused(`AllowedMethod is one of ${METHODS.join(', ')}.`);
  if (!allowedOrigins.every((each) => ORIGIN.test(each))) {
    throw refused('An AllowedOrigin is a scheme and a host, such as http://localhost:*.');
  }
  if (![...allowedHeaders, ...exposeHeaders].every((each) => HEADER_NAME.test(each))) {
    throw refused('AllowedHeader and ExposeHeader are names of headers.');
  }
}

function refused(message: string): CosError {
  return new CosError('MalformedXML', { message });
}
