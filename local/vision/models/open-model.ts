import { readFile, stat } from 'node:fs/promises';
import { emptyPixels } from '../pixels.ts';
import { alphaByModel } from './alpha-by-model.ts';
import { colourByModel } from './colour-by-model.ts';
import { enlargeByModel } from './enlarge-by-model.ts';
import { type ModelCard, ModelError, type ModelUse, readCard } from './model-card.ts';
import { repairByModel } from './repair-by-model.ts';
import { modelRuntime, type Runtime, type Tensor } from './runtime.ts';

const MOST_BYTES = 1024 ** 3;
const MOST_CARD_BYTES = 64 * 1024;

/** A model with what is known of it. */
export interface Model {
  readonly card: ModelCard;
  /** Runs it, and answers with the tensors that the card names. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}

/** Opens a model file and the card beside it: `model.onnx` and `model.json`. */
export async function openModel(file: string, use: ModelUse, by?: Runtime): Promise<Model> {
  const cardFile = `${file.replace(/\.onnx$/i, '')}.json`;
  const card = await read(cardFile, MOST_CARD_BYTES)
    .then((bytes) => readCard(new TextDecoder().decode(bytes), use))
    .catch((thrown) => {
      throw about(cardFile, thrown);
    });
  try {
    return await opened(await read(file, MOST_BYTES), card, by ?? (await modelRuntime()));
  } catch (thrown) {
    throw about(file, thrown);
  }
}

/** Tries a model on a small picture: whatever is wrong with it is said before anybody waits for it. */
export async function checkModel(file: string, use: ModelUse): Promise<void> {
  const model = await openModel(file, use);
  const picture = emptyPixels(48, 40);
  picture.data.forEach((_, at) => {
    picture.data[at] = at % 4 === 3 ? 255 : (at * 7) % 256;
  });
  try {
    await TRIALS[use](model, picture);
  } catch (thrown) {
    throw about(file, thrown);
  }
}

const TRIALS: Readonly<
  Record<ModelUse, (model: Model, picture: ReturnType<typeof emptyPixels>) => Promise<unknown>>
> = {
  matting: alphaByModel,
  'human-seg': alphaByModel,
  repair: (model, picture) => {
    const mask = new Uint8Array(48 * 40);
    mask.fill(255, 900, 920);
    return repairByModel(model, picture, mask);
  },
  'super-resolution': (model, picture) => enlargeByModel(model, picture, model.card.times),
  colouring: colourByModel,
};

async function opened(bytes: Uint8Array, card: ModelCard, runtime: Runtime): Promise<Model> {
  const session = await runtime.open(bytes).catch((thrown) => {
    throw new ModelError(`is not a model that ${runtime.name} can load: ${firstLine(thrown)}`);
  });
  const { input, output, mask, states } = card;
  const wanted = [input, ...(mask === undefined ? [] : [mask]), ...Object.keys(states)];
  for (const name of wanted) mustHave(session.inputs, name, 'input');
  for (const name of [output, ...Object.values(states)]) mustHave(session.outputs, name, 'output');
  const unfed = session.inputs.find((name) => !wanted.includes(name));
  if (unfed !== undefined)
    throw new ModelError(`wants an input "${unfed}" that its card does not name`);
  return {
    card,
    async run(feeds) {
      try {
        return await session.run(feeds);
      } catch (thrown) {
        throw new ModelError(`cannot be run with what its card says: ${firstLine(thrown)}`);
      }
    },
  };
}

function mustHave(names: readonly string[], name: string, kind: string): void {
  if (names.includes(name)) return;
  throw new ModelError(
    `has no ${kind} "${name}"; it has ${names.map((each) => `"${each}"`).join(', ')}`,
  );
}

async function read(file: string, most: number): Promise<Uint8Array> {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : -1),
    () => -1,
  );
  if (size < 0) throw new ModelError('is not there');
  if (size > most) throw new ModelError(`has more than ${most} bytes`);
  return readFile(file);
}

function about(file: string, thrown: unknown): unknown {
  if (!(thrown instanceof ModelError) || thrown.message.startsWith(file)) return thrown;
  return new ModelError(`${file} ${thrown.message}`);
}

function firstLine(thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return said.split('\n')[0]?.slice(0, 300) ?? '';
}
