import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Patience } from './patience.ts';

/** A body that brings less than this while patience lasts is cut. */
const LITTLE_BYTES = 1024;
/** So many requests may wait for their turn on one connection before no more of them is read. */
const MAX_WAITING = 32;

/** One connection, and the last request that came on it. */
interface Connection {
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  /** Requests whose turn has not come yet. */
  waiting: number;
  /** How long nothing has moved, in milliseconds, because it is our turn. */
  waitedMs: number;
  /** How the body stood when it last got on. */
  seen: Seen | undefined;
  /** Its bytes are another connection's by now: a tunnel. */
  lent: boolean;
}

interface Seen {
  readonly request: IncomingMessage;
  readonly answered: boolean;
  readonly bytes: number;
  readonly at: number;
}

/** All connections there are: their requests in turn, and none that only holds a place. */
export class Connections {
  readonly #all = new Map<Socket, Connection>();
  readonly #patience: Patience;
  #closing = false;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  add(socket: Socket): void {
    if (this.#all.has(socket)) return;
    const nothing = { request: undefined, response: undefined, seen: undefined };
    this.#all.set(socket, { ...nothing, waiting: 0, waitedMs: 0, lent: false });
    socket.once('close', () => this.#all.delete(socket));
  }

  /** From now on another connection speaks through this one. */
  lend(socket: Socket): void {
    const connection = this.#all.get(socket);
    if (connection) connection.lent = true;
  }

  /**
   * Requests of one connection are carried out one after the other, as a client that sends several
   * in one go expects: a GET behind a PUT reads what was put. Nor does anybody get a thousand
   * requests carried out at once by sending them in one piece.
   */
  take(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
    const connection = this.#all.get(request.socket);
    if (!connection) return;
    connection.request = request;
    connection.response = response;
    connection.waitedMs = 0;
    if (this.#closing) response.setHeader('Connection', 'close');
    // A response gets its socket when those before it have been sent.
    if (response.socket) {
      answer();
      return;
    }
    connection.waiting += 1;
    if (connection.waiting > MAX_WAITING) request.socket.pause();
    response.once('socket', () => {
      connection.waiting -= 1;
      if (connection.waiting === MAX_WAITING) request.socket.resume();
      answer();
    });
  }

  /** Whether a connection on which nothing moved may stay, because it waits for us. */
  mayWait(socket: Socket): boolean {
    const connection = this.#all.get(socket);
    if (!connection?.request?.complete || connection.response?.headersSent !== false) return false;
    connection.waitedMs += this.#patience.idleMs;
    return connection.waitedMs < this.#patience.answerMs;
  }

  /** Whether an answer is still to come. */
  isBusy(socket: Socket): boolean {
    return this.#all.get(socket)?.response?.writableFinished === false;
  }

  /** Says what was wrong, in its turn, and hangs up. */
  refuse(socket: Socket, text: string): void {
    const { request, response } = this.#all.get(socket) ?? {};
    const hangUp = () => {
      socket.setTimeout(this.#patience.lingerMs, () => socket.destroy());
      socket.resume();
      socket.end(text);
    };
    if (!request || !response || (request.complete && response.writableFinished)) {
      hangUp();
    } else if (request.complete) {
      // The fault lies behind a request that is good, and is still to be answered.
      socket.pause();
      response.once('close', hangUp);
    } else if (response.socket && !response.headersSent) {
      hangUp();
    } else {
      socket.destroy();
    }
  }

  /** Cuts bodies that do not get on, and those that go on and on although they were answered. */
  sweep(now: number): void {
    for (const [socket, connection] of this.#all) {
      const { request, response, seen } = connection;
      connection.seen = undefined;
      if (!request || !response || request.complete) continue;
      const answered = response.headersSent;
      const same = seen?.request === request && seen.answered === answered ? seen : undefined;
      const anew = { request, answered, bytes: socket.bytesRead, at: now };
      // What came and lies here unread is not the client's fault.
      const getsOn = (from: Seen) =>
        !answered && (anew.bytes - from.bytes >= LITTLE_BYTES || request.readableLength > 0);
      connection.seen = same && !getsOn(same) ? same : anew;
      const patience = answered ? this.#patience.lingerMs : this.#patience.slowBodyMs;
      if (now - connection.seen.at >= patience) socket.destroy();
    }
  }

  /** The answers that are under way are the last of their connections. */
  close(): void {
    this.#closing = true;
    for (const { response } of this.#all.values()) {
      if (response?.headersSent === false) response.setHeader('Connection', 'close');
    }
    this.closeIdle();
  }

  closeIdle(): void {
    for (const [socket, { request, response, lent }] of this.#all) {
      if (lent) continue;
      if (!request || !response || (request.complete && response.writableFinished)) {
        socket.destroy();
      }
    }
  }

  cutAll(): void {
    for (const socket of this.#all.keys()) socket.destroy();
  }
}
