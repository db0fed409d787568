import * as z from 'zod';
import { Fault } from '../../../shared/core/fault.ts';
import { type ObjectRef, sameObject } from '../../../shared/core/object-ref.ts';
import { estimate } from '../../../shared/plan/estimate.ts';
import { explain } from '../../../shared/plan/explain.ts';
import { titleOf } from '../../../shared/plan/overrides.ts';
import type { Template } from '../../../shared/plan/rule.ts';
import { ruleForTemplate } from '../../../shared/plan/rule-for-template.ts';
import { reasonToReplay } from '../../../shared/progress/receipt.ts';
import { planSource } from '../../../shared/run/plan-source.ts';
import { storeRun } from '../../../shared/run/runs.ts';
import { submit } from '../../../shared/run/submit.ts';
import type { Asked } from '../asked.ts';
import { type Caller, callerOf, mustBeAllowed } from '../caller-of.ts';
import { objectOf, sourceOf, templateOf } from '../named.ts';

import { problemAnswer } from '../problem.ts';
import { readBody, readShape } from '../read-body.ts';
import { receiptReply, skipReply, sourceReply, stepReply } from '../replies.ts';
import type { Route } from '../route.ts';
import { runReply } from '../run-reply.ts';
import { IdempotencyKey, PlanReply, ReceiptsReply, RunReply, RunRequest } from '../shapes.ts';

export const postRun: Route = {
  id: 'startRun',
  method: 'POST',
  path: '/v1/runs',
  summary: 'Have a template make something of an object',
  says: 'What was made of the same bytes before is not made, and not paid for, again: whoever asks twice is told `already-done`.',
  opens: 'key',
  given: [{ in: 'header', name: 'idempotency-key', schema: IdempotencyKey }],
  body: RunRequest,
  example: { body: { template: 'cutout', key: 'incoming/products/mug.jpg' } },
  answers: {
    200: {
      says: 'What was done (`wait`), or what would be (`plan`)',
      shape: z.union([ReceiptsReply, PlanReply]),
    },
    202: {
      says: 'It will be done: a job has it (`wait`), or the run is stored (`go`)',
      shape: z.union([ReceiptsReply, RunReply]),
      headers: ['location'],
    },
  },
  async run({ env }) {
    const caller = callerOf(env);
    const { mode, template: reference, ...place } = readBody(env.event, RunRequest);
    const template = templateOf(reference, env.suite);
    mustBeAllowed(caller, [template]);
    const object = objectOf(place, env.suite);
    switch (mode) {
      case 'plan':
        return planned(object, template, env);
      case 'wait':
        return carriedOut(object, template, env);
      case 'go':
        return stored(object, template, caller, env);
    }
  },
};

async function planned(object: ObjectRef, template: Template, { suite }: Asked): Promise<Response> {
  const plan = await planSource(await sourceOf(object, suite), [ruleForTemplate(template)], suite);
  return Response.json({
    source: sourceReply(plan.source),
    steps: plan.steps.map(stepReply),
    renderings: plan.renderings.map(({ template, operation }) => ({ template, operation })),
    skips: plan.skips.map(skipReply),
    cost: estimate([plan], suite.rules.prices).money,
    explained: explain(plan),
  });
}

async function carriedOut(
  object: ObjectRef,
  template: Template,
  { suite, requestId }: Asked,
): Promise<Response> {
  const plan = await planSource(await sourceOf(object, suite), [ruleForTemplate(template)], suite);
  const receipts = await submit(plan.source, plan.steps, suite);
  const shown = receipts.map(receiptReply);
  const reason = reasonToReplay(receipts);
  if (reason) return problemAnswer(reason, requestId, { receipts: shown });
  const reply = {
    source: sourceReply(plan.source),
    receipts: shown,
    skips: plan.skips.map(skipReply),
  };
  const goesOn = receipts.some(({ status }) => status === 'accepted');
  return Response.json(reply, { status: goesOn ? 202 : 200 });
}

/** Nothing of it is done before the answer: whoever carries it out finds it where it is stored. */
async function stored(
  object: ObjectRef,
  template: Template,
  caller: Caller,
  { event, suite, invoke }: Asked,
): Promise<Response> {
  const { 'idempotency-key': given } = event.headers;
  const run = await storeRun(
    {
      caller: caller.name,
      object,
      template: titleOf(template),
      ...(given === undefined
        ? {}
        : { idempotencyKey: readShape(given, IdempotencyKey, 'idempotency-key') }),
    },
    suite,
  );
  if (!sameObject(run.object, object) || run.template !== titleOf(template)) {
    throw new Fault('RUN_CONFLICT', `This idempotency key was used for the run ${run.id}`, {
      hint: 'Send a key of its own with each request that asks for something else',
    });
  }
  if (run.state === 'waiting') await invoke?.(run.id);
  return Response.json(await runReply(run, suite), {
    status: 202,
    headers: { location: `/v1/runs/${run.id}` },
  });
}
