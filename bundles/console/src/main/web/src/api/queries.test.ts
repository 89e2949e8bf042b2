// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ApiProblem, NetworkProblem } from './problem';
import { isWorthAnotherTry } from './queries';

describe('a question that was not answered', () => {
  const refused = (status: number, kind: string) => new ApiProblem(status, kind, '', '');

  it('is asked again while a part is away or a camera is busy, a few times', () => {
    for (const error of [refused(503, 'unavailable'), refused(422, 'camera-busy')]) {
      expect(isWorthAnotherTry(0, error)).toBe(true);
      expect(isWorthAnotherTry(3, error)).toBe(false);
    }
  });

  it('is not asked again when it was refused or nobody answers', () => {
    for (const error of [
      refused(422, 'camera-driver-missing'),
      refused(403, 'forbidden'),
      new NetworkProblem(0),
    ]) {
      expect(isWorthAnotherTry(0, error)).toBe(false);
    }
  });
});
