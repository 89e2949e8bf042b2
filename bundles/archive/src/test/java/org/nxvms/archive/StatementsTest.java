// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server states can be verified with the public keys of its footage, also after a rotation. */
class StatementsTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;
    private ArchiveStatements statements;

    @BeforeEach
    void open() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(3, 256 << 20, 5, 1, 24, 5));
        statements = new ArchiveStatements(house.archive);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aStatementIsSignedByTheKeyItNames() throws Exception {
        String before = statements
                .sign("receipt", "one".getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        house.archive.keys().rotate();
        String after = statements
                .sign("receipt", "two".getBytes(StandardCharsets.UTF_8))
                .orElseThrow();

        assertThat(verified(before)).isEqualTo("one");
        assertThat(verified(after)).isEqualTo("two");
        assertThat(header(before)).isNotEqualTo(header(after));
        String forged = before.replace(before.split("\\.")[1], after.split("\\.")[1]);
        assertThatThrownBy(() -> verified(forged)).hasMessage("not genuine");
    }

    @Test
    void aTypeThatWouldBreakTheHeaderIsRefused() {
        assertThatThrownBy(() -> statements.sign("a\",\"alg\":\"none", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String header(String jws) {
        return new String(Base64.getUrlDecoder().decode(jws.split("\\.")[0]), StandardCharsets.UTF_8);
    }

    /** As any library for JWS does it. */
    private String verified(String jws) throws Exception {
        String[] parts = jws.split("\\.");
        assertThat(header(jws)).matches("\\{\"alg\":\"EdDSA\",\"kid\":\"[0-9a-f]{64}\",\"typ\":\"receipt\"}");
        byte[] kid = HexFormat.of().parseHex(header(jws).replaceAll(".*\"kid\":\"([0-9a-f]{64})\".*", "$1"));
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!SigningKeys.verifies(
                house.archive.keys().publicKey(kid).orElseThrow(),
                signed,
                Base64.getUrlDecoder().decode(parts[2]))) {
            throw new IllegalStateException("not genuine");
        }
        return new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    }
}
