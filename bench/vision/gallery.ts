import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Exhibit } from './exhibit.ts';
import { improvingExhibits } from './improving-exhibits.ts';
import { mattingExhibits } from './matting-exhibits.ts';
import { videoExhibits } from './video-exhibits.ts';

const CELL = 240;

/** Every fixture: what came in, what came out, what is right, and how near it is. */
export async function hangGallery(folder: string): Promise<string> {
  const exhibits = [
    ...(await mattingExhibits()),
    ...(await improvingExhibits()),
    ...(await videoExhibits()),
  ];
  mkdirSync(folder, { recursive: true });
  const most = Math.max(...exhibits.map(({ views }) => views.length));
  const cells = await Promise.all(
    exhibits.flatMap(({ views }, row) =>
      views.map(async ({ png }, column) => ({
        input: await sharp(png)
          .resize(CELL - 6, CELL - 6, { fit: 'inside' })
          .png()
          .toBuffer(),
        left: column * CELL + 3,
        top: row * CELL + 3,
      })),
    ),
  );
  await sharp({
    create: { width: most * CELL, height: exhibits.length * CELL, channels: 3, background: '#444' },
  })
    .composite(cells)
    .png()
    .toFile(join(folder, 'contact-sheet.png'));
  writeFileSync(join(folder, 'index.html'), page(exhibits));
  return join(folder, 'index.html');
}

function page(exhibits: readonly Exhibit[]): string {
  const rows = exhibits.map(
    ({ title, score, views }) =>
      `<h2>${title}</h2><p>${score}</p><div>${views
        .map(
          ({ label, png }) =>
            `<figure><img src="data:image/png;base64,${png.toString('base64')}"><figcaption>${label}</figcaption></figure>`,
        )
        .join('')}</div>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Darkroom: gallery</title><style>
    body { font: 15px system-ui; background: #444; color: #eee; margin: 2em }
    div { display: flex; flex-wrap: wrap; gap: 8px } figure { margin: 0 } img { max-width: 300px; display: block }
    h2 { margin: 1.5em 0 0 } p { margin: 0.2em 0 0.6em }</style>${rows.join('\n')}`;
}
