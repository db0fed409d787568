/** The name rules use for a bucket: `studio` of `studio-1300001234`. */
export function bucketName(bucket: string): string {
  const dash = bucket.lastIndexOf('-');
  return dash < 0 ? bucket : bucket.slice(0, dash);
}

/** The full name of a bucket of the same account as another. */
export function bucketBeside(bucket: string, name: string): string {
  return name + bucket.slice(bucketName(bucket).length);
}
