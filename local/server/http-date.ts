let lastSecond = -1;
let lastText = '';

/** A moment as headers have it. Most requests of a second ask for the same one. */
export function httpDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(ms).toUTCString();
  }
  return lastText;
}
