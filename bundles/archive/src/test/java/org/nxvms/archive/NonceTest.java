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
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;

/**
 * Whatever happens to a fragment, no two are ever on the disk under one nonce of one key. The disk is looked at before
 * each change of the file, so that also what is there for a moment only is seen.
 */
class NonceTest {
    private static final long START = ArchiveHouse.T0;
    private static final int TORN_BYTES = 200;

    @TempDir
    Path folder;

    private FileVolume disk;
    private FaultyVolume volume;
    private FootageCiphers ciphers;
    private ChunkName name;
    private OpenChunk chunk;
    /** The tag under each nonce: it is another one when anything of the fragment is. */
    private final Map<String, String> seen = new HashMap<>();

    private String failing = "";
    private int rewritten;

    @BeforeEach
    void beginChunk() throws Exception {
        disk = new FileVolume(new FileVolume.Settings(
                "main",
                folder.resolve("v"),
                0,
                0,
                -1,
                true,
                ArchiveHouse.SERVER,
                folder.resolve("m"),
                Volume.WEIGHT_DEFAULT,
                false,
                FootageEncryption.AES_256_GCM));
        disk.checkNow();
        volume = new FaultyVolume(disk);
        ciphers = new FootageCiphers(new FootageKeyring(folder.resolve("keys/footage")));
        RunFacts run = RunFacts.of(
                Footage.CAMERA,
                ArchiveHouse.SERVER,
                UUID.randomUUID(),
                ClockSource.ARRIVAL,
                Footage.FORMAT,
                FootageTerms.days(30));
        name = ChunkName.of(Footage.CAMERA, START, run.runId(), 0);
        chunk = OpenChunk.create(volume, run, name, START, new byte[HashChain.HASH_BYTES], ciphers.begin(volume, name));
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
        byte[] bytes = Files.readAllBytes(folder.resolve("v").resolve(name.path()));
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
        FragmentFacts facts = new FragmentFacts();
        facts.startUs = START + second * Footage.SECOND_US;
        facts.durationUs = Footage.SECOND_US;
        facts.key = true;
        facts.accessUnits = Footage.FRAMES;
        ByteBuffer[] parts = Footage.fragment(START, second, true, 8);
        return chunk.append(parts, parts.length, facts, stillIntact);
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
        chunk.seal(new SigningKeys(folder.resolve("keys")));
        look();
        assertThat(rewritten).as("the head and two fragments").isEqualTo(3);
        assertThat(seen).hasSize(2);
    }

    @Test
    void aChunkOfTheSameNameAfterARestartHasAKeyOfItsOwn() throws Exception {
        assertThat(ciphers.begin(volume, name).orElseThrow().box().salt())
                .isNotEqualTo(chunk.encrypted().orElseThrow().salt());
    }
}
