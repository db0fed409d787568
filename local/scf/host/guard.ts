import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Keeps a list of processes, and ends those on it when what it reads comes to its end. It outlives
 * what a terminal sends to all that was started in it.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
all=' '
while read -r does pid; do
  case "$does" in
    add) all="$all$pid " ;;
    drop) case "$all" in *" $pid "*) all="\${all%% $pid *} \${all#* $pid }" ;; esac ;;
  esac
done
for pid in $all; do kill -KILL "$pid" 2>/dev/null; done
`;

/**
 * Ends the processes of functions when the engine is killed: one that is in a loop cannot see for
 * itself that the engine is gone. Where there is no shell there is no guard either.
 */
export class Guard {
  #shell: ChildProcess | undefined;

  add(pid: number): void {
    this.#shell ??= started();
    this.#shell.stdin?.write(`add ${pid}\n`);
  }

  /** The process is over, and its number may become somebody else's. */
  drop(pid: number): void {
    this.#shell?.stdin?.write(`drop ${pid}\n`);
  }

  /** Ends what is left of what was added. */
  stop(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }
}

function started(): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  shell.unref();
  return shell;
}
