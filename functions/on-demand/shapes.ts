import * as z from 'zod';

// What is asked and answered over HTTP. The pages about it are made from here, and the tests hold
// every answer against it.

export const Template = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}(?:@[1-9][0-9]{0,5})?$/, {
    error: 'has to be the name of a template, such as cutout or cutout@1',
  })
  .describe('A template: `cutout` for its highest version, `cutout@1` for just that one')
  .meta({ examples: ['cutout'] });

export const Key = z
  .string()
  .min(1)
  .max(850)
  .regex(/^(?!\/)/, { error: 'has to have no slash in front' })
  .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, { error: 'has to be without control characters' })
  .describe('The key of an object, not encoded')
  .meta({ examples: ['incoming/products/mug.jpg'] });

export const Bucket = z
  .string()
  .max(60)
  .regex(/^[a-z0-9-]+$/)
  .describe('A source bucket by the name that rules use; the first one where none is named');

export const RunRequest = z
  .strictObject({
    key: Key,
    bucket: Bucket.exactOptional(),
    template: Template,
    mode: z
      .enum(['plan', 'wait', 'go'])
      .default('wait')
      .describe(
        '`plan` asks what would be done, `wait` does it and waits, `go` stores it and has it done later',
      ),
  })
  .meta({ id: 'RunRequest', description: 'What a template shall make of an object' });

export const UploadRequest = z
  .strictObject({
    key: Key,
    bucket: Bucket.exactOptional(),
    contentType: z
      .string()
      .max(100)
      .regex(/^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/, {
        error: 'has to be a content type such as image/jpeg',
      })
      .describe('What the upload will say it is')
      .meta({ examples: ['image/jpeg'] }),
    size: z
      .int()
      .min(1)
      .max(32 * 1024 * 1024)
      .describe('How many bytes will be sent, exactly'),
    replace: z.boolean().default(false).describe('Whether an object that is there may be replaced'),
    seconds: z.int().min(30).max(3600).default(600).describe('How long the ticket is good'),
  })
  .meta({ id: 'UploadRequest', description: 'What shall be uploaded' });

const Moment = z.string().meta({ format: 'date-time' });

const Target = z
  .object({ bucket: z.string(), region: z.string(), key: z.string() })
  .meta({ id: 'Target', description: 'Where an output is written' });

const Output = z
  .object({
    etag: z.string(),
    size: z.int().exactOptional(),
    width: z.int().exactOptional(),
    height: z.int().exactOptional(),
  })
  .meta({ id: 'Output', description: 'What stands at the target' });

const Trouble = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: 'Trouble', description: 'What went wrong last' });

const Step = z
  .object({
    id: z.string().describe('The same for the same bytes, template and target'),
    template: z.string(),
    operation: z.string(),
    target: Target,
  })
  .meta({ id: 'Step', description: 'One thing to do' });

const Receipt = z
  .object({
    ...Step.shape,
    status: z.enum(['done', 'accepted', 'skipped', 'failed']),
    output: Output.exactOptional(),
    jobId: z.string().describe('The job that does it, when it was accepted').exactOptional(),
    because: z.string().describe('Why it was skipped').exactOptional(),
    trouble: Trouble.exactOptional(),
  })
  .meta({ id: 'Receipt', description: 'What became of one step' });

const Source = z
  .object({ bucket: z.string(), region: z.string(), key: z.string(), etag: z.string() })
  .meta({ id: 'Source', description: 'An object as it stood' });

const Skip = z
  .object({ output: z.string().exactOptional(), because: z.string() })
  .meta({ id: 'Skip', description: 'What is left out, and why' });

export const PlanReply = z
  .object({
    source: Source,
    steps: z.array(Step),
    renderings: z
      .array(z.object({ template: z.string(), operation: z.string() }))
      .describe('What is made anew at each download'),
    skips: z.array(Skip),
    cost: z
      .union([z.number(), z.literal('unknown')])
      .describe('By the prices of the rules file; what has no price is unknown, never free'),
    explained: z.string().describe('The plan as `darkroom plan` prints it'),
  })
  .meta({ id: 'PlanReply', description: 'What would be done' });

export const ReceiptsReply = z
  .object({ source: Source, receipts: z.array(Receipt), skips: z.array(Skip) })
  .meta({ id: 'ReceiptsReply', description: 'What was done' });

export const RunReply = z
  .object({
    id: z.string(),
    state: z
      .enum(['waiting', 'carried-out', 'refused'])
      .describe('`refused`: nothing could be planned; `trouble` says why'),
    template: z.string(),
    object: z.object({ bucket: z.string(), region: z.string(), key: z.string() }),
    createdAt: Moment,
    trouble: Trouble.exactOptional(),
    steps: z.array(
      Step.extend({
        state: z
          .enum(['waiting', 'open', 'done', 'accepted', 'failed', 'postponed', 'dead'])
          .describe('`accepted`: a job has it; `failed`: tried again later; `dead`: never again'),
        output: Output.exactOptional(),
        jobId: z.string().exactOptional(),
        trouble: Trouble.exactOptional(),
      }),
    ),
  })
  .meta({ id: 'RunReply', description: 'A run as it stands' });

export const TicketReply = z
  .object({
    method: z.literal('PUT'),
    url: z
      .string()
      .describe('Where the bytes are sent. Whoever has it may upload, once it is sent'),
    headers: z
      .record(z.string(), z.string())
      .describe('To be sent as they are; each of them is signed'),
    expires: Moment,
    steps: z.array(Step.omit({ id: true })).describe('What the upload itself does'),
    later: z.int().describe('How many steps are done after the upload, by its event'),
  })
  .meta({ id: 'TicketReply', description: 'A signed upload that is processed as it arrives' });

export const HealthReply = z
  .object({ status: z.literal('ok') })
  .meta({ id: 'HealthReply', description: 'The settings and the rules could be read' });

export const ProblemReply = z
  .object({
    type: z.string(),
    title: z.string().describe('What the code means'),
    status: z.int(),
    detail: z.string().describe('What happened this time'),
    code: z.string().describe('The fault, as in docs/faults.md'),
    hint: z.string().describe('What to do next').exactOptional(),
    requestId: z.string(),
    receipts: z.array(Receipt).describe('What was done all the same').exactOptional(),
  })
  .meta({ id: 'Problem', description: 'Why something was not done, as RFC 9457 has it' });

/** What stands in the query of an address that renders. */
export const LINK_QUERY = [
  {
    in: 'query',
    name: 'output',
    schema: z.int().min(1).max(20).default(1).describe('Which output of the template'),
  },
  {
    in: 'query',
    name: 'expires',
    schema: z.int().describe('Of a signed link: when it ends, in seconds since 1970'),
  },
  { in: 'query', name: 'signature', schema: z.string().describe('Of a signed link') },
] as const;

export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'is the id of no run' })
  .describe('As `POST /v1/runs` answered it');

export const IdempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .describe('With `go`: a request that is sent again with the same key is the same run');

export const PictureUrl = z
  .url()
  .max(2048)
  .describe('A picture elsewhere, of a host that `http.sources` of the rules allows');
