/** Uploads that show what the sample rules do, and what they leave alone. */
export const SAMPLE_UPLOADS = [
  upload('incoming/products/mug.jpg', 482_113, 'image/jpeg'),
  upload('incoming/products/shoes/red.boot.jpg', 1_204_880, 'image/jpeg'),
  upload('incoming/products/keep.jpg', 301_442, 'image/jpeg', { 'no-cutout': 'true' }),
  upload('incoming/watermarked/beach.jpg', 2_810_004, 'image/jpeg'),
  upload('incoming/small/label.png', 40_310, 'image/png'),
  upload('incoming/clips/hello.mp4', 8_340_112, 'video/mp4'),
  upload('incoming/products/readme.txt', 812, 'text/plain'),
];

function upload(
  key: string,
  size: number,
  contentType: string,
  metadata: Readonly<Record<string, string>> = {},
) {
  return { key, size, contentType, metadata };
}
