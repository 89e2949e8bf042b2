// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * What is done about a failed fsync. The kernel marks the pages clean and may drop them, so that fsync called again
 * returns well though they never reached the disk (ADR 21). So what was not known to be durable is read back, compared
 * with its hash and written once more: then the next fsync speaks of it.
 */
final class SecondWrite {
    private final VolumeReadable bytes;
    private final VolumeFile file;
    private final FragmentTable table;
    private final MessageDigest digest = sha256();

    SecondWrite(VolumeReadable bytes, VolumeFile file, FragmentTable table) {
        this.bytes = bytes;
        this.file = file;
        this.table = table;
    }

    /**
     * Writes all that lies behind the durable bytes again.
     *
     * @return how many fragments are whole; -1 when not even the chunk's head is
     */
    int run(long durableBytes, byte[] headHash) throws IOException {
        long headBytes = table.offset(0);
        if (durableBytes < headBytes && !again(0, (int) headBytes, headHash, 0)) {
            return -1;
        }
        for (int i = 0; i < table.count(); i++) {
            boolean doubted = table.offset(i) + table.bytes(i) > durableBytes;
            if (doubted && !again(table.offset(i), table.bytes(i), table.hashes(), i * HashChain.HASH_BYTES)) {
                return i;
            }
        }
        return table.count();
    }

    private boolean again(long from, int length, byte[] hashes, int hashAt) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(length);
        while (part.hasRemaining()) {
            if (bytes.read(part, from + part.position()) <= 0) {
                return false;
            }
        }
        digest.update(part.flip());
        byte[] found = digest.digest();
        for (int i = 0; i < HashChain.HASH_BYTES; i++) {
            if (found[i] != hashes[hashAt + i]) {
                return false;
            }
        }
        file.rewrite(from, part.rewind());
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
