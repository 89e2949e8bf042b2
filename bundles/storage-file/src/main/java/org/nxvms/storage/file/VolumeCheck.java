// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.nxvms.storage.spi.Volume.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out every few seconds, on its own thread, what a volume can be used for, and makes its identity at first use.
 *
 * <p>A volume that was initialised once is remembered in the data folder. When its identity file is missing later, the
 * disk is not mounted: the folder that shows instead is the mount point and is left alone.
 */
final class VolumeCheck implements AutoCloseable {
    /** What is known. {@code checkedNanos} is when the check that said so ended. */
    record State(Status status, String detail, long checkedNanos) {}

    private record Understood(byte[] bytes, VolumeIdentity identity) {}

    private static final Logger LOG = LoggerFactory.getLogger(VolumeCheck.class);
    private static final long INTERVAL_MS = 4_000;
    /** A check that takes longer than this tells that the medium hangs. */
    private static final long ANSWER_MS_MAX = 15_000;

    /** A trial write needs less, its folder and the file system's own bookkeeping included. */
    private static final long PROBED_BYTES_MAX = 1 << 20;

    private static final String PROBE = ".nxvms-probe";

    private final FileVolume.Settings settings;
    private final Path remembered;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turn = lock.newCondition();
    private final Condition turned = lock.newCondition();

    private volatile State state = new State(Status.ABSENT, "not checked yet", System.nanoTime());
    private volatile UUID id;
    private volatile String writeFailure = "";
    /** The identity file as it was read last. */
    private volatile Understood understood;

    private boolean known;
    private boolean wanted = true;
    private boolean underWay;
    private boolean closed;
    private long turns;

    VolumeCheck(FileVolume.Settings settings) {
        this.settings = settings;
        this.remembered = settings.memory().resolve(settings.name() + ".id");
        this.id = UUID.randomUUID();
        readRemembered();
        this.thread = new Thread(this::run, "nxvms-vol-" + settings.name() + "-check");
        thread.setDaemon(true);
    }

    /** One small file in the data folder, on the system disk; the volume itself is only touched by the thread. */
    private void readRemembered() {
        try {
            id = UUID.fromString(
                    Files.readString(remembered, StandardCharsets.UTF_8).strip());
            known = true;
        } catch (NoSuchFileException firstUse) {
            known = false;
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn(
                    "Volume {}: cannot read {} ({}); the volume is accepted by its own identity file",
                    settings.name(),
                    remembered,
                    unreadable.getMessage());
        }
    }

    void start() {
        thread.start();
    }

    UUID id() {
        return id;
    }

