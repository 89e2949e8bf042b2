// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start with something to upgrade opens the database to look at its schema, closes it, and opens it again: after a kill,
 * too; once each start did. H2 2.2.224 lost by that what the kill had left, in a database that was younger than the 45 s for
 * which H2 keeps what it has replaced (ADR 98).
 */
class KilledDatabaseTest {
    /** Made by H2 2.2.224, which was killed in its fifth second. */
    private static final String FILE = "killed.mv.db.gz";

    private static final int ROWS = 197;
    private static final int BLOCK_BYTES = 4096;
    private static final Duration AGE = Duration.ofSeconds(12);

    @TempDir
    private Path folder;

    @Test
    void whatAKillLeftIsThereAtEachOpening() throws Exception {
        byte[] left;
        try (InputStream packed = KilledDatabaseTest.class.getResourceAsStream(FILE);
                InputStream file = new GZIPInputStream(packed)) {
            left = file.readAllBytes();
        }
        madeBefore(left, AGE);
        Files.write(folder.resolve("nxvms.mv.db"), left);
        for (int opening = 1; opening <= 3; opening++) {
            assertThat(rows()).as("rows at opening %d", opening).isEqualTo(ROWS);
        }
    }

    private int rows() throws Exception {
        String url = EmbeddedDatabase.of("jdbc:h2:" + folder.resolve("nxvms") + ";WRITE_DELAY=5000")
                .orElseThrow()
                .url();
        try (Connection connection = DriverManager.getConnection(url, "nxvms", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from mark")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Both of the file's headers say when the database was made, and have a checksum. */
    private static void madeBefore(byte[] file, Duration age) {
        String made = Long.toHexString(System.currentTimeMillis() - age.toMillis());
        for (int at : new int[] {0, BLOCK_BYTES}) {
            String header = new String(file, at, BLOCK_BYTES, StandardCharsets.ISO_8859_1);
            int checksum = header.indexOf(",fletcher:");
            assertThat(checksum).as("checksum of the header at %d", at).isPositive();
            String now = header.substring(0, checksum).replaceFirst("created:[0-9a-f]+", "created:" + made);
            byte[] summed = now.getBytes(StandardCharsets.ISO_8859_1);
            String whole =
                    now + ",fletcher:" + Integer.toHexString(DataUtils.getFletcher32(summed, 0, summed.length)) + "\n";
            Arrays.fill(file, at, at + BLOCK_BYTES, (byte) 0);
            System.arraycopy(whole.getBytes(StandardCharsets.ISO_8859_1), 0, file, at, whole.length());
        }
    }
}
