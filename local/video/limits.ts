/** What a video may be. Everything that bounds the work on it is here, and docs/videos.md tells it. */
export interface VideoLimits {
  readonly maxBytes: number;
  readonly maxSeconds: number;
  readonly maxFrames: number;
  /** Of a side, in pixels. */
  readonly minSide: number;
  readonly maxSide: number;
  readonly maxPixels: number;
}

export const USUAL_VIDEO_LIMITS: VideoLimits = {
  maxBytes: 4 * 1024 ** 3,
  maxSeconds: 2 * 3600,
  maxFrames: 500_000,
  minSide: 16,
  maxSide: 4096,
  maxPixels: 4096 * 2304,
};