    State state() {
        State now = state;
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now.checkedNanos());
        if (silentMs > ANSWER_MS_MAX) {
            return new State(
                    Status.FAILING,
                    settings.root() + " has not answered for " + silentMs / 1000
                            + " s; check the disk or the network share",
                    now.checkedNanos());
        }
        return now;
    }

    /** Told by files: the volume is not used for new footage until a trial write works. */
    void writeFailed(IOException failure) {
        String why = String.valueOf(failure.getMessage());
        writeFailure = why.isEmpty() ? failure.getClass().getSimpleName() : why;
        lock.lock();
        try {
            wanted = true;
            turn.signal();
        } finally {
            lock.unlock();
        }
    }

    void requireIdentity() throws IOException {
        try {
            VolumeIdentity found = identity();
            if (!found.volumeId().equals(id)) {
                throw new IOException("volume " + settings.name() + ": " + wrongIdentity(found));
            }
        } catch (NoSuchFileException gone) {
            throw new IOException("volume " + settings.name() + ": " + missing(), gone);
        }
    }

    /** {@return what the file says now; it is read each time, and understood anew when it holds something else} */
    private VolumeIdentity identity() throws IOException {
        byte[] bytes = VolumeIdentity.bytes(settings.root());
        Understood before = understood;
        if (before != null && Arrays.equals(before.bytes(), bytes)) {
            return before.identity();
        }
        VolumeIdentity found = VolumeIdentity.of(settings.root(), bytes);
        understood = new Understood(bytes, found);
        return found;
    }

    void checkNow() {
        lock.lock();
        try {
            // A turn that is under way may have looked before the change the caller has in mind: wait for a full one.
            long enough = turns + (underWay ? 2 : 1);
            while (turns < enough && !closed) {
                wanted = true;
                turn.signal();
                turned.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitTurn()) {
            State found;
            try {
                found = examine();
            } catch (IOException | RuntimeException failed) {
                found = now(Status.FAILING, settings.root() + " cannot be examined: " + failed.getMessage());
            }
            if (found.status() != state.status() || !found.detail().equals(state.detail())) {
                LOG.info("Volume {} is {} {}", settings.name(), found.status(), found.detail());
            }
            state = found;
            lock.lock();
            try {
                turns++;
                underWay = false;
                turned.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean awaitTurn() {
        lock.lock();
        try {
            if (!wanted && !closed) {
                turn.await(INTERVAL_MS, TimeUnit.MILLISECONDS);
            }
            wanted = false;
            underWay = true;
            return !closed;
        } catch (InterruptedException stop) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private State examine() throws IOException {
        Path root = settings.root();
        if (!Files.isDirectory(root)) {
            if (known || !settings.create()) {
                return now(
                        Status.ABSENT, known ? missing() : root + " is not there; make the folder or mount the disk");
            }
            Files.createDirectories(root);
        }
        VolumeIdentity found;
        try {
            found = identity();
        } catch (NoSuchFileException none) {
            if (known) {
                return now(Status.ABSENT, missing());
            }
            if (!settings.create() && !isEmpty(root)) {
                return now(
                        Status.ABSENT,
                        root + " is not empty and not a volume; empty it, or set create=true to use it as it is");
            }
            found = new VolumeIdentity(id, settings.serverId(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
            found.write(root);
            Folders.force(root.getParent() == null ? root : root.getParent());
            LOG.info("Volume {}: {} initialised with id {}", settings.name(), root, id);
        }
        if (known && !found.volumeId().equals(id)) {
            return now(Status.WRONG_IDENTITY, wrongIdentity(found));
        }
        if (!known && !found.serverId().equals(settings.serverId())) {
            return now(
                    Status.WRONG_IDENTITY,
                    root + " is the volume of another server (" + found.serverId() + "); it is left alone");
        }
        if (!known) {
            remember(found.volumeId());
        }
        return writable(root);
    }

    private void remember(UUID volumeId) throws IOException {
        Files.createDirectories(settings.memory());
        VolumeIdentity.writeAtomically(remembered, volumeId + "\n");
        id = volumeId;
        known = true;
    }

    private State writable(Path root) throws IOException {
        if (Files.getFileStore(root).isReadOnly()) {
            return now(Status.READ_ONLY, root + " is mounted read-only; footage on it can be seen, none is added");
        }
        String failure = writeFailure;
        if (failure.isEmpty()) {
            return now(Status.READY, "");
        }
        try {
            Path probe = root.resolve(PROBE);
            VolumeIdentity.writeAtomically(probe, "x".repeat(4096));
            Files.delete(probe);
            writeFailure = "";
            return now(Status.READY, "");
        } catch (IOException still) {
            String why = String.valueOf(still.getMessage());
            boolean refused = why.contains("No space left")
                    || why.contains("quota exceeded")
                    || why.contains("Read-only")
                    || still instanceof java.nio.file.AccessDeniedException;
            return refused
                    ? now(Status.READ_ONLY, root + takesNoMore(root, why))
                    : now(Status.FAILING, root + " fails to write (" + why + "); check the disk");
        }
    }

    /** Files need inodes too, and the system has one word for both. */
    private static String takesNoMore(Path root, String why) throws IOException {
        boolean bytesAreFree = Files.getFileStore(root).getUsableSpace() > PROBED_BYTES_MAX;
        return why.contains("No space left") && bytesAreFree
                ? " has no inodes left for more files (" + why + "; df -i); remove files or make them fewer and larger"
                : " takes no more bytes (" + why + "); free space or check its rights";
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!"lost+found".equals(entry.getFileName().toString())) {
                    return false;
                }
            }
        }
        return true;
    }

    private String missing() {
        return settings.root() + " does not hold volume " + id + " (no " + VolumeIdentity.FILE_NAME
                + "); mount its disk. To start anew with an empty disk, remove " + remembered;
    }

    private String wrongIdentity(VolumeIdentity found) {
        return settings.root() + " holds volume " + found.volumeId() + ", expected " + id
                + "; mount the right disk. To use this one, remove " + remembered;
    }

    private static State now(Status status, String detail) {
        return new State(status, detail, System.nanoTime());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            turn.signal();
            turned.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            // A hung medium must not hold up the framework; the thread is a daemon and ends when the medium answers.
            thread.join(2_000);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
