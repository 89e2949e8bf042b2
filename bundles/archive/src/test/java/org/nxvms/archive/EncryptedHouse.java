// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.nxvms.archive.ArchiveHouse.T0;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** A house with encrypted footage: sixteen seconds in four chunks of one run; what a story needs to look at them. */
abstract class EncryptedHouse {
    static final int SECONDS = 16;
    static final int CHUNK_SECONDS = 4;

    @TempDir
    Path folder;

    ArchiveHouse house;
    List<Segment> run;

    @BeforeEach
    void record() throws Exception {
        house = ArchiveHouse.encrypted(folder, new ArchiveSettings(3, 256 << 20, 5, 1, 24, 5));
        run = house.record(Footage.CAMERA, T0, SECONDS);
        if (run.size() != SECONDS / CHUNK_SECONDS) {
            throw new AssertionError(run.size() + " chunks");
        }
    }

    @AfterEach
    void close() {
        house.close();
    }

    Path file(Segment segment) {
        return folder.resolve("archive").resolve(segment.path());
    }

    FootageKeyring keyring() {
        return house.archive.ciphers().keyring();
    }

    Path keyFile() throws IOException {
        return keyring().file(keyring().keys().get(0).name());
    }

    /** {@return what the camera sent in a second of the run} */
    static byte[] sent(int second) {
        ByteBuffer[] parts = Footage.fragment(T0, second, second % 2 == 0, 40);
        ByteBuffer all = ByteBuffer.allocate(parts[0].remaining() + parts[1].remaining());
        return all.put(parts[0]).put(parts[1]).array();
    }

    /** {@return a segment's bytes as they are served} */
    byte[] served(UUID id) throws IOException {
        try (Archive.SegmentBytes bytes = house.footage.open(id)) {
            return read(bytes, 0, (int) bytes.size());
        }
    }

    static byte[] read(Archive.SegmentBytes bytes, long from, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && bytes.read(target, from + target.position()) > 0) {
            // until all is read
        }
        return Arrays.copyOf(target.array(), target.position());
    }

    /** {@return whether each fragment is served as it was sent, from this second of the run on} */
    boolean isServedAsSent(Segment segment, int firstSecond) throws IOException {
        byte[] all = served(segment.id());
        int second = firstSecond;
        for (FragmentEntry one : house.footage.index(segment.id())) {
            int from = (int) one.offset() + CipherBox.BYTES;
            if (!Arrays.equals(Arrays.copyOfRange(all, from, (int) one.offset() + one.length()), sent(second++))) {
                return false;
            }
        }
        return second > firstSecond;
    }

    boolean allServedAsSent() throws IOException {
        boolean all = true;
        for (int i = 0; i < run.size(); i++) {
            all &= isServedAsSent(run.get(i), i * CHUNK_SECONDS);
        }
        return all;
    }

    static boolean contains(byte[] where, byte[] what) {
        for (int i = 0; i + what.length <= where.length; i++) {
            if (Arrays.equals(where, i, i + what.length, what, 0, what.length)) {
                return true;
            }
        }
        return false;
    }

    void alter(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 1;
        Files.write(file, bytes);
    }
}
