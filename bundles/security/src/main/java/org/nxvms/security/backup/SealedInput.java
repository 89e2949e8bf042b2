// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.nxvms.platform.api.backup.BackupException;

/** Decrypts what {@link SealedOutput} wrote; gives nothing of a segment whose tag is not right. */
final class SealedInput extends InputStream {
    private final InputStream in;
    private final BackupKey key;
    private byte[] sealed;
    private int sealedBytes;
    private byte[] clear = new byte[0];
    private int at;
    private long number;
    private boolean ended;

    SealedInput(InputStream in, String passphrase) throws IOException {
        this.in = in;
        byte[] head = in.readNBytes(BackupKey.HEAD_BYTES);
        if (head.length < BackupKey.HEAD_BYTES) {
            throw new BackupException("This is no backup of NXvms, or it is torn: it ends after " + head.length
                    + " bytes. Use another copy of it.");
        }
        this.key = BackupKey.open(head, passphrase);
        fetch();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == clear.length) {
            if (ended) {
                return -1;
            }
            open();
        }
        int some = Math.min(length, clear.length - at);
        System.arraycopy(clear, at, bytes, offset, some);
        at += some;
        return some;
    }

    /** One segment ahead, to know whether one is the last. */
    private void fetch() throws IOException {
        sealed = in.readNBytes(SealedOutput.SEGMENT_BYTES + BackupKey.TAG_BYTES);
        sealedBytes = sealed.length;
    }

    private void open() throws IOException {
        byte[] current = sealed;
        int length = sealedBytes;
        fetch();
        ended = sealedBytes == 0;
        if (length < BackupKey.TAG_BYTES) {
            throw damaged(length, null);
        }
        try {
            clear = key.cipher(Cipher.DECRYPT_MODE, number, ended).doFinal(current, 0, length);
            at = 0;
            number++;
        } catch (GeneralSecurityException e) {
            throw damaged(length, e);
        }
    }

    private BackupException damaged(int length, GeneralSecurityException cause) {
        long from = BackupKey.HEAD_BYTES + number * (SealedOutput.SEGMENT_BYTES + BackupKey.TAG_BYTES);
        return new BackupException(
                ended
                        ? "The backup is torn or was altered: it ends at byte " + (from + length)
                                + ", where it does not end by itself. Use another copy of it."
                        : "The backup was altered or is damaged between bytes " + from + " and " + (from + length)
                                + ". Use another copy of it.",
                cause);
    }
}
