// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint';

const pem = (base64: string) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;

describe('what a certificate is compared by', () => {
  it('is the SHA-256 of its bytes, whatever stands around it', async () => {
    // The digest of "abc" is an example of FIPS 180-4.
    expect(await fingerprint(`Vendor Ltd\n${pem('YW\nJj')}`)).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is nothing for what is no certificate', async () => {
    expect(await fingerprint('YWJj')).toBeUndefined();
    expect(await fingerprint(pem('Y'))).toBeUndefined();
  });
});
