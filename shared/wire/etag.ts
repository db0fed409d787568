/** An etag without the quotes it has on the wire; some answers leave them out. */
export function readEtag(text: string): string {
  const etag = text.trim();
  return etag.length > 1 && etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}

/** An etag as headers and bodies carry it: the quotes are part of the value. */
export function writeEtag(etag: string): string {
  return `"${etag}"`;
}
