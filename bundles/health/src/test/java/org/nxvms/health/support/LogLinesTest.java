// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which lines of the log leave. */
class LogLinesTest {
    private static final String HEAD =
            "2026-11-28T03:15:00,123+0000 | INFO  | nxvms-ctl-1          | o.n.c.control.Supervision                |"
                    + "  | ";

    @TempDir
    private Path folder;

    private final Sieve sieve = new Sieve(new KnownNames(Map.of()));

    @Test
    void linesOfOursAndStackTracesLeaveAndNothingElse() throws IOException {
        Files.writeString(
                folder.resolve("nxvms.log"),
                HEAD + "Camera is away at rtsp://u:p@h/x\n"
                        + "java.io.IOException: password=abc\n"
                        + "\tat org.nxvms.cameras.Control.run(Control.java:17) ~[?:?]\n"
                        + "\tat java.base/java.lang.Thread.run(Thread.java:840) [?:?]\n"
                        + "\t... 3 more\n"
                        + "Caused by: java.net.ConnectException: to 192.0.2.1\n"
                        + "-----BEGIN PRIVATE KEY-----\n"
                        + "whatever somebody printed\n");
        Files.writeString(folder.resolve("shell-logins.log"), HEAD + "erika\n");

        assertThat(written().split("\n"))
                .containsExactly(
                        HEAD + "Camera is away at rtsp://[address]",
                        "java.io.IOException: password=[value]",
                        "\tat org.nxvms.cameras.Control.run(Control.java:17) ~[?:?]",
                        "\tat java.base/java.lang.Thread.run(Thread.java:840) [?:?]",
                        "\t... 3 more",
                        "Caused by: java.net.ConnectException: to [address-1]",
                        "# 6 lines; 2 of another form were left out");
    }

    /** As the second line of a message, which nothing encodes. */
    @Test
    void whatLooksLikeAClassIsSievedAllTheSame() {
        LogLines lines = new LogLines(folder, sieve);
        assertThat(lines.left("192.168.1.20: refused")).contains("[address-1]: refused");
        assertThat(lines.left("nvr.customer.example")).contains("[host-1]");
        assertThat(lines.left(Secrets.JWT.replace("-", "_")).orElse("")).doesNotContain("eyJ");
        assertThat(lines.left("\tat org.nxvms.web.Door.open(Door.java:17) by nvr.customer.example"))
                .contains("\tat org.nxvms.web.Door.open(Door.java:17) by [host-1]");
    }

    @Test
    void aFileThatCannotBeReadLeavesTheOthers() throws IOException {
        Path torn = Files.writeString(folder.resolve("nxvms.3.log.gz"), "rolled while it was packed");
        Files.setLastModifiedTime(torn, FileTime.fromMillis(1_000));
        Files.writeString(folder.resolve("nxvms.log"), HEAD + "now\n");

        assertThat(written()).contains(HEAD + "now\n", "1 files could not be read");
    }

    @Test
    void theNewestLinesLeaveOfTheFileAndOfTheOneBefore() throws IOException {
        Path packed = folder.resolve("nxvms.3.log.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            for (int i = 0; i < 100_000; i++) {
                out.write((HEAD + "before " + i + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.setLastModifiedTime(packed, FileTime.fromMillis(1_000));
        Files.writeString(folder.resolve("nxvms.log"), HEAD + "now\n");

        String text = written();
        assertThat(text).contains("before 99999\n", "now\n").doesNotContain("before 7\n");
        assertThat(text.indexOf("before 99999")).isLessThan(text.indexOf("now"));
        assertThat(text.length()).isBetween(LogLines.BYTES_MAX - 1_000, LogLines.BYTES_MAX + 1_000);
        assertThat(text).contains("; 0 of another form");
    }

    private String written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LogLines(folder, sieve).write(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
