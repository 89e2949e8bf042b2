// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** What is spooled comes back, in order, as it was; a torn end costs that end only. */
class SpoolTest {
    @TempDir
    private Path folder;

    private static List<Event> events(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> new Event(
                        new UUID(1, i),
                        new UUID(7, 7),
                        i,
                        new EventFact(
                                EventSource.camera(new UUID(3, 3), "input/1"),
                                "camera.input",
                                EventSeverity.WARNING,
                                "Tür \"auf\" 😀 " + i,
                                EventAttributes.of(
                                        Map.of("whole", (long) i, "real", 2.0, "flag", true, "text", "\\\"\n")),
                                i % 2 == 0 ? Optional.empty() : Optional.of(new UUID(5, i))),
                        i % 3 == 0 ? EventSpan.open(i) : EventSpan.open(i).ended(i + 5, EventSpan.EndReason.LAPSED)))
                .toList();
    }

    @Test
    void whatIsSpooledComesBackInOrderAlsoToTheNextProcess() throws IOException {
        Spool spool = new Spool(folder);
        assertThat(spool.isEmpty()).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(spool.append(events(i * 300, 300), 1L << 30)).isEqualTo(300);
        }
        assertThat(spool.events()).isEqualTo(6_000);
        Spool next = new Spool(folder);
        assertThat(next.bytes()).isEqualTo(spool.bytes());
        List<Event> found = new ArrayList<>();
        int files = 0;
        while (!next.isEmpty()) {
            found.addAll(next.oldest());
            next.removeOldest();
            files++;
        }
        assertThat(found).isEqualTo(events(0, 6_000));
        assertThat(files).as("in portions, not as a whole").isGreaterThan(1);
        assertThat(next.append(events(0, 1), 1L << 30)).isEqualTo(1);
        assertThat(next.oldest()).isEqualTo(events(0, 1));
    }

    @Test
    void itNeverGrowsBeyondItsLimit() throws IOException {
        Spool spool = new Spool(folder);
        int kept = 0;
        for (int i = 0; i < 50; i++) {
            kept += spool.append(events(i * 100, 100), 100_000);
        }
        assertThat(spool.bytes()).isLessThanOrEqualTo(100_000);
        assertThat(kept).isBetween(50, 400);
        assertThat(spool.events()).isEqualTo(kept);
    }

    @Test
    void aTornEndCostsThatEndOnly() throws IOException {
        Spool spool = new Spool(folder);
        spool.append(events(0, 50), 1L << 30);
        Path file;
        try (var files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        int lines49 = new String(whole, StandardCharsets.UTF_8)
                .lines()
                .limit(49)
                .mapToInt(line -> line.getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            int length = lines49 + random.nextInt(whole.length - lines49 - 2);
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(new Spool(folder).oldest()).isEqualTo(events(0, 49));
        }
    }

    @Test
    void garbageIsNoEvent() throws IOException {
        Spool spool = new Spool(folder);
        spool.append(events(0, 3), 1L << 30);
        Path file;
        try (var files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        Files.writeString(file, "{}\nnull\n[]\n{\"id\":7}\n\u0000\n", StandardOpenOption.APPEND);
        assertThat(new Spool(folder).oldest()).isEqualTo(events(0, 3));
    }
}
