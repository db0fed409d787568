import { Fault } from '../../../shared/core/fault.ts';
import type { Step } from '../../../shared/plan/plan.ts';
import { ruleForTemplate } from '../../../shared/plan/rule-for-template.ts';
import { type Receipt, reasonToReplay } from '../../../shared/progress/receipt.ts';
import { planSource } from '../../../shared/run/plan-source.ts';
import { submit } from '../../../shared/run/submit.ts';
import { objectOf, sourceOf } from '../named.ts';
import { pathPart } from '../path-part.ts';

import { readShape } from '../read-body.ts';
import { redirectTo } from '../redirect-to.ts';
import { renderAsked } from '../render-asked.ts';
import type { Route } from '../route.ts';
import { Bucket, Key, LINK_QUERY, Template } from '../shapes.ts';

export const renderObject: Route = {
  id: 'renderObject',
  method: 'GET',
  path: '/v1/render/{template}/{key}',
  summary: 'Show what a template makes of an object',
  says: 'The output that is there; where it is missing, it is made first. An output that is not stored is made on the way, at every look. `HEAD` makes nothing: it says 404 where nothing is there yet.',
  opens: 'key or link',
  given: [
    { in: 'path', name: 'template', schema: Template },
    { in: 'path', name: 'key', schema: Key },
    { in: 'query', name: 'bucket', schema: Bucket },
    ...LINK_QUERY,
  ],
  answers: { 303: { says: 'Where it is', headers: ['location', 'cache-control'] } },
  async run({ env, req }) {
    const { event, suite } = env;
    const { bucket } = event.query;
    const key = readShape(pathPart(req.path, 4, 'andMore'), Key, 'key');
    const place = bucket === undefined ? { key } : { key, bucket };
    const { template, output, left } = renderAsked(pathPart(req.path, 3, 'alone'), place, env);
    const source = await sourceOf(objectOf(place, suite), suite);
    const plan = await planSource(
      source,
      [ruleForTemplate({ ...template, outputs: [output] })],
      suite,
    );

    const [rendering] = plan.renderings;
    if (rendering) {
      return redirectTo(
        (seconds) => suite.addresses.toRender(source, rendering.call, seconds),
        left,
      );
    }
    const [step] = plan.steps;
    if (!step) throw nothingMade(key, plan.skips[0]?.because);
    if (event.method !== 'HEAD') {
      const [receipt] = await submit(source, [step], suite);
      const why = receipt && reasonToWait(receipt);
      if (why) throw why;
    }
    if (!(await suite.objects.head(step.target))) throw nothingThere(step);
    return redirectTo((seconds) => suite.addresses.toRead(step.target, seconds), left);
  },
};

/** Why the output of a step cannot be looked at now; nothing when it can. */
function reasonToWait(receipt: Receipt): Fault | undefined {
  const { step, status } = receipt;
  const replay = reasonToReplay([receipt]);
  if (replay) return replay;
  switch (status) {
    case 'done':
      return undefined;
    case 'accepted':
      return new Fault('STEP_HELD', `A job makes ${step.target.key}`);
    case 'failed':
      return receipt.fault;
    case 'skipped':
      if (receipt.because === 'already-done') return undefined;
      if (receipt.because === 'dead') {
        return new Fault('NOT_THERE', `${step.target.key} could not be made, and was given up`);
      }
      return new Fault('STEP_HELD', `${step.target.key} is not made now: ${receipt.because}`);
  }
}

function nothingMade(key: string, because = 'nothing to do'): Fault {
  return new Fault('NOT_THERE', `This template makes nothing of ${key}: ${because}`);
}

function nothingThere({ target }: Step): Fault {
  return new Fault('NOT_THERE', `There is no ${target.key}: it is not made yet, or was removed`, {
    hint: 'What was made once and removed is made again for a new version of the template',
  });
}
