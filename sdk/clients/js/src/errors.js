// SPDX-License-Identifier: Apache-2.0
/** Anything this package throws by itself. */
export class NXvmsError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** No answer came, or it broke off: whether the request was carried out is not known. */
export class ServerUnreachable extends NXvmsError {}

/** The server does not go on with the events: the right or the session has ended. */
export class EventsEnded extends NXvmsError {
  constructor(reason, detail) {
    super(`${reason}: ${detail}`);
    this.reason = reason;
  }
}

/** The server refused; all that its problem document (RFC 9457) says. `problem` is stable, `detail` says what to do. */
export class Problem extends NXvmsError {
  constructor(status, body, retryAfterSeconds) {
    const problem = String(body.type ?? '').replace(/^.*\//, '');
    super(`${status} ${problem || body.title}: ${body.detail ?? ''}`);
    this.status = status;
    this.problem = problem;
    this.title = String(body.title ?? '');
    this.detail = String(body.detail ?? '');
    this.instance = body.instance;
    this.errors = (Array.isArray(body.errors) ? body.errors : []).map((error) => ({
      field: String(error?.field ?? ''),
      detail: String(error?.detail ?? ''),
    }));
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class Unauthenticated extends Problem {}
export class TotpRequired extends Unauthenticated {}
export class Forbidden extends Problem {}
export class NotFound extends Problem {}
export class AlreadyThere extends Problem {}
export class Changed extends Problem {}
export class Invalid extends Problem {}
export class CameraProblem extends Problem {}
export class TooManyRequests extends Problem {}
export class Unavailable extends Problem {}

const BY_STATUS = new Map([
  [400, Invalid],
  [401, Unauthenticated],
  [403, Forbidden],
  [404, NotFound],
  [409, AlreadyThere],
  [412, Changed],
  [422, Invalid],
  [429, TooManyRequests],
  [503, Unavailable],
]);

/** What an answer of 300 and above says, whoever gave it: a proxy's page of HTML is a refusal too. */
export async function problemOf(response) {
  const text = await response.text().catch(() => '');
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null) {
    body = { title: text.slice(0, 200), detail: 'The answer is no problem document.' };
  }
  const wait = response.headers.get('Retry-After') ?? '';
  const name = String(body.type ?? '').replace(/^.*\//, '');
  let Kind = BY_STATUS.get(response.status) ?? Problem;
  if (name === 'totp-required') {
    Kind = TotpRequired;
  } else if (name.startsWith('camera-')) {
    Kind = CameraProblem;
  }
  return new Kind(response.status, body, /^\d+$/.test(wait) ? Number(wait) : undefined);
}
