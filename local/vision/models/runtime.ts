import { ModelError } from './model-card.ts';

export interface Tensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A model that is loaded. */
interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}

/** What runs models. */
export interface Runtime {
  readonly name: string;
  open(model: Uint8Array): Promise<Session>;
}

/** As far as both have it in common. */
interface Onnx {
  readonly Tensor: new (
    type: string,
    data: Float32Array | Uint8Array,
    dims: readonly number[],
  ) => Tensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
    }>;
  };
}

/** The native one is seven times as fast, and has to be installed by hand; the other comes along. */
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

/** The first that is there. */
export async function modelRuntime(names: readonly RuntimeName[] = RUNTIMES): Promise<Runtime> {
  for (const name of names) {
    const onnx = await importOrNothing(name);
    if (onnx) return { name, open: (model) => open(onnx, model) };
  }
  throw new ModelError(
    'cannot be run: neither onnxruntime-node nor onnxruntime-web is installed; npm install onnxruntime-web',
  );
}

async function importOrNothing(name: RuntimeName): Promise<Onnx | undefined> {
  try {
    const loaded = await import(name);
    return loaded.default?.InferenceSession ? loaded.default : loaded;
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    if (name === 'onnxruntime-node') return undefined; // built for another machine
    throw thrown;
  }
}

async function open(onnx: Onnx, model: Uint8Array): Promise<Session> {
  // One thread each: the pool decides how many there are.
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await onnx.InferenceSession.create(model, options);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, { type, dims, data }]) => [
        name,
        new onnx.Tensor(type, data as Float32Array | Uint8Array, dims),
      ]);
      return session.run(Object.fromEntries(tensors));
    },
  };
}
