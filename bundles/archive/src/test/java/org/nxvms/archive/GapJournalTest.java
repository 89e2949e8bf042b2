// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

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
}
