// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { speedIn, withSpeed } from './speed';

const address = (text: string) => new URLSearchParams(text);

describe('the speed in an address', () => {
  it('is one that is offered, else the usual one', () => {
    expect(speedIn(address('t=x&speed=4'))).toBe(4);
    expect(speedIn(address('speed=0.25'))).toBe(0.25);
    for (const text of ['', 'speed=', 'speed=3', 'speed=-2', 'speed=fast', 'speed=1e9']) {
      expect(speedIn(address(text))).toBe(1);
    }
  });

  it('is written beside what is there, and left out when it is the usual one', () => {
    expect(withSpeed(address('cameras=a%2Cb&t=x'), 8).toString()).toBe('cameras=a%2Cb&t=x&speed=8');
    expect(withSpeed(address('t=x&speed=8'), 1).toString()).toBe('t=x');
    expect(speedIn(withSpeed(address(''), 0.5))).toBe(0.5);
  });
});
