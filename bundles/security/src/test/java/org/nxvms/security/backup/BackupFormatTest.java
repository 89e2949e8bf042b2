// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.backup.BackupException;

/** The bytes of a backup: whole or refused, whatever was done to them. */
class BackupFormatTest {
    private static final String PASSPHRASE = "correct horse battery";
    private static final int SEGMENT = SealedOutput.SEGMENT_BYTES;
    private static final int MUTATIONS = 5_000;

    private static byte[] sealed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealedOutput sealed = new SealedOutput(out, BackupKey.fresh(PASSPHRASE, 8));
        sealed.write(content);
        sealed.finish();
        return out.toByteArray();
    }

    private static byte[] opened(byte[] bytes) throws IOException {
        return new SealedInput(new ByteArrayInputStream(bytes), PASSPHRASE).readAllBytes();
    }

    @Test
    void everyLengthComesBack() throws IOException {
        for (int length : new int[] {0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT}) {
            byte[] content = new byte[length];
            new Random(length).nextBytes(content);
            assertThat(opened(sealed(content))).isEqualTo(content);
        }
    }

    @Test
    void segmentsThatAreMissingExchangedOrTwiceThereAreFound() throws IOException {
        byte[] whole = sealed(new byte[3 * SEGMENT + 5]);
        int segment = SEGMENT + BackupKey.TAG_BYTES;
        int head = BackupKey.HEAD_BYTES;
        byte[] cut = Arrays.copyOf(whole, head + 2 * segment);
        assertThatThrownBy(() -> opened(cut))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("torn");
        byte[] exchanged = whole.clone();
        System.arraycopy(whole, head, exchanged, head + segment, segment);
        System.arraycopy(whole, head + segment, exchanged, head, segment);
        assertThatThrownBy(() -> opened(exchanged)).isInstanceOf(BackupException.class);
        byte[] longer = Arrays.copyOf(whole, whole.length + 100);
        assertThatThrownBy(() -> opened(longer)).isInstanceOf(BackupException.class);
        byte[] first = Arrays.copyOf(whole, head);
        assertThatThrownBy(() -> opened(first)).isInstanceOf(BackupException.class);
    }

    @Test
    void entriesEndOrAreRefusedWhateverTheBytesAre() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Entries.Writer writer = new Entries.Writer(out);
        for (String name : new String[] {"manifest.json", "server.json", "rows"}) {
            try (OutputStream entry = writer.entry(name)) {
                entry.write(new byte[name.length() * 5_000]);
            }
        }
        writer.end();
        byte[] whole = out.toByteArray();
        assertThat(read(whole)).isEqualTo((13 + 11 + 4) * 5_000);
        long seed = Long.getLong("nxvms.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int j = random.nextInt(4); j > 0 && bytes.length > 0; j--) {
                bytes[random.nextInt(Math.min(bytes.length, 64))] = (byte) random.nextInt();
            }
            try {
                assertThat(read(bytes)).isLessThanOrEqualTo(bytes.length);
            } catch (BackupException | EOFException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
    }

    private static long read(byte[] bytes) throws IOException {
        Entries.Reader reader = new Entries.Reader(new ByteArrayInputStream(bytes));
        long total = 0;
        for (Optional<String> name = reader.next(); name.isPresent(); name = reader.next()) {
            total += reader.content().readAllBytes().length;
        }
        return total;
    }
}
