/** How near an opacity comes to the exact one. */
export interface AlphaScores {
  /** Common to both over covered by either, at half opacity. */
  readonly iou: number;
  /** The mean of what is wrong, of 0 to 1. */
  readonly mae: number;
  /** The share of pixels on the wrong side of half opacity. */
  readonly wrong: number;
}

/** Where the truth is said to be unclear, as around photographed subjects, 128 is not counted. */
export function alphaScores(alpha: Uint8Array, truth: Uint8Array, unclear: boolean): AlphaScores {
  let [common, either, sum, count] = [0, 0, 0, 0];
  truth.forEach((exact, at) => {
    if (unclear && exact > 100 && exact < 156) return;
    const own = alpha[at] ?? 0;
    if (own >= 128 && exact >= 128) common++;
    if (own >= 128 || exact >= 128) either++;
    sum += Math.abs(own - exact) / 255;
    count++;
  });
  return { iou: common / Math.max(1, either), mae: sum / count, wrong: (either - common) / count };
}

export function meanScores(all: readonly AlphaScores[]): AlphaScores {
  const mean = (of: (each: AlphaScores) => number) =>
    all.reduce((sum, each) => sum + of(each), 0) / Math.max(1, all.length);
  return {
    iou: mean((each) => each.iou),
    mae: mean((each) => each.mae),
    wrong: mean((each) => each.wrong),
  };
}
