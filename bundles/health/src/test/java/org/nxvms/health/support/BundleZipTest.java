// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.support.SupportBundles.Written;

/** How the files of a bundle come into it. */
class BundleZipTest {
    private final AtomicLong nowNs = new AtomicLong();
    private final List<String> progress = new ArrayList<>();

    static Map<String, String> read(byte[] zip) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private Written write(OutputStream out, List<BundleFile> files) throws IOException {
        return new BundleZip(nowNs::get).write(out, files, Instant.EPOCH, progress::add);
    }

    private static BundleFile text(String name, String text) {
        return new BundleFile(name, "what is " + name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatCannotBeToldIsSaidToBeMissingAndTheRestIsThere() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BundleFile broken = new BundleFile("broken.json", "breaks", to -> {
            to.write('x');
            throw new IllegalStateException("password=abc");
        });
        Written written = write(out, List.of(text("a.txt", "A"), broken, text("b.txt", "BB")));

        Map<String, String> files = read(out.toByteArray());
        assertThat(files.keySet())
                .containsExactly(
                        "nxvms-support/README.md",
                        "nxvms-support/a.txt",
                        "nxvms-support/broken.json",
                        "nxvms-support/b.txt",
                        "nxvms-support/written.txt");
        assertThat(files.get("nxvms-support/README.md")).contains("| `a.txt` | what is a.txt |", "No passwords");
        assertThat(files.get("nxvms-support/written.txt"))
                .isEqualTo("a.txt: 1 bytes\n"
                        + "broken.json: missing after 1 bytes, by IllegalStateException; the log has the reason\n"
                        + "b.txt: 2 bytes\n");
        assertThat(progress).containsExactly("a.txt", "broken.json", "b.txt");
        assertThat(written).isEqualTo(new Written(5, 4));
    }

    @Test
    void eachFileAndAllTogetherHaveAnEnd() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<BundleFile> files = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(new BundleFile(i + ".txt", "endless", to -> {
                while (true) {
                    to.write(new byte[1 << 16]);
                }
            }));
        }
        assertThat(write(out, files).bytes()).isEqualTo(BundleZip.TOTAL_BYTES_MAX);
        Map<String, String> read = read(out.toByteArray());
        assertThat(read.get("nxvms-support/0.txt")).hasSize(BundleZip.FILE_BYTES_MAX);
        assertThat(read.get("nxvms-support/7.txt")).isEmpty();
        assertThat(read.get("nxvms-support/written.txt")).contains("0.txt: 6291456 bytes, and cut there");
    }

    @Test
    void whoReadsTooSlowlyHasATornOne() {
        List<BundleFile> files = List.of(new BundleFile("slow.txt", "slow", to -> {
            nowNs.addAndGet(BundleZip.WRITING_NS_MAX + 1);
            to.write(new byte[1 << 20]);
        }));
        assertThatThrownBy(() -> write(new ByteArrayOutputStream(), files))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too slowly");
    }

    @Test
    void whoHangsUpIsNotTakenForAFileThatCannotBeTold() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> write(gone, List.of(text("a.txt", "A")))).hasMessage("gone");
    }
}
