// SPDX-License-Identifier: Apache-2.0
import { HttpResponse } from 'msw';

/** As of which origin a request is does not matter. */
export const at = (path: string) => `*${path}`;

export function ok(value: object, status = 200, headers: Record<string, string> = {}) {
  return HttpResponse.json(value, {
    status,
    headers: { 'X-NXvms-Server-Time': String(Date.now()), 'Cache-Control': 'no-store', ...headers },
  });
}

export const page = (items: readonly unknown[]) => ok({ items });

export const nothing = () => new HttpResponse(null, { status: 204 });

export function problem(
  status: number,
  type: string,
  detail: string,
  errors?: { field: string; detail: string }[],
) {
  return HttpResponse.json(
    { type: `/problems/${type}`, title: type, status, detail, ...(errors ? { errors } : {}) },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

export const absent = (what: string) => problem(404, 'not-found', `There is no such ${what}.`);
