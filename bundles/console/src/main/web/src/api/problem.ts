// SPDX-License-Identifier: Apache-2.0
import { withFieldNames } from '../ui/fieldName';

export interface FieldProblem {
  field: string;
  detail: string;
}

/** An answer that is not a success: an `application/problem+json` document (RFC 9457) or what is nearest to it. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    /** Last part of `type`, for example `camera-auth`. */
    readonly kind: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly FieldProblem[] = [],
    readonly retryAfterSeconds?: number,
  ) {
    super(detail || title);
    this.name = 'ApiProblem';
  }

  static async from(response: Response): Promise<ApiProblem> {
    const retryAfter = Number(response.headers.get('Retry-After'));
    const retryAfterSeconds = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined;
    try {
      const body = (await response.json()) as Record<string, unknown>;
      return new ApiProblem(
        response.status,
        String(body.type ?? '').replace(/^.*\//, '') || 'unknown',
        String(body.title ?? response.statusText),
        withFieldNames(String(body.detail ?? '')),
        fieldProblems(body.errors),
        retryAfterSeconds,
      );
    } catch {
      return new ApiProblem(response.status, 'unknown', `HTTP ${response.status}`, '', [], retryAfterSeconds);
    }
  }
}

/** The server did not answer at all. */
export class NetworkProblem extends Error {
  constructor(cause: unknown) {
    super('the server does not answer', { cause });
    this.name = 'NetworkProblem';
  }
}

function fieldProblems(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) {
    return [];
  }
  return errors
    .filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null)
    .map((entry) => ({
      field: String(entry.field ?? ''),
      detail: withFieldNames(String(entry.detail ?? '')),
    }));
}
