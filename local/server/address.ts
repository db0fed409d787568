/** What a request is for. `rawPath` is what is left of the path once a bucket was taken from it. */
export type Address =
  | {
      readonly on: 'bucket';
      readonly service: 'cos' | 'ci';
      readonly bucket: string;
      /** Nothing when the host names none: the bucket's own region counts. */
      readonly region: string | undefined;
      readonly rawPath: string;
      /** The paths a client may have signed, the likeliest first. */
      readonly signedPaths: readonly string[];
    }
  | { readonly on: 'account'; readonly service: 'cos' | 'ci'; readonly region: string | undefined }
  | { readonly on: 'admin' }
  | { readonly on: 'api'; readonly service: string }
  /** An address of a function's own; `label` is the first part of it. */
  | { readonly on: 'function'; readonly label: string; readonly region: string }
  | { readonly on: 'nowhere'; readonly host: string };

export interface AddressBook {
  /** Whether this is a bucket's name: decides whether a first path segment is one. */
  isBucket(name: string): boolean;
  /** Takes the requests that name no bucket at all. */
  readonly defaultBucket: string | undefined;
}

/** A name that no web page's address bar and no bucket can have. */
export const ADMIN_HOST = 'admin.darkroom.localhost';

const DOMAINS = ['.myqcloud.com', '.tencentcos.cn', '.tencentci.cn', '.localhost'];
const API_DOMAINS = ['.tencentcloudapi.com', '.tencentcloudapi.localhost'];
const FUNCTION_DOMAINS = ['.tencentscf.com', '.tencentscf.localhost'];

/** Whether a name is one the engine answers for. */
export function isEngineHost(host: string): boolean {
  const name = nameOf(host);
  return isThisMachine(name) || isServiceHost(name);
}

/** Whether a name belongs to the services themselves, so that nobody else can be meant. */
export function isServiceHost(host: string): boolean {
  const name = nameOf(host);
  const domains = [...API_DOMAINS, ...FUNCTION_DOMAINS, ...DOMAINS];
  return domains.some((domain) => name.endsWith(domain));
}

/** The function an address belongs to; nothing where it is none of functions. */
export function functionAt(host: string): Extract<Address, { on: 'function' }> | undefined {
  const name = nameOf(host);
  const domain = FUNCTION_DOMAINS.find((end) => name.endsWith(end));
  if (!domain) return undefined;
  const [label = '', ...rest] = name.slice(0, -domain.length).split('.');
  return { on: 'function', label, region: rest.join('.') };
}

/** Host names have no port, no trailing dot and no upper case here. */
function nameOf(host: string): string {
  const withoutPort = host.startsWith('[')
    ? host.slice(0, host.indexOf(']') + 1)
    : host.replace(/:\d*$/, '');
  return withoutPort.replace(/\.$/, '').toLowerCase();
}

/** What of a request says where it goes, as it was sent. */
export interface Directed {
  readonly method: string;
  readonly host: string;
  readonly rawPath: string;
  readonly rawQuery: string;
}

/** By host first; a host that is only an address leaves it to the path, then to the default bucket. */
export function addressOf(directed: Directed, book: AddressBook): Address {
  const { host, rawPath } = directed;
  const name = nameOf(host);
  if (name === ADMIN_HOST) return { on: 'admin' };
  const api = API_DOMAINS.find((end) => name.endsWith(end));
  if (api) return { on: 'api', service: name.slice(0, -api.length).split('.')[0] ?? '' };
  const ownAddress = functionAt(name);
  if (ownAddress) return ownAddress;
  const domain = DOMAINS.find((end) => name.endsWith(end));
  if (domain) {
    const byName = byLabels(name.slice(0, -domain.length).split('.'), rawPath);
    if (byName) return byName;
    if (domain !== '.localhost') return { on: 'nowhere', host: name };
  }
  if (!domain && !isThisMachine(name)) return { on: 'nowhere', host: name };
  return byPath(directed, book);
}

/** `<bucket>.cos.<region>`, `cos.<region>`, `service.cos`; `ci`, `pic` and `cos-internal` alike. */
function byLabels(labels: readonly string[], rawPath: string): Address | undefined {
  const [first = '', second = '', third, ...more] = labels;
  if (more.length > 0) return undefined;
  if (first === 'service' && second === 'cos' && third === undefined) {
    return { on: 'account', service: 'cos', region: undefined };
  }
  const account = serviceOf(first);
  if (account && third === undefined) {
    return { on: 'account', service: account, region: second === '' ? undefined : second };
  }
  const service = serviceOf(second);
  if (!service || third === undefined || first === '') return undefined;
  const region = third === 'accelerate' ? undefined : third;
  return { on: 'bucket', service, bucket: first, region, rawPath, signedPaths: [rawPath] };
}

function serviceOf(label: string): 'cos' | 'ci' | undefined {
  if (label === 'cos' || label === 'cos-internal') return 'cos';
  if (label === 'ci' || label === 'pic') return 'ci';
  return undefined;
}

function isThisMachine(name: string): boolean {
  return name === '' || name === 'localhost' || /^[\d.]+$/.test(name) || name.startsWith('[');
}

function byPath({ method, rawPath, rawQuery }: Directed, book: AddressBook): Address {
  const end = rawPath.indexOf('/', 1);
  const first = rawPath.slice(1, end === -1 ? undefined : end);
  if (first !== '' && book.isBucket(first)) {
    const rest = end === -1 ? '/' : rawPath.slice(end);
    const signedPaths = [rest, rawPath];
    return {
      on: 'bucket',
      service: 'cos',
      bucket: first,
      region: undefined,
      rawPath: rest,
      signedPaths,
    };
  }
  const bucket = book.defaultBucket;
  if (bucket === undefined || (method === 'GET' && rawPath === '/' && !asksForMore(rawQuery))) {
    return { on: 'account', service: 'cos', region: undefined };
  }
  return {
    on: 'bucket',
    service: 'cos',
    bucket,
    region: undefined,
    rawPath,
    signedPaths: [rawPath],
  };
}

/** Anything besides a signature: a listing, a sub-resource, a `ci-process`. */
function asksForMore(rawQuery: string): boolean {
  return rawQuery
    .split('&')
    .some((part) => part !== '' && !/^(q-|sign=|x-cos-security-token=)/.test(part));
}
