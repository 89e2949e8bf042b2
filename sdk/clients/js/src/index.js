// SPDX-License-Identifier: Apache-2.0
export { Client } from './client.js';
export {
  AlreadyThere,
  CameraProblem,
  Changed,
  EventsEnded,
  Forbidden,
  Invalid,
  NotFound,
  NXvmsError,
  Problem,
  ServerUnreachable,
  TooManyRequests,
  TotpRequired,
  Unauthenticated,
  Unavailable,
} from './errors.js';
