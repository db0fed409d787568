/**
 * What all of these come to, as `Promise.all` says it, but never before the last one is over: an
 * invocation that has thrown must not go on behind the back of whoever takes its work over.
 */
export async function allOver<T extends readonly unknown[] | []>(
  underWay: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(underWay);
  return Promise.all(underWay);
}
