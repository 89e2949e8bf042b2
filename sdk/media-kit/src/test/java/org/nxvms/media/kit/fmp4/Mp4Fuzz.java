// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that something else wrote, or half of one. */
class Mp4Fuzz {
    @FuzzTest(maxDuration = "1m")
    void headers(byte[] data) {
        try {
            InitReader.read(ByteBuffer.wrap(data));
        } catch (Mp4Exception refused) {
            // As it should be.
        }
        try {
            FragmentHeader.parse(ByteBuffer.wrap(data));
        } catch (Mp4Exception refused) {
            // As it should be.
        }
    }

    @FuzzTest(maxDuration = "1m")
    void file(byte[] data) throws IOException {
        Path file = Files.createTempFile("fuzz", ".mp4");
        try {
            Files.write(file, data);
            try (FileChannel in = FileChannel.open(file)) {
                ChunkScan.of(in);
            } catch (Mp4Exception refused) {
                // As it should be.
            }
            try (FileChannel in = FileChannel.open(file)) {
                ChunkScan.past(in, () -> {});
            } catch (Mp4Exception refused) {
                // As it should be.
            }
            try (FileChannel in = FileChannel.open(file)) {
                FragmentIndex.read(in);
            } catch (Mp4Exception refused) {
                // As it should be.
            }
        } finally {
            Files.delete(file);
        }
    }
}
