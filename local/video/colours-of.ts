import type { Colours } from './clip.ts';

const MATRICES = ['bt709', 'smpte170m', 'bt470bg', 'bt2020nc', 'fcc', 'smpte240m'];
const WORD = /^[a-z0-9-]{3,20}$/;

/**
 * From the line in which ffmpeg tells of a decoded video: `yuv420p(tv, bt709, progressive)`, or
 * three names where matrix, primaries and transfer differ: `bt2020nc/bt2020/smpte2084`.
 */
export function coloursOf(said: string, height: number): Colours {
  const inside = /Video: [^\n]*?yuv\w*\(([^)\n]*)\)/.exec(said)?.[1] ?? '';
  for (const part of inside.split(', ')) {
    const names = part.split('/');
    const [matrix = ''] = names;
    if (!MATRICES.includes(matrix) || !names.every((name) => WORD.test(name))) continue;
    const [, primaries = matrix, transfer = matrix] = names;
    return {
      matrix: matrix === 'bt709' || matrix === 'bt2020nc' ? 'bt709' : 'bt601',
      tags: [matrix, primaries, transfer === 'bt470bg' ? 'gamma28' : transfer],
    };
  }
  // What players take for it where nothing is said.
  return { matrix: height >= 720 ? 'bt709' : 'bt601', tags: [] };
}
