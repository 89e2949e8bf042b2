// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageEncryption;

/**
 * Whatever happens to a fragment, no two are ever on the disk under one nonce of one key. The disk is looked at before
 * each change of the file, so that also what is there for a moment only is seen.
 */
class NonceTest {
    private static final int TORN_BYTES = 200;

    @TempDir
    Path folder;

    private ChunkOnDisk disk;
    private FaultyVolume volume;
    private OpenChunk chunk;
    /** The tag under each nonce: it is another one when anything of the fragment is. */
    private final Map<String, String> seen = new HashMap<>();

    private String failing = "";
    private int rewritten;

    @BeforeEach
    void beginChunk() throws Exception {
        disk = new ChunkOnDisk(folder, FootageEncryption.AES_256_GCM);
        volume = new FaultyVolume(disk.volume);
        chunk = disk.begin(0, volume);
        volume.gate = (operation, path) -> {
            look();
            rewritten += operation.equals("rewrite") ? 1 : 0;
            if (operation.equals(failing)) {
                failing = "";
                throw new IOException("Input/output error");
            }
        };
    }

    @AfterEach
    void close() {
        disk.close();
    }

    /** Sees every cipher box in the file, wherever it stands. */
    private void look() throws IOException {
        byte[] bytes = Files.readAllBytes(disk.file(0));
        ByteBuffer file = ByteBuffer.wrap(bytes);
        for (int at = 0; at <= bytes.length - CipherBox.BYTES; at++) {
            if (CipherBox.isWholeAt(file, at)) {
                HexFormat hex = HexFormat.of();
                int tag = at + CipherBox.TAG_AT;
                String nonce = hex.formatHex(bytes, at + CipherBox.NONCE_AT, tag);
                String now = hex.formatHex(bytes, tag, tag + CipherBox.TAG_BYTES);
                String before = seen.putIfAbsent(nonce, now);
                assertThat(before == null ? now : before)
                        .as("what is encrypted with nonce " + nonce)
                        .isEqualTo(now);
            }
        }
    }

    /** Each call has footage of its own. */
    private boolean append(int second, BooleanSupplier stillIntact) throws IOException {
        return ChunkOnDisk.append(chunk, second, stillIntact);
    }

    @Test
    void aFragmentThatIsTakenBackHasUsedItsNonceUp() throws Exception {
        append(0, () -> true);
        assertThat(append(1, () -> false)).isFalse();
        append(2, () -> true);
        look();
        assertThat(seen).as("two that stayed, one taken back").hasSize(3);
    }

    @Test
    void aFragmentWhoseWriteFailedHasUsedItsNonceUp() throws Exception {
        append(0, () -> true);
        volume.tornBytes = TORN_BYTES;
        failing = "write";
        assertThatThrownBy(() -> append(1, () -> true)).isInstanceOf(IOException.class);
        append(2, () -> true);
        look();
        assertThat(seen).as("two that stayed, one torn").hasSize(3);
    }

    @Test
    void whatIsWrittenAgainAfterAFailedFsyncIsTheSameCiphertext() throws Exception {
        append(0, () -> true);
        append(1, () -> true);
        failing = "force";
        assertThatThrownBy(() -> chunk.force()).isInstanceOf(IOException.class);
        chunk.seal(disk.keys);
        look();
        assertThat(rewritten).as("the head and two fragments").isEqualTo(3);
        assertThat(seen).hasSize(2);
    }

    @Test
    void aChunkOfTheSameNameAfterARestartHasAKeyOfItsOwn() throws Exception {
        assertThat(disk.ciphers.begin(volume, disk.name(0)).orElseThrow().box().salt())
                .isNotEqualTo(chunk.encrypted().orElseThrow().salt());
    }
}
