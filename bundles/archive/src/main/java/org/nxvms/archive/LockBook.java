// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeReadable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evidence locks (ADR 15): {@code journal/locks.tsv} on each volume and {@code locks.tsv} in the data folder, one line a
 * lock and one more when it is taken back; the union of all counts, so any one of them restores the rest. A volume is
 * read before anything is removed from it, and given what it does not know. Any thread; blocks on disk.
 */
final class LockBook {
    static final String PATH = JournalFile.FOLDER + "/locks.tsv";
    /** Each is looked at for each chunk that goes. */
    private static final int LOCKS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(LockBook.class);

    private static final int COLUMNS = 9;
    private static final String LOCK = "lock";
    private static final String UNLOCK = "unlock";

    private final Path home;
    private final LongSupplier nowUs;
    private final Map<UUID, Entry> entries = new HashMap<>();
    /** Which state of the book each volume has. */
    private final Map<UUID, Integer> synced = new ConcurrentHashMap<>();

    private final Map<UUID, Object> telling = new ConcurrentHashMap<>();

    private final Removals removals = new Removals();

    private volatile List<EvidenceLock> held = List.of();
    private volatile int version;
    private boolean read;

    /** The last word on a lock: once taken back it stays so. */
    private record Entry(Instant written, EvidenceLock lock, boolean holds, String by) {
        String line() {
            return JournalFile.line(
                    written.toString(),
                    lock.id().toString(),
                    holds ? LOCK : UNLOCK,
                    String.valueOf(lock.fromUs()),
                    String.valueOf(lock.toUs()),
                    String.valueOf(lock.createdUs()),
                    lock.cameraIds().stream().map(UUID::toString).collect(Collectors.joining(",")),
                    JournalFile.column(holds ? lock.createdBy() : by, EvidenceLock.REASON_CHARS_MAX),
                    JournalFile.column(lock.reason(), EvidenceLock.REASON_CHARS_MAX));
        }

        static Optional<Entry> parse(String line) {
            String[] columns = JournalFile.columns(line);
            if (columns.length != COLUMNS) {
                return Optional.empty();
            }
            try {
                EvidenceLock lock = new EvidenceLock(
                        UUID.fromString(columns[1]),
                        Arrays.stream(columns[6].split(","))
                                .map(UUID::fromString)
                                .toList(),
                        Long.parseLong(columns[3]),
                        Long.parseLong(columns[4]),
                        columns[8],
                        columns[7],
                        Long.parseLong(columns[5]));
                return Optional.of(new Entry(Instant.parse(columns[0]), lock, columns[2].equals(LOCK), columns[7]));
            } catch (IllegalArgumentException | java.time.DateTimeException notOurs) {
                return Optional.empty();
            }
        }
    }

    /** @param home the file in the data folder */
    LockBook(Path home, LongSupplier nowUs) {
        this.home = home;
        this.nowUs = nowUs;
    }

    List<EvidenceLock> locks() throws IOException {
        readHome();
        return held;
    }

    /** {@return a number that changes with the locks} */
    int version() {
        return version;
    }

    boolean holds(Segment segment) {
        return holds(segment.stream().cameraId(), segment.startUs(), segment.endUs());
    }

