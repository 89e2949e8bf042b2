// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * Encrypts in segments of equal length, of which the last says so: a file that ends early is known from one that is whole,
 * and nothing need be believed before its tag is right. Closing writes the last segment; without it the file is torn.
 */
final class SealedOutput extends OutputStream {
    static final int SEGMENT_BYTES = 64 * 1_024;

    private final OutputStream out;
    private final BackupKey key;
    private final byte[] segment = new byte[SEGMENT_BYTES];
    private int filled;
    private long number;

    SealedOutput(OutputStream out, BackupKey key) throws IOException {
        this.out = out;
        this.key = key;
        out.write(key.head());
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            // A full segment waits until it is known whether it is the last.
            if (filled == SEGMENT_BYTES) {
                seal(false);
            }
            int more = Math.min(end - at, SEGMENT_BYTES - filled);
            System.arraycopy(bytes, at, segment, filled, more);
            filled += more;
            at += more;
        }
    }

    /** Writes the last segment; the stream below stays open. */
    void finish() throws IOException {
        seal(true);
    }

    private void seal(boolean last) throws IOException {
        try {
            out.write(key.cipher(Cipher.ENCRYPT_MODE, number++, last).doFinal(segment, 0, filled));
            filled = 0;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK does not offer AES-GCM", e);
        }
    }
}
