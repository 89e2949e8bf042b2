// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package is a ZIP that any program reads, also when it is large and when it was taken up again. */
class StoredZipTest {
    private static final Instant WHEN = Instant.parse("2026-11-22T15:00:00Z");

    @TempDir
    Path folder;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(Path zip, String name) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile());
                InputStream in = file.getInputStream(file.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    /** What waits in memory to be written is the recorder's memory too. */
    @Test
    void neverMoreThan32MebibytesOfItAreWrittenAndNotOnTheDisk() throws Exception {
        CountingFile file = new CountingFile();
        try (StoredZip zip =
                new StoredZip(file, Optional.empty(), folder.resolve("large.zip"), WHEN, List.of(), Optional.empty())) {
            zip.begin("small pieces");
            for (int i = 0; i < 100; i++) {
                zip.write(ByteBuffer.allocate(1 << 20));
            }
            zip.write(ByteBuffer.allocate(70 << 20));
            assertThat(zip.end().entry().bytes()).isEqualTo(170L << 20);
            zip.finish();
        }
        // Headers and directory are some bytes more.
        assertThat(file.unforcedMax()).isBetween(16L << 20, (32L << 20) + 4_096);
    }

    /** An entry counts after a restart only when it is on the disk. */
    @Test
    void whatIsToBeDoneWhenAnEntryIsDurableIsDoneBehindItsSyncing() throws Exception {
        CountingFile file = new CountingFile();
        List<Long> unforced = new CopyOnWriteArrayList<>();
        try (StoredZip zip =
                new StoredZip(file, Optional.empty(), folder.resolve("a.zip"), WHEN, List.of(), Optional.empty())) {
            zip.add("first", new byte[5 << 20]);
            zip.whenDurable(() -> unforced.add(file.unforced()));
        }
        assertThat(unforced).containsExactly(0L);
    }

    @Test
    void whatADiskDoesNotKeepIsNotSaidToBeDurable() throws Exception {
        CountingFile file = new CountingFile();
        file.fails = true;
        List<String> durable = new CopyOnWriteArrayList<>();
        StoredZip zip =
                new StoredZip(file, Optional.empty(), folder.resolve("a.zip"), WHEN, List.of(), Optional.empty());
        zip.add("first", text("hello"));
        zip.whenDurable(() -> durable.add("first"));
        assertThatThrownBy(() -> zip.add("second", text("more")))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is gone");
        zip.close();
        assertThat(durable).isEmpty();
        assertThat(file.isOpen()).isFalse();
    }

    @Test
    void itIsReadFromItsDirectoryAndFromItsBeginning() throws Exception {
        Path path = folder.resolve("a.zip");
        byte[] large = new byte[3 * PieceHashes.PIECE_BYTES / 2];
        large[large.length - 1] = 7;
        StoredZip.Entry entry;
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(), Optional.empty())) {
            zip.add("README.txt", text("hello"));
            entry = zip.add("camera/ü.mp4", large);
            zip.finish();
        }
        assertThat(read(path, "README.txt")).isEqualTo(text("hello"));
        assertThat(read(path, "camera/ü.mp4")).isEqualTo(large);
        List<String> names = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(path))) {
            for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
                names.add(each.getName());
                in.readAllBytes();
            }
        }
        assertThat(names).containsExactly("README.txt", "camera/ü.mp4");
        MessageDigest sha = PieceHashes.sha256();
        assertThat(entry.sha256()).isEqualTo(HexFormat.of().formatHex(sha.digest(large)));
        sha.update(large, PieceHashes.PIECE_BYTES, large.length - PieceHashes.PIECE_BYTES);
        assertThat(entry.pieces()).hasSize(64).endsWith(sha.digest());
    }

    /** As of a file whose beginning says where its end is. */
    @Test
    void aBeginningThatIsWrittenInTheEndIsHashedAsIfItHadAlwaysStoodThere() throws Exception {
        Path path = folder.resolve("a.zip");
        byte[] large = new byte[(1 << 20) + 3 * PieceHashes.PIECE_BYTES / 2];
        large[large.length - 1] = 7;
        AtomicLong paced = new AtomicLong();
        StoredZip.Entry entry;
        StoredZip.Entry next;
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(), Optional.empty())) {
            zip.add("README.txt", text("hello"));
            zip.begin("a.mkv");
            zip.write(ByteBuffer.wrap(large));
            entry = zip.end(ByteBuffer.wrap(text("--new beginning"), 2, 13), paced::addAndGet);
            next = zip.add("b.mkv", large);
            zip.finish();
        }
        byte[] changed = large.clone();
        System.arraycopy(text("new beginning"), 0, changed, 0, 13);
        assertThat(read(path, "a.mkv"))
                .as("with the check sum that the ZIP tells")
                .isEqualTo(changed);
        assertThat(read(path, "b.mkv")).isEqualTo(large);
        assertThat(paced).hasValue(large.length);
        MessageDigest sha = PieceHashes.sha256();
        assertThat(entry.sha256()).isEqualTo(HexFormat.of().formatHex(sha.digest(changed)));
        sha.update(changed, 0, PieceHashes.PIECE_BYTES);
        assertThat(entry.pieces()).startsWith(sha.digest());
        assertThat(next.sha256()).isEqualTo(HexFormat.of().formatHex(sha.digest(large)));
    }

    @Test
    void whatTheDiskGivesBackOtherwiseThanItWasWrittenIsNotSigned() throws Exception {
        Path path = folder.resolve("a.zip");
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(), Optional.empty())) {
            zip.begin("a.mkv");
            zip.write(ByteBuffer.wrap(new byte[100_000]));
            assertThatThrownBy(() -> zip.end(ByteBuffer.wrap(text("new")), bytes -> {
                        try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
                            other.write(ByteBuffer.wrap(text("x")), 50_000);
                        }
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a.mkv is not what the disk gives back");
        }
    }

    @Test
    void takenUpAgainItGoesOnBehindItsLastWholeFile() throws Exception {
        Path path = folder.resolve("a.zip");
        StoredZip.Entry first;
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(), Optional.empty())) {
            first = zip.add("first", text("one"));
            zip.begin("second");
            zip.write(ByteBuffer.wrap(text("half of")));
        }
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(first), Optional.empty())) {
            zip.begin("dropped");
            zip.write(ByteBuffer.wrap(text("not wanted")));
            zip.drop();
            zip.add("third", text("three"));
            zip.finish();
        }
        try (ZipFile file = new ZipFile(path.toFile())) {
            assertThat(file.stream().map(ZipEntry::getName)).containsExactly("first", "third");
        }
        assertThat(read(path, "first")).isEqualTo(text("one"));
        assertThat(read(path, "third")).isEqualTo(text("three"));
    }

    /** What a crash leaves: what was durable at that moment, and something of what was not. */
    @Test
    void whatIsDurableStaysWhateverIsWrittenBehindIt() throws Exception {
        Path path = folder.resolve("a.zip");
        Path crashed = folder.resolve("crashed.zip");
        List<StoredZip.Entry> durable = new ArrayList<>();
        // Ends that lie before, on and behind those of pages and blocks, in a package and in what is read back.
        List<Integer> sizes = List.of(1, 4_000, 4_096, 3 << 20, (4 << 20) - 31, 4 << 20, (9 << 20) + 1, 5);
        List<byte[]> contents = new ArrayList<>();
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(), Optional.empty())) {
            for (int size : sizes) {
                byte[] content = new byte[size];
                Arrays.fill(content, (byte) size);
                contents.add(content);
                StoredZip.Entry entry = zip.add(durable.size() + "", content);
                zip.whenDurable(() -> Files.copy(path, crashed, StandardCopyOption.REPLACE_EXISTING));
                zip.begin("is never whole");
                zip.write(ByteBuffer.allocate(6 << 20));
                zip.drop();
                durable.add(entry);
            }
        }
        for (int there = 1; there <= sizes.size(); there++) {
            Files.copy(crashed, path, StandardCopyOption.REPLACE_EXISTING);
            try (StoredZip zip = new StoredZip(path, WHEN, durable.subList(0, there), Optional.empty())) {
                zip.add("last", contents.get(6));
                zip.finish();
            }
            for (int i = 0; i < there; i++) {
                assertThat(read(path, i + "")).isEqualTo(contents.get(i));
            }
            assertThat(read(path, "last")).isEqualTo(contents.get(6));
        }
    }

    @Test
    void behindFourGigabytesFilesAreFoundToo() throws Exception {
        Path path = folder.resolve("large.zip");
        // As large as a file may be, and empty on the disk.
        StoredZip.Entry filler = new StoredZip.Entry("filler", 0, ZipHeaders.FILE_BYTES_MAX, 0, "", new byte[0]);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ZipHeaders.local("filler", WHEN, 0, filler.bytes()), 0);
            file.write(ByteBuffer.wrap(new byte[1]), filler.end() - 1);
        }
        try (StoredZip zip = new StoredZip(path, WHEN, List.of(filler), Optional.empty())) {
            zip.add("before", text("begins within"));
            zip.add("behind", text("begins behind"));
            zip.finish();
        }
        assertThat(read(path, "before")).isEqualTo(text("begins within"));
        assertThat(read(path, "behind")).isEqualTo(text("begins behind"));
    }
}
