// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.storage.file.FileVolume;

/** Gaps written to a volume come back, also around a line that a power cut tore. */
class GapJournalTest {
    private static final Instant NOW = Instant.parse("2026-11-30T23:59:59.999Z");

    @TempDir
    Path folder;

    private FileVolume volume;

    @BeforeEach
    void open() {
        volume = new FileVolume(new FileVolume.Settings(
                "main", folder.resolve("v"), 0, 0, -1, true, ArchiveHouse.SERVER, folder.resolve("m")));
        volume.checkNow();
    }

    @AfterEach
    void close() {
        volume.close();
    }

    private static GapJournal.Entry entry(OptionalLong to, String detail, boolean kept) {
        return new GapJournal.Entry(
                NOW,
                new Gap(UUID.randomUUID(), Footage.CAMERA, 1_795_359_599_123_456L, to, GapCause.AUTH, detail),
                kept);
    }

    private List<GapJournal.Entry> read() throws Exception {
        List<GapJournal.Entry> entries = new ArrayList<>();
        GapJournal.read(volume, (entry, unsound) -> entries.add(entry));
        return entries;
    }

    @Test
    void whatIsWrittenIsReadInOrderAcrossMonths() throws Exception {
        List<GapJournal.Entry> entries = List.of(
                entry(OptionalLong.of(1_795_359_600_000_001L), "", true),
                entry(OptionalLong.empty(), "Straße 東京 \uD83D\uDE00", true),
                entry(OptionalLong.empty(), "was none", false));
        GapJournal.append(volume, entries.subList(0, 2), NOW);
        GapJournal.append(volume, entries.subList(2, 3), NOW.plusMillis(1));

        assertThat(read()).isEqualTo(entries);
        assertThat(folder.resolve("v/journal/gaps-2026-11.tsv")).exists();
        assertThat(folder.resolve("v/journal/gaps-2026-12.tsv")).exists();
    }

    @Test
    void aTornLineIsSkippedAndDoesNotSpoilTheNext() throws Exception {
        GapJournal.Entry first = entry(OptionalLong.empty(), "first", true);
        GapJournal.Entry second = entry(OptionalLong.empty(), "second", true);
        Path file = folder.resolve("v/journal/gaps-2026-11.tsv");
        byte[] line = entry(OptionalLong.empty(), "torn", true).line().getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < line.length; length += 11) {
            Files.deleteIfExists(file);
            GapJournal.append(volume, List.of(first), NOW);
            Files.write(file, java.util.Arrays.copyOf(line, length), StandardOpenOption.APPEND);
            GapJournal.append(volume, List.of(second), NOW);
            assertThat(read()).as("torn after " + length).containsExactly(first, second);
        }
    }

    @Test
    void aDetailCannotForgeALine() throws Exception {
        GapJournal.Entry nasty = entry(OptionalLong.empty(), "a\tb\nc\r" + "x".repeat(9000), true);
        GapJournal.append(volume, List.of(nasty), NOW);
        assertThat(read()).singleElement().satisfies(read -> {
            assertThat(read.gap().id()).isEqualTo(nasty.gap().id());
            assertThat(read.gap().detail()).startsWith("a b c x").hasSize(500);
        });
    }

    @Test
    void garbageIsNeverTakenForAGap() throws Exception {
        Random random = new Random(7);
        byte[] garbage = new byte[300_000];
        random.nextBytes(garbage);
        Files.createDirectories(folder.resolve("v/journal"));
        Files.write(folder.resolve("v/journal/gaps-2026-10.tsv"), garbage);
        assertThat(read()).isEmpty();
    }

    @Test
    void whatIsWrittenWhileAJournalIsCarriedElsewhereIsCarriedToo() throws Exception {
        GapJournal.Entry first = entry(OptionalLong.empty(), "first", true);
        GapJournal.Entry late = entry(OptionalLong.empty(), "late", true);
        GapJournal.append(volume, List.of(first), NOW);
        try (FileVolume disk = another()) {
            FaultyVolume other = new FaultyVolume(disk);
            AtomicBoolean written = new AtomicBoolean();
            other.gate = (operation, path) -> {
                if (operation.equals("force") && written.compareAndSet(false, true)) {
                    GapJournal.append(volume, List.of(late), NOW);
                }
            };
            GapJournal.carry(volume, other);
            // Who carries looks again until nothing is left.
            GapJournal.carry(volume, other);

            assertThat(read()).isEmpty();
            List<GapJournal.Entry> there = new ArrayList<>();
            GapJournal.read(other, (entry, unsound) -> there.add(entry));
            assertThat(there).contains(first, late);
        }
    }

    @Test
    void whoWriteAtOnceTakeTurns() throws Exception {
        FaultyVolume shared = new FaultyVolume(volume);
        GapJournal.Entry first = entry(OptionalLong.empty(), "first", true);
        GapJournal.Entry second = entry(OptionalLong.empty(), "second", true);
        AtomicInteger writing = new AtomicInteger();
        Thread other = new Thread(() -> {
            try {
                GapJournal.append(shared, List.of(second), NOW);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        shared.gate = (operation, path) -> {
            if (operation.equals("write") && writing.incrementAndGet() == 1) {
                other.start();
                ArchiveHouse.await(() -> other.getState() == Thread.State.BLOCKED || writing.get() == 2);
            }
        };
        GapJournal.append(shared, List.of(first), NOW);
        other.join();
        assertThat(read()).containsExactlyInAnyOrder(first, second);
    }

    private FileVolume another() {
        FileVolume other = new FileVolume(new FileVolume.Settings(
                "other", folder.resolve("w"), 0, 0, -1, true, ArchiveHouse.SERVER, folder.resolve("m")));
        other.checkNow();
        return other;
    }
}
