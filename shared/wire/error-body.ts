import { type Body, bodyText } from './body-text.ts';
import { readIsoTime, writeIsoSeconds } from './iso-time.ts';
import { jsonNode, readJson } from './json.ts';
import { readXml, writeXml } from './xml.ts';
import type { XmlNode } from './xml-node.ts';
import { legalXml } from './xml-text.ts';

const MAX_LENGTH = 1024 * 1024;

/** What COS and Cloud Infinite say instead of an answer. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  /** Host and path; the path alone where a signature is refused; empty where the service says none. */
  readonly resource: string;
  readonly requestId: string;
  readonly traceId: string;
  /** The service's own view of the two texts, when a signature does not match. */
  readonly stringToSign?: string | undefined;
  readonly formatString?: string | undefined;
  /** The service's clock, when it says that a request has expired. */
  readonly serverTime?: number | undefined;
}

/** An error in any of its forms: XML of either host, or the JSON of a few Cloud Infinite paths. */
export function readErrorBody(body: Body): ErrorBody {
  const text = bodyText(body, MAX_LENGTH, 'XML_UNREADABLE');
  if (!/^\s*\{/.test(text)) return errorOf(readXml(text, { root: 'Error' }));

  const json = jsonNode('Error', readJson(text));
  return {
    code: json.required('code'),
    message: json.text('message') ?? '',
    resource: '',
    requestId: json.text('request_id') ?? '',
    traceId: '',
  };
}

/** The error inside an answer of status 200: a copy or a completion can fail after it was sent. */
export function errorInside(body: Body): ErrorBody | undefined {
  const root = readXml(body);
  return root.name === 'Error' ? errorOf(root) : undefined;
}

function errorOf(node: XmlNode): ErrorBody {
  return {
    code: node.required('Code'),
    message: node.text('Message') ?? '',
    resource: node.text('Resource') ?? '',
    requestId: node.text('RequestId') ?? '',
    traceId: node.text('TraceId') ?? '',
    stringToSign: node.text('StringToSign'),
    formatString: node.text('FormatString'),
    serverTime: readIsoTime(node.text('ServerTime') ?? ''),
  };
}

/**
 * Clients need Code, Message, Resource and RequestId to be there and not empty, on either host. An
 * error can always be written: what XML cannot carry of a key or a signed text becomes U+FFFD.
 */
export function writeErrorBody(error: ErrorBody): string {
  const { serverTime } = error;
  return writeXml('Error', [
    ['Code', error.code],
    ['Message', legalXml(error.message)],
    ['ServerTime', serverTime === undefined ? undefined : writeIsoSeconds(serverTime)],
    ['StringToSign', error.stringToSign && legalXml(error.stringToSign)],
    ['FormatString', error.formatString && legalXml(error.formatString)],
    ['Resource', legalXml(error.resource)],
    ['RequestId', error.requestId],
    ['TraceId', error.traceId],
  ]);
}
