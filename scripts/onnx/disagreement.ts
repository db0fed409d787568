import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelRuntime, type Tensor } from '../../local/vision/models/runtime.ts';

const MODELS: Readonly<Record<string, readonly string[]>> = {
  'matting-green': ['x'],
  'matting-recurrent': ['src', 'r1i'],
  'sr2-nearest': ['x'],
};

/** The largest difference between what both runtimes answer, by model. */
export async function disagreement(root: string): Promise<Readonly<Record<string, number>>> {
  const native = await modelRuntime(['onnxruntime-node']);
  const other = await modelRuntime(['onnxruntime-web']);
  const found: Record<string, number> = {};
  for (const [name, inputs] of Object.entries(MODELS)) {
    const bytes = readFileSync(join(root, 'test', 'fixtures', 'vision', 'onnx', `${name}.onnx`));
    const feeds = Object.fromEntries(inputs.map((input) => [input, tensorFor(input)]));
    const one = await (await native.open(bytes)).run(feeds);
    const two = await (await other.open(bytes)).run(feeds);
    found[name] = Math.max(
      ...Object.entries(one).flatMap(([output, { data }]) =>
        Array.from(data, (value, at) => Math.abs(value - (two[output]?.data[at] ?? Number.NaN))),
      ),
    );
  }
  return found;
}

/** A picture of all kinds of colours, or the state before the first. */
function tensorFor(input: string): Tensor {
  if (input === 'r1i') return { type: 'float32', dims: [1, 1, 1, 1], data: new Float32Array(1) };
  const data = Float32Array.from({ length: 3 * 24 * 32 }, (_, at) => ((at * 37) % 256) / 255);
  return { type: 'float32', dims: [1, 3, 24, 32], data };
}