    boolean holds(UUID cameraId, long startUs, long endUs) {
        for (EvidenceLock lock : held) {
            if (lock.holds(cameraId, startUs, endUs)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes a chunk out of what locks can still hold, to be removed; at once. When it is over, {@link #removed} says so.
     *
     * @return false when a lock holds it
     */
    boolean beginRemoval(Removals.Removal removal) {
        return removals.begin(removal, () -> holds(removal.cameraId(), removal.fromUs(), removal.toUs()));
    }

    void removed(Removals.Removal removal) {
        removals.end(removal);
    }

    /**
     * Durable in the data folder when it returns, and on the volumes that can be written. A chunk whose removal had begun
     * is gone by then, so that what can be seen when a lock is confirmed is what it holds.
     */
    void lock(EvidenceLock lock, Collection<Volume> volumes) throws IOException {
        readHome();
        if (held.size() >= LOCKS_MAX) {
            throw new IllegalStateException("there are " + LOCKS_MAX + " locks already; take some back first");
        }
        write(new Entry(now(), lock, true, lock.createdBy()), volumes);
        if (!removals.awaitEnd(lock)) {
            LOG.warn("Lock {} holds, but the removal of footage of its time had begun before and hangs", lock.id());
        }
    }

    /** {@return false when there is no such lock} */
    boolean unlock(UUID id, String by, Collection<Volume> volumes) throws IOException {
        readHome();
        Optional<EvidenceLock> known =
                held.stream().filter(lock -> lock.id().equals(id)).findFirst();
        if (known.isPresent()) {
            write(new Entry(now(), known.get(), false, by), volumes);
        }
        return known.isPresent();
    }

    private Instant now() {
        return Instant.EPOCH.plus(nowUs.getAsLong(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
    }

    private void write(Entry entry, Collection<Volume> volumes) throws IOException {
        synchronized (this) {
            String line = entry.line();
            appendHome(line);
            // As it will be read: one that cannot be read again would not hold for long.
            take(Entry.parse(line.strip()).orElseThrow());
        }
        for (Volume volume : volumes) {
            if (volume.status() == Volume.Status.READY) {
                try {
                    sync(volume);
                } catch (IOException later) {
                    LOG.warn("Volume {} does not know of a lock yet: {}", volume.name(), later.getMessage());
                }
            }
        }
    }

    /**
     * Reads what a volume knows and tells it what it does not.
     *
     * @throws IOException when it cannot be read: nothing may be removed from it then
     */
    void sync(Volume volume) throws IOException {
        try {
            tell(volume);
        } catch (UntoldException fullOrReadOnly) {
            LOG.warn("Volume {} cannot be told of locks: {}", volume.name(), fullOrReadOnly.getMessage());
        }
    }

    /** It was read and knows less than the book. */
    private static final class UntoldException extends IOException {
        private static final long serialVersionUID = 1L;

        UntoldException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * As {@link #sync}, for footage that is about to come to the volume.
     *
     * @throws IOException also when the volume cannot be told: then locked footage must not go there
     */
    void tell(Volume volume) throws IOException {
        readHome();
        // Two who append at the same place would tear each other's lines.
        synchronized (telling.computeIfAbsent(volume.id(), first -> new Object())) {
            tellAlone(volume);
        }
    }

    private void tellAlone(Volume volume) throws IOException {
        Integer known = synced.get(volume.id());
        if (known != null && known == version) {
            return;
        }
        Map<UUID, Boolean> there = new HashMap<>();
        try (VolumeReadable file = volume.read(PATH)) {
            JournalFile.lines(file, line -> Entry.parse(line).ifPresent(entry -> {
                there.merge(entry.lock().id(), entry.holds(), Boolean::logicalAnd);
                take(entry);
            }));
        } catch (NoSuchFileException none) {
            // a new volume
        }
        int now = version;
        String missing = missing(there);
        if (!missing.isEmpty()) {
            try {
                JournalFile.append(volume, PATH, missing);
            } catch (IOException fullOrReadOnly) {
                throw new UntoldException(fullOrReadOnly);
            }
        }
        synced.put(volume.id(), now);
    }

    private synchronized String missing(Map<UUID, Boolean> there) {
        return entries.values().stream()
                .filter(entry ->
                        isNews(entry, Optional.ofNullable(there.get(entry.lock().id()))))
                .map(Entry::line)
                .collect(Collectors.joining());
    }

    /** {@return whether who knows so much of a lock must be told: a new one, or that it was taken back} */
    private static boolean isNews(Entry entry, Optional<Boolean> holdsThere) {
        return holdsThere.map(holds -> holds && !entry.holds()).orElse(entry.holds());
    }

    private synchronized void take(Entry entry) {
        Entry before = entries.get(entry.lock().id());
        if (before == null || before.holds() && !entry.holds()) {
            entries.put(entry.lock().id(), entry);
            List<EvidenceLock> now = entries.values().stream()
                    .filter(Entry::holds)
                    .map(Entry::lock)
                    .sorted(Comparator.comparingLong(EvidenceLock::createdUs).reversed())
                    .toList();
            removals.between(() -> held = now);
            version++;
        }
    }

    private synchronized void readHome() throws IOException {
        if (read) {
            return;
        }
        if (Files.exists(home)) {
            // A line that a power cut tore may be no text.
            for (String line : new String(Files.readAllBytes(home), StandardCharsets.UTF_8).split("\n")) {
                Entry.parse(line).ifPresent(this::take);
            }
        }
        read = true;
    }

    private void appendHome(String line) throws IOException {
        Files.createDirectories(home.getParent());
        try (FileChannel file =
                FileChannel.open(home, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = file.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            boolean torn = size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n';
            ByteBuffer bytes = StandardCharsets.UTF_8.encode((torn ? "\n" : "") + line);
            long at = size;
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
            file.force(true);
        }
        try (FileChannel folder = FileChannel.open(home.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
