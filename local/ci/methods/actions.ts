/** The CAM action an operation needs while downloading. For the others no page names one. */
const ACTIONS: Readonly<Record<string, string>> = {
  AIPicMatting: 'ci:CreateS3AIPicMattingJob',
  GoodsMatting: 'ci:CreateGoodsMattingJob',
  ImageRepair: 'ci:CreateImageRepairJob',
  AISuperResolution: 'ci:CreateSuperResolutionJob',
  AIImageColoring: 'ci:CreateAIImageColoringJob',
  AIEnhanceImage: 'ci:CreateAIEnhanceImageJob',
};

export function ciActionOf(operation: string): string | undefined {
  return Object.hasOwn(ACTIONS, operation) ? ACTIONS[operation] : undefined;
}
