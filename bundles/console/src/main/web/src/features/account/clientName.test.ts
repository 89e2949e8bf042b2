// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { clientName } from './clientName';

describe('a client', () => {
  it('that is a browser is named by it and its system', () => {
    const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
    expect(clientName('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe(
      'Firefox 140 on Linux',
    );
    expect(clientName(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/141.0.0.0`)).toBe(
      'Edge 141 on Windows',
    );
    expect(clientName(`Mozilla/5.0 (Linux; Android 10; K) ${chrome}`)).toBe('Chrome 141 on Android');
    expect(
      clientName(
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      ),
    ).toBe('Safari 18 on macOS');
  });

  it('that is another program is shown as it says, and one that says nothing as unknown', () => {
    expect(clientName('curl/8.14.1')).toBe('curl/8.14.1');
    expect(clientName(undefined)).toBe('unknown client');
  });
});
