import { Fault } from '../../../shared/core/fault.ts';
import { TICKET_METADATA, ticketWork, writeTicket } from '../../../shared/progress/ticket.ts';
import { payFor } from '../../../shared/run/budget.ts';
import type { Suite } from '../../../shared/run/ports.ts';
import { callerOf, mustBeAllowed } from '../caller-of.ts';
import { objectOf } from '../named.ts';
import { readBody } from '../read-body.ts';
import { stepReply } from '../replies.ts';
import type { Route } from '../route.ts';
import { TicketReply, UploadRequest } from '../shapes.ts';
import { type UploadSteps, uploadSteps } from '../upload-steps.ts';

/** An upload that begins in the last moment of its ticket is still one by ticket. */
const LONGEST_UPLOAD_SECONDS = 900;

export const postUpload: Route = {
  id: 'makeTicket',
  method: 'POST',
  path: '/v1/uploads',
  summary: 'Get a ticket for an upload that is processed as it arrives',
  says: 'The answer is a signed address for one upload. Send the bytes there with exactly the headers that come with it, and the answer of the storage says what was made. What the upload cannot do by itself, or failed to do, is done afterwards.',
  opens: 'key',
  given: [],
  body: UploadRequest,
  example: {
    body: { key: 'incoming/products/mug.jpg', contentType: 'image/jpeg', size: 482113 },
  },
  answers: { 201: { says: 'The ticket', shape: TicketReply } },
  async run({ env }) {
    const { suite } = env;
    const caller = callerOf(env);
    const asked = readBody(env.event, UploadRequest);
    const { contentType, size, replace, seconds } = asked;
    const object = objectOf(asked, suite);
    const upload = uploadSteps(suite.rules.rules, { ...object, contentType, size });
    if (upload.templates.length === 0) {
      throw new Fault('CALLER_DENIED', `No rule takes an upload of ${object.key}`, {
        hint: 'Callers may upload what a rule takes, by its key, size and content type',
      });
    }
    mustBeAllowed(caller, upload.templates);

    const steps = (await isPaidFor(upload, suite)) ? upload.now : [];
    const untilSeconds = Math.floor(suite.now() / 1000) + seconds;
    const { bucket, key } = object;
    const works = steps.map((step) => ticketWork(step, suite.digest));
    const ticket = { bucket, key, untilSeconds: untilSeconds + LONGEST_UPLOAD_SECONDS, works };
    const { url, headers } = suite.addresses.toUpload(
      object,
      steps,
      {
        'content-type': contentType,
        'content-length': String(size),
        ...(replace ? {} : { 'x-cos-forbid-overwrite': 'true' }),
        ...(works.length === 0
          ? {}
          : { [`x-cos-meta-${TICKET_METADATA}`]: writeTicket(ticket, suite.seals.seal) }),
      },
      seconds,
    );
    // Every client sends the length by itself, and a page may not set it.
    const { 'content-length': _, ...toSend } = headers;
    const reply = {
      method: 'PUT',
      url,
      headers: toSend,
      expires: new Date(untilSeconds * 1000).toISOString(),
      steps: steps.map(stepReply).map(({ id: _, ...step }) => step),
      later: upload.later + upload.now.length - steps.length,
    };
    return Response.json(reply, { status: 201, headers: { 'cache-control': 'no-store' } });
  },
};

/**
 * A ticket counts when it is given: what is done with it we learn too late to stop it. Over the budget
 * it is an upload like any other, and its event waits until there is budget again.
 */
async function isPaidFor({ source, now }: UploadSteps, suite: Suite): Promise<boolean> {
  if (now.length === 0) return false;
  const payment = await payFor({ kind: 'pictures', source, steps: now }, undefined, suite);
  return 'paid' in payment;
}
