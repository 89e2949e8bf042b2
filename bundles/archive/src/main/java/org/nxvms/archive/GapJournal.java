// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * Gaps on a volume, so that the index can be made again from volumes alone: {@code journal/gaps-{yyyy-MM}.tsv}, one
 * line per change, the last line of an id counts. Columns: time of writing, id, stream, from, to ({@code -} while it
 * lasts, {@code void} when it was none), cause, detail, CRC-32 of the line so far in hex. A line torn by a power cut
 * fails its CRC and is skipped.
 */
final class GapJournal {
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("uuuu-MM", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String FOLDER = JournalFile.FOLDER;
    private static final String VOID = "void";
    private static final int DETAIL_CHARS_MAX = 500;
    private static final int COLUMNS = 7;

    private GapJournal() {}

    /**
     * Writes all that one volume tells on another too, then takes it away. What grew meanwhile stays and is carried again
     * when this is called again; a line that is there twice does no harm.
     */
    static void carry(Volume from, Volume to) throws IOException {
        List<String> paths = new ArrayList<>();
        from.list(FOLDER, file -> {
            boolean journal = file.path().startsWith(FOLDER + "/gaps-");
            return !journal || paths.add(file.path());
        });
        for (String path : paths) {
            StringBuilder lines = new StringBuilder();
            long size;
            try (VolumeReadable file = from.read(path)) {
                size = file.size();
                JournalFile.lines(file, line -> lines.append(line).append('\n'));
            }
            JournalFile.append(to, path, lines.toString());
            JournalFile.deleteUnlessGrown(from, path, size);
        }
    }

    /** One change. {@code kept} is false when the gap turned out to be none. */
    record Entry(Instant written, Gap gap, boolean kept) {
        String line() {
            String to = kept ? gap.toUs().isPresent() ? time(gap.toUs().getAsLong()) : "-" : VOID;
            return JournalFile.line(
                    written.truncatedTo(ChronoUnit.MILLIS).toString(),
                    gap.id().toString(),
                    gap.stream().toString(),
                    time(gap.fromUs()),
                    to,
                    gap.cause().name(),
                    detail(gap.detail()));
        }

        static Optional<Entry> parse(String line) {
            String[] columns = JournalFile.columns(line);
            if (columns.length != COLUMNS) {
                return Optional.empty();
            }
            try {
                int slash = columns[2].indexOf('/');
                StreamId stream = new StreamId(
                        UUID.fromString(columns[2].substring(0, slash)),
                        StreamRole.of(columns[2].substring(slash + 1)));
                boolean kept = !VOID.equals(columns[4]);
                OptionalLong to =
                        !kept || "-".equals(columns[4]) ? OptionalLong.empty() : OptionalLong.of(us(columns[4]));
                Gap gap =
                        new Gap(UUID.fromString(columns[1]), stream, us(columns[3]), to, cause(columns[5]), columns[6]);
                return Optional.of(new Entry(Instant.parse(columns[0]), gap, kept));
            } catch (IllegalArgumentException | java.time.DateTimeException | IndexOutOfBoundsException notOurs) {
                return Optional.empty();
            }
        }

        private static GapCause cause(String name) {
            try {
                return GapCause.valueOf(name);
            } catch (IllegalArgumentException ofANewerVersion) {
                return GapCause.UNKNOWN;
            }
        }
    }

    /** {@return a gap's words as a line holds them: an index that kept more would never agree with the journal} */
    static String detail(String words) {
        return JournalFile.column(words, DETAIL_CHARS_MAX);
    }

    /** Appends changes durably. */
    static void append(Volume volume, List<Entry> entries, Instant now) throws IOException {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(entry.line()));
        JournalFile.append(volume, FOLDER + "/gaps-" + MONTH.format(now) + ".tsv", lines.toString());
    }

    /**
     * {@return the last word of a volume on each gap} By the order of its lines: the clock may have been set back between
     * two of them.
     */
    static Collection<Entry> last(Volume volume) throws IOException {
        Map<UUID, Entry> last = new LinkedHashMap<>();
        read(volume, (entry, unsound) -> last.put(entry.gap().id(), entry));
        return last.values();
    }

    /** Visits all sound lines of all months in order; the second argument is the number of unsound ones so far. */
    static void read(Volume volume, BiConsumer<Entry, Long> visitor) throws IOException {
        List<String> paths = new java.util.ArrayList<>();
        volume.list(FOLDER, entry -> {
            if (entry.path().startsWith(FOLDER + "/gaps-") && entry.path().endsWith(".tsv")) {
                paths.add(entry.path());
            }
            return true;
        });
        long[] unsound = new long[1];
        for (String path : paths) {
            try (VolumeReadable file = volume.read(path)) {
                JournalFile.lines(file, line -> {
                    Optional<Entry> entry = Entry.parse(line);
                    if (entry.isPresent()) {
                        visitor.accept(entry.get(), unsound[0]);
                    } else if (!line.isEmpty()) {
                        unsound[0]++;
                    }
                });
            }
        }
    }

    private static String time(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS).toString();
    }

    private static long us(String time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    }
}
