// SPDX-License-Identifier: Apache-2.0
import { ApiProblem } from '../api/problem';

interface Form {
  values: object;
  setFieldError: (field: string, text: string) => void;
}

/**
 * Puts what the server said of single fields beside them.
 *
 * @param names what the server calls otherwise than the form
 * @returns what is left to be said below the form: the error, or nothing when all of it stands beside fields
 */
export function atFields(error: unknown, form: Form, names: Record<string, string> = {}): unknown {
  const said = error instanceof ApiProblem ? error.errors : [];
  let placed = 0;
  for (const { field, detail } of said) {
    const own = names[field] ?? field;
    if (own in form.values) {
      form.setFieldError(own, detail);
      placed++;
    }
  }
  return said.length > 0 && placed === said.length ? undefined : error;
}
