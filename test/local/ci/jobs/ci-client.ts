import type COS from 'cos-nodejs-sdk-v5';
import { BUCKET, REGION } from '../../engine-for-tests.ts';

export const CI_HOST = `${BUCKET}.ci.${REGION}.myqcloud.com`;

/** What a request to a job host came to. */
export interface CiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The root of the answer, or the error. */
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  readonly is: any;
}

/** Asks a job host with the official client; `PUT /jobs/a1?cancel` is a line as it stands. */
export async function asked(
  cos: COS,
  line: string,
  body?: string,
  host = CI_HOST,
): Promise<CiAnswer> {
  const [method = '', target = ''] = line.split(' ');
  const url = new URL(`http://${host}${target}`);
  try {
    const answer = await cos.request({
      ...{ Bucket: BUCKET, Region: REGION, Key: url.pathname.slice(1) },
      // The type has not every method that the client sends.
      Method: method as COS.Method,
      Url: `http://${host}${url.pathname}`,
      Query: Object.fromEntries(url.searchParams),
      ...(body !== undefined && { Body: body, ContentType: 'application/xml' }),
    });
    const { statusCode = 0, headers = {}, ...rest } = answer;
    return { status: statusCode, headers, is: 'Response' in rest ? rest.Response : rest };
  } catch (thrown) {
    // What the client throws is an answer with an error in it.
    const { statusCode = 0, headers = {}, error = thrown } = thrown as Partial<CiFailure>;
    return { status: statusCode, headers, is: error };
  }
}

interface CiFailure {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: unknown;
}

export interface WantedVideo {
  readonly input?: string;
  readonly output?: string;
  /** More elements: of SegmentVideoBody, of the operation, of the request. */
  readonly segment?: string;
  readonly operation?: string;
  readonly more?: string;
}

export function videoJob({
  input = 'in/a.mp4',
  output = 'out/a.mp4',
  segment = '<Mode>Mask</Mode>',
  operation = '',
  more = '',
}: WantedVideo = {}): string {
  return (
    `<Request><Tag>SegmentVideoBody</Tag><Input><Object>${input}</Object></Input><Operation>` +
    `<SegmentVideoBody>${segment}</SegmentVideoBody>${outputTo(output)}${operation}` +
    `</Operation>${more}</Request>`
  );
}

export function pictureJob(
  rule: string,
  { input = 'in/a.png', output = 'out/a.png' } = {},
): string {
  return (
    `<Request><Tag>PicProcess</Tag><Input><Object>${input}</Object></Input><Operation>` +
    `${pictureRule(rule)}${outputTo(output)}</Operation></Request>`
  );
}

function pictureRule(rule: string): string {
  const text = rule.replaceAll('&', '&amp;');
  return `<PicProcess><IsPicInfo>true</IsPicInfo><ProcessRule>${text}</ProcessRule></PicProcess>`;
}

export function outputTo(key: string, bucket = BUCKET, region = REGION): string {
  return `<Output><Region>${region}</Region><Bucket>${bucket}</Bucket><Object>${key}</Object></Output>`;
}

/** A key for each object of a batch, by its name. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
const BY_NAME = 'out/${InputName}.png';

/** A batch of picture jobs. */
export function batchJob(input: string, { operation = '', output = BY_NAME } = {}): string {
  return (
    `<Request><Name>all</Name><Type>Job</Type><Input>${input}</Input><Operation>` +
    `<Tag>PicProcess</Tag><JobParam>${pictureRule('imageMogr2/rotate/90')}</JobParam>` +
    `${outputTo(output)}${operation}</Operation></Request>`
  );
}
