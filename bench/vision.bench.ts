import { enlargingRows } from './vision/enlarging-rows.ts';
import { mattingRows } from './vision/matting-rows.ts';
import { repairRows } from './vision/repair-rows.ts';

export const title = 'Pictures with a known answer, beside plain OpenCV in the same run';

export async function run(print: (line: string) => void): Promise<void> {
  await mattingRows(print);
  print('');
  await repairRows(print);
  print('');
  await enlargingRows(print);
}
