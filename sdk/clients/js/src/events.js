// SPDX-License-Identifier: Apache-2.0
import { EventsEnded, NXvmsError, Problem, TooManyRequests, Unavailable } from './errors.js';

/** The server says something every 15 s. */
const SILENCE_MAX_MS = 45_000;
const RETRY_MAX_MS = 30_000;
/** A message is one event; what is longer is no server of ours. */
const LINE_CHARS_MAX = 1_048_576;

/** Server-sent events (WHATWG HTML, 9.2.6). Only a message that is complete moves the position: half of one comes again. */
class Parser {
  retryMs = 2_000;
  #id;
  #type = '';
  #data = [];

  constructor(position) {
    this.position = position;
    this.#id = position;
  }

  /** Another connection: what was half read is not gone on with. */
  begin() {
    this.#id = this.position;
    this.#type = '';
    this.#data = [];
  }

  take(line) {
    if (line === '') {
      this.position = this.#id;
      const message = this.#data.length
        ? { type: this.#type || 'message', data: JSON.parse(this.#data.join('\n')), position: this.position }
        : undefined;
      this.begin();
      return message;
    }
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (name === 'data') {
      this.#data.push(value ?? '');
    } else if (name === 'event') {
      this.#type = value ?? '';
    } else if (name === 'id') {
      this.#id = value ?? '';
    } else if (name === 'retry' && /^\d+$/.test(value)) {
      this.retryMs = Number(value);
    }
    return undefined;
  }
}

async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    while (true) {
      const { done, value } = await within(reader.read(), SILENCE_MAX_MS);
      if (done) {
        return;
      }
      const parts = (rest + value).split('\n');
      rest = parts.pop();
      if (rest.length > LINE_CHARS_MAX) {
        throw new NXvmsError('a line of the stream of events does not end');
      }
      yield* parts.map((line) => line.replace(/\r$/, ''));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new NXvmsError('the server has fallen silent')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function sleep(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}

/**
 * Messages from a position on, until the signal says otherwise.
 *
 * @param connect opens the stream behind a position
 * @param said called with each line that comes, at least every 15 s
 */
export async function* follow(connect, said, position, signal, pause = sleep) {
  const parser = new Parser(position);
  let attempts = 0;
  let opened = false;
  while (!signal?.aborted) {
    let waitMs = 0;
    try {
      const response = await connect(parser.position);
      opened = true;
      parser.begin();
      for await (const line of lines(response)) {
        await said();
        const message = parser.take(line);
        if (message?.type === 'end') {
          if (message.data.reason === 'forbidden') {
            throw new EventsEnded('forbidden', message.data.detail);
          }
          // The session may have ended or the server may be about to stop: coming again tells.
          break;
        }
        if (message?.type === 'event' || message?.type === 'reset') {
          attempts = 0;
          yield message;
        }
      }
    } catch (error) {
      if (signal?.aborted) {
        return;
      }
      const later = error instanceof TooManyRequests || error instanceof Unavailable;
      // A wrong address is told at once; only what has been there is waited for.
      if (error instanceof EventsEnded || (error instanceof Problem && !later) || (!opened && !later)) {
        throw error;
      }
      waitMs = (error.retryAfterSeconds ?? 0) * 1000;
    }
    const backoff = Math.min(RETRY_MAX_MS, parser.retryMs * 2 ** Math.min(attempts++, 10));
    await pause(Math.max(waitMs, backoff * (0.75 + Math.random() / 2)), signal);
  }
}
