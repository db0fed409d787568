import type { Place, Places } from './places.ts';
import {
  type FunctionName,
  operationActions,
  REQUEST_ACTIONS,
  type RequestAction,
} from './request-actions.ts';
import {
  bucketResource,
  objectResources,
  processingResource,
  roleResource,
  type Span,
} from './resource.ts';
import { ruleForTemplate } from './rule-for-template.ts';
import type { Rules } from './rules.ts';
import { type Statement, withoutNeedless } from './statement.ts';
import { isNamedBy } from './template-reference.ts';
import { type Work, worksOf } from './work.ts';

export type Permissions = Readonly<Record<FunctionName, readonly Statement[]>>;

/** A request that a function sends for some work; without work, for its own records. */
interface Need {
  readonly row: RequestAction;
  readonly work?: Work;
}

const { seeSource, seeOutput, seeBorrowed, lendBorrowed } = REQUEST_ACTIONS;
const { readRecord, writeRecord, seeVersioning, listRecords, listSources } = REQUEST_ACTIONS;
const { handOutOutput, takeUpload, askJob, findJob, passRole } = REQUEST_ACTIONS;

const OWN_RECORDS: readonly Need[] = [readRecord, writeRecord, seeVersioning].map((row) => ({
  row,
}));

/**
 * What each function has to be allowed, and nothing else: by the rules for uploads, by the templates
 * that callers may name for requests. A function that has nothing to do gets nothing.
 *
 * `doubtful` adds the actions that some page of the service asks for and a newer one does not.
 */
export function permissionsFor(
  { rules, templates, http }: Pick<Rules, 'rules' | 'templates' | 'http'>,
  places: Places,
  { doubtful = false }: { readonly doubtful?: boolean } = {},
): Permissions {
  const named = http.callers.flatMap((caller) => caller.templates);
  const uploaded = worksOf(rules, places).filter(({ method }) => method !== 'download');
  const called = worksOf(
    templates.filter((template) => isNamedBy(named, template)).map(ruleForTemplate),
    places,
  );
  // What callers ask for and do not wait for, the timer carries out.
  const stored = called.filter(({ method }) => method !== 'download');
  const jobs = [...uploaded, ...stored].filter(({ method }) => method === 'job');
  // A caller's upload is one that the rules make something of, in the very request that stores it.
  const tickets = called.length === 0 ? [] : uploaded.filter(({ method }) => method === 'cloud');

  const submitting = uploaded.flatMap((work) => needsOf(work, doubtful));
  const needs: Readonly<Record<FunctionName, readonly Need[]>> = {
    'on-upload': submitting,
    reprocess: [
      ...submitting,
      ...stored.flatMap((work) => needsOf(work, doubtful)),
      ...uploaded.map((work) => ({ row: listSources, work })),
      ...jobs.map((work) => ({ row: askJob, work })),
      ...(uploaded.length + stored.length > 0 ? [{ row: listRecords }] : []),
    ],
    'on-demand': [
      ...called.flatMap((work) => needsOf(work, doubtful)),
      ...called.map((work) => ({ row: handOutOutput, work })),
      ...(http.sources.length > 0 ? called.flatMap((work) => fromOutside(work, doubtful)) : []),
      ...tickets.flatMap((work) => ticketNeeds(work, doubtful)),
    ],
    'on-callback': jobs.flatMap((work) => [
      { row: seeOutput, work },
      { row: askJob, work },
    ]),
  };
  const policy = (name: FunctionName) =>
    needs[name].length === 0 ? [] : statementsFor([...needs[name], ...OWN_RECORDS], places);
  return {
    'on-upload': policy('on-upload'),
    reprocess: policy('reprocess'),
    'on-demand': policy('on-demand'),
    'on-callback': policy('on-callback'),
  };
}

function needsOf(work: Work, doubtful: boolean): readonly Need[] {
  const { operation, method } = work;
  const job = method === 'job' ? [findJob, ...(operation.passesRole ? [passRole] : [])] : [];
  return [
    seeSource,
    ...operationActions(operation, method, doubtful),
    seeOutput,
    seeBorrowed,
    lendBorrowed,
    ...job,
  ].map((row) => ({ row, work }));
}

function ticketNeeds(work: Work, doubtful: boolean): readonly Need[] {
  const processing = operationActions(work.operation, 'upload', doubtful);
  return [takeUpload, ...processing, seeOutput, seeBorrowed, lendBorrowed].map((row) => ({
    row,
    work,
  }));
}

/**
 * Pictures from allowed hosts are rendered at download even where the template would store them. Those
 * that need a mask beside their source are refused.
 */
function fromOutside(work: Work, doubtful: boolean): readonly Need[] {
  if (work.borrowed.length > 0) return [];
  return operationActions(work.operation, 'download', doubtful).map((row) => ({ row, work }));
}

/** One statement for each purpose. What turns out to be about no object at all is left out. */
function statementsFor(needs: readonly Need[], places: Places): readonly Statement[] {
  const purposes = new Map<string, Need[]>();
  for (const need of needs) {
    const list = purposes.get(need.row.why);
    if (list) list.push(need);
    else purposes.set(need.row.why, [need]);
  }
  const statements = [...purposes].flatMap(([why, list]) => {
    const action = [...new Set(list.flatMap(({ row }) => row.actions))].sort();
    const resource = resourcesFor(list, places);
    return resource.length === 0 ? [] : [{ why, action, resource }];
  });
  return withoutNeedless(statements);
}

/** Needs of one purpose are about one kind of resource. */
function resourcesFor(needs: readonly Need[], places: Places): readonly string[] {
  const works = needs.flatMap(({ work }) => (work ? [work] : []));
  const objects = (spans: readonly Span[]) => objectResources(places, spans);
  const buckets = (text: (account: Places, place: Place) => string) => [
    ...new Set(works.flatMap((work) => work.buckets.map((place) => text(places, place)))),
  ];
  const { bucket, region, prefix } = places.state;
  switch (needs[0]?.row.on) {
    case 'source':
      return objects(works.flatMap(({ sources }) => sources));
    case 'output':
      return objects(works.flatMap(({ outputs }) => outputs));
    case 'borrowed':
      return objects(works.flatMap(({ borrowed }) => borrowed));
    case 'record':
      return objects([{ bucket, region, key: prefix, only: false }]);
    case 'state-bucket':
      return [bucketResource(places, places.state)];
    case 'source-bucket':
      return buckets(bucketResource);
    case 'processing':
      return buckets(processingResource);
    case 'service-role':
      return [roleResource(places)];
    case 'function':
    case undefined:
      return [];
  }
}
