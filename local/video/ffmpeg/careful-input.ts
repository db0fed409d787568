/** What may come from anybody: formats that hold their frames themselves, and never name other files. */
const FORMATS = [
  ...['mov', 'mp4', 'matroska', 'webm', 'avi', 'flv', 'mpegts', 'mpeg', 'ogg', 'asf', 'mxf', 'gif'],
  ...['ivf', 'h264', 'hevc', 'm4v', 'mpegvideo'],
];

/** Arguments that open a file of somebody else's: nothing but this file, no network, no playlist. */
export function carefulInput(path: string, { maxPixels }: { readonly maxPixels: number }) {
  return [
    ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', FORMATS.join(',')],
    ...['-max_pixels', String(maxPixels)],
    // The protocol by name: a file that is called `concat:a` is a file.
    ...['-i', `file:${path}`],
  ];
}
