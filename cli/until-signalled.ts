/** Until somebody presses Ctrl-C, or the process is asked to end. */
export function untilSignalled(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
}
