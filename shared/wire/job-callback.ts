import { Fault } from '../core/fault.ts';
import { defined } from './defined.ts';
import type { XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const FORMATS = ['XML', 'JSON'] as const;
const TYPES = ['Url', 'TDMQ', 'Kafka'] as const;

/**
 * Whom a job tells that it has ended; what is left out is decided by its queue. Where a callback of
 * type `Kafka` goes is not read, for nobody here sends one.
 */
export interface JobCallback {
  /** An address, or `no` to keep the queue's callback from being made. */
  readonly url?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly type?: (typeof TYPES)[number];
  readonly queue?: MessageQueue;
}

/** Where a callback of type `TDMQ` goes. */
interface MessageQueue {
  readonly region: string;
  readonly mode: string;
  readonly name: string;
}

export function readJobCallback(node: XmlNode): JobCallback {
  const type = wordIn(node, 'CallBackType', TYPES);
  const queue = readMessageQueue(node.child('CallBackMqConfig'));
  if (type === 'TDMQ' && !queue) {
    throw new Fault('PARAMETER_INVALID', 'CallBackType TDMQ needs a CallBackMqConfig');
  }
  return defined({
    url: node.text('CallBack')?.trim() || undefined,
    format: wordIn(node, 'CallBackFormat', FORMATS),
    type,
    queue,
  });
}

export function jobCallbackEntries({ url, format, type, queue }: JobCallback): readonly XmlEntry[] {
  return [
    ['CallBack', url],
    ['CallBackFormat', format],
    ['CallBackType', type],
    [
      'CallBackMqConfig',
      queue && [
        ['MqRegion', queue.region],
        ['MqMode', queue.mode],
        ['MqName', queue.name],
      ],
    ],
  ];
}

/** An empty element means that none was sent. */
function readMessageQueue(node: XmlNode | undefined): MessageQueue | undefined {
  if (!node || node.elements.length === 0) return undefined;
  return {
    region: node.required('MqRegion'),
    mode: node.text('MqMode') || 'Queue',
    name: node.required('MqName'),
  };
}

function wordIn<Word extends string>(
  node: XmlNode,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = node.text(name)?.trim();
  if (text === undefined || text === '') return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw new Fault('PARAMETER_INVALID', `${name} is one of ${words.join(', ')}`);
}
