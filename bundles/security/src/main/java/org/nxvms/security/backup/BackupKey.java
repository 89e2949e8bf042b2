// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.platform.api.backup.BackupException;

/**
 * How a backup's file begins, and what its passphrase opens: a magic, the format's version, the cost of Argon2id, a random
 * salt, and a keyed hash over those, by which a wrong passphrase is told apart from a torn file. Half of what Argon2id
 * gives is the key of that hash, the other half encrypts. Each file has a key of its own by its salt, so that segments are
 * simply counted for their nonces.
 */
final class BackupKey {
    static final byte[] MAGIC = "NXvmsBak".getBytes(StandardCharsets.US_ASCII);
    static final short FORMAT = 1;
    static final int HEAD_BYTES = 8 + 2 + 4 + 2 + 16 + 32;
    static final int TAG_BYTES = 16;

    /** As RFC 9106 4 has it for little memory, on one lane: most of a second. */
    static final int MEMORY_KIB = 64 * 1_024;

    private static final int PASSES = 3;
    private static final int MEMORY_KIB_MAX = 128 * 1_024;
    private static final int PASSES_MAX = 10;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    private final byte[] head;
    private final SecretKeySpec key;

    private BackupKey(byte[] head, byte[] key) {
        this.head = head;
        this.key = new SecretKeySpec(key, "AES");
    }

    /** {@return a key for a new file} */
    static BackupKey fresh(String passphrase, int memoryKib) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        byte[] derived = derive(passphrase, salt, memoryKib, PASSES);
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES)
                .put(MAGIC)
                .putShort(FORMAT)
                .putInt(memoryKib)
                .putShort((short) PASSES)
                .put(salt);
        head.put(mac(derived, head.array()));
        return new BackupKey(head.array(), Arrays.copyOf(derived, KEY_BYTES));
    }

    /**
     * {@return the key of a file}
     *
     * @throws BackupException when it is not that of this file
     */
    static BackupKey open(byte[] head, String passphrase) throws BackupException {
        ByteBuffer read = ByteBuffer.wrap(head);
        byte[] magic = new byte[MAGIC.length];
        read.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new BackupException("This is no backup of NXvms. Give the file that nxvms:backup wrote.");
        }
        short format = read.getShort();
        if (format != FORMAT) {
            throw new BackupException("This backup has format " + format + ", and this server reads " + FORMAT
                    + ": restore it with the version of NXvms that made it, or a newer one.");
        }
        int memoryKib = read.getInt();
        int passes = read.getShort();
        // Before the passphrase is checked the file may say anything, and memory is not given for the asking.
        if (memoryKib < 8 || memoryKib > MEMORY_KIB_MAX || passes < 1 || passes > PASSES_MAX) {
            throw new BackupException("The first bytes of this backup were altered. Use another copy of it.");
        }
        byte[] salt = new byte[SALT_BYTES];
        read.get(salt);
        byte[] derived = derive(passphrase, salt, memoryKib, passes);
        byte[] told = new byte[KEY_BYTES];
        read.get(told);
        if (!MessageDigest.isEqual(told, mac(derived, head))) {
            throw new BackupException("The passphrase is not the one this backup was made with.");
        }
        return new BackupKey(head.clone(), Arrays.copyOf(derived, KEY_BYTES));
    }

    byte[] head() {
        return head.clone();
    }

    /** {@return a cipher for the segment of a number, the last of all or not} */
    Cipher cipher(int mode, long number, boolean last) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                .putLong(number)
                .putInt(last ? 1 : 0)
                .array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(head);
        return cipher;
    }

    private static byte[] derive(String passphrase, byte[] salt, int memoryKib, int passes) {
        return Argon2Function.getInstance(memoryKib, passes, 1, 2 * KEY_BYTES, Argon2.ID)
                .hash(passphrase.getBytes(StandardCharsets.UTF_8), salt)
                .getBytes();
    }

    /** Over all of the head before it. */
    private static byte[] mac(byte[] derived, byte[] head) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(derived, KEY_BYTES, KEY_BYTES, "HmacSHA256"));
            mac.update(head, 0, HEAD_BYTES - KEY_BYTES);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK does not offer HmacSHA256", e);
        }
    }
}
