// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of hashing that is not Java ({@code src/main/c/sha256_lanes.c}): SHA-256's compression by the processor's own
 * instructions, of up to four messages at once (ADR 42). Where it is not in the jar, cannot be loaded, or does not say
 * what the JDK says, there is none, and the JDK hashes.
 */
final class NativeSha256 {
    private static final Logger LOG = LoggerFactory.getLogger(NativeSha256.class);
    private static final String LIBRARY = "/native/linux-x86_64/libnxvms-sha256-lanes.so";

    private NativeSha256() {}

    /** Once for each class loader, as the JVM binds native methods. */
    private static final class Loaded {
        static final Optional<Sha256Lanes.Compression> COMPRESSION = load();

        private Loaded() {}
    }

    /** {@return what compresses, tried out; empty where there is none} Reads and writes files the first time. */
    static Optional<Sha256Lanes.Compression> compression() {
        return Loaded.COMPRESSION;
    }

    private static Optional<Sha256Lanes.Compression> load() {
        boolean right = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        try (InputStream library = NativeSha256.class.getResourceAsStream(LIBRARY)) {
            if (!right || library == null) {
                return none("this build has no native part for this machine");
            }
            load(library);
            if (!isSupported()) {
                return none("this processor has no SHA instructions");
            }
            if (!isRight(NativeSha256::compressBlocks)) {
                LOG.error(
                        "Footage is hashed by the JDK: the native SHA-256 differs from it. Tell who built this server");
                return Optional.empty();
            }
            LOG.info("Footage is hashed by up to {} fragments at a time", Sha256Lanes.LANES_MAX);
            return Optional.of(NativeSha256::compressBlocks);
        } catch (IOException | LinkageError | RuntimeException cannot) {
            // A temporary folder whose programs may not run, a C library of another kind.
            return none(cannot.toString());
        }
    }

    private static Optional<Sha256Lanes.Compression> none(String why) {
        LOG.info("Footage is hashed by the JDK, one fragment at a time, at twice the cost: {}", why);
        return Optional.empty();
    }

    /** From a file of its own, which is gone afterwards: a library is bound to the first class loader that names it. */
    private static void load(InputStream library) throws IOException {
        Path file = Files.createTempFile("nxvms-sha256-", ".so");
        try {
            Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
            System.load(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** {@return whether hashes are those of the JDK} Every number of lanes, and all ends of a message within a block. */
    static boolean isRight(Sha256Lanes.Compression compression) {
        Sha256Lanes lanes = new Sha256Lanes(compression);
        MessageDigest jdk = ChunkFile.sha256();
        ByteBuffer bytes = ByteBuffer.allocateDirect(2048);
        new Random(42).ints(bytes.capacity()).forEach(one -> bytes.put((byte) one));
        for (int length = 0; length <= 512; length++) {
            Sha256Lanes.Message[] messages = new Sha256Lanes.Message[1 + length % 7];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = message(bytes, i * 31, (length * (i + 1) + i) % 1500, length % 67);
            }
            lanes.hash(messages, messages.length);
            for (Sha256Lanes.Message message : messages) {
                for (ByteBuffer part : message.parts) {
                    jdk.update(part);
                }
                if (!Arrays.equals(jdk.digest(), message.hash)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Sha256Lanes.Message message(ByteBuffer bytes, int from, int length, int firstPart) {
        int cut = Math.min(firstPart, length);
        Sha256Lanes.Message message = new Sha256Lanes.Message();
        message.parts = new ByteBuffer[] {bytes.slice(from, cut), bytes.slice(from + cut, length - cut)};
        message.count = message.parts.length;
        return message;
    }

    private static native boolean isSupported();

    /** As {@link Sha256Lanes.Compression}. */
    private static native boolean compressBlocks(
            int lanes,
            ByteBuffer states,
            ByteBuffer b0,
            int from0,
            ByteBuffer b1,
            int from1,
            ByteBuffer b2,
            int from2,
            ByteBuffer b3,
            int from3,
            int blocks);
}
