export type RequestedRange =
  | { readonly is: 'whole' }
  | { readonly is: 'part'; readonly start: number; readonly end: number }
  | { readonly is: 'impossible' };

const WHOLE: RequestedRange = { is: 'whole' };
const ONE_RANGE = /^bytes=(\d{0,18})-(\d{0,18})$/;

/** Which bytes a Range header asks for. What cannot be read as one range asks for everything. */
export function rangeOf(header: string | undefined, size: number): RequestedRange {
  if (header === undefined) return WHOLE;
  const [, first, last] = ONE_RANGE.exec(header.replaceAll(' ', '')) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return WHOLE;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0
      ? { is: 'impossible' }
      : { is: 'part', start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return WHOLE;
  return start >= size ? { is: 'impossible' } : { is: 'part', start, end };
}
