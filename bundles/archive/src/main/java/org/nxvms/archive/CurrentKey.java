// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The key for new chunks in memory. A system disk that hangs or hiccups holds up neither recorders nor the keepers of
 * volumes, and once there is a key it stays the one until another is read or made: what is recorded with a key that comes
 * back is not lost, what is not recorded is. One thread at most looks for it, begun by whoever asks; while nobody asks,
 * nobody looks. Any thread.
 */
final class CurrentKey {
    /** A look that has not come back is told after this: about what a disk's own retries take. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A look that comes back at once is waited for. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** There is nothing to go on with before the first. */
    private static final long FIRST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Where keys lie; may block for as long as the system disk does. */
    interface Keys {
        Path folder();

        FootageKeyring.Key current() throws IOException;

        FootageKeyring.Key rotate() throws IOException;

        /** Writes a key back whose file is missing or damaged. */
        void keep(FootageKeyring.Key key) throws IOException;
    }

    private final Keys keys;
    private final LongSupplier nanos;
    private final Object rotating = new Object();
    private Optional<Look> running = Optional.empty();
    private int rotations;
    private volatile Optional<Path> place = Optional.empty();
    private volatile Optional<Known> known = Optional.empty();

    /** The key as it was read last, if ever, and what went wrong since. */
    private record Known(Optional<FootageKeyring.Key> key, long readNanos, Optional<String> trouble) {}

    private record Look(boolean forKey, long begunNanos, CountDownLatch ended) {}

    CurrentKey(Keys keys, LongSupplier nanos) {
        this.keys = keys;
        this.nanos = nanos;
    }

    /** {@return the real path of what there is of the keys' folder; looks for it only while it is not known} */
    Path place() throws IOException {
        if (place.isEmpty()) {
            await(look(false), FIRST_LOOK_NANOS);
        }
        return place.orElseThrow(this::noAnswer);
    }

    /** {@return why it cannot be read now; looks again, the very first key is made} */
    Optional<String> refresh() {
        long nanosMax = known.isEmpty() ? FIRST_LOOK_NANOS : LOOK_NANOS;
        Look look = look(true);
        await(look, nanosMax);
        if (!look.forKey()) {
            await(look(true), nanosMax);
        }
        return known.isEmpty() || known.get().trouble().isPresent() || isStale(known.get())
                ? Optional.of(noAnswer().getMessage())
                : Optional.empty();
    }

    /** {@return whether there is one, be it that it cannot be read any more} */
    boolean isThere() {
        return known.flatMap(Known::key).isPresent();
    }

    /** {@return the key; from memory, once there is one} */
    FootageKeyring.Key get() throws IOException {
        if (!isThere()) {
            refresh();
        }
        return known.flatMap(Known::key).orElseThrow(this::noAnswer);
    }

    /** {@return the key of this id, if it is the one in memory} */
    Optional<FootageKeyring.Key> inMemory(byte[] id) {
        return known.flatMap(Known::key).filter(key -> Arrays.equals(key.id(), id));
    }

    /**
     * Makes a new key. The one before it is written back first where its file is missing: memory may be the last place
     * that has it. Blocks as long as the system disk does.
     *
     * @throws IOException when the key in memory cannot be written back; it stays the one
     */
    FootageKeyring.Key rotate() throws IOException {
        synchronized (rotating) {
            Optional<FootageKeyring.Key> before = known.flatMap(Known::key);
            if (before.isPresent()) {
                keys.keep(before.get());
            }
            FootageKeyring.Key key = keys.rotate();
            synchronized (this) {
                rotations++;
                known = Optional.of(new Known(Optional.of(key), nanos.getAsLong(), Optional.empty()));
            }
            return key;
        }
    }

    private boolean isStale(Known now) {
        return nanos.getAsLong() - now.readNanos() > PATIENCE_NANOS;
    }

    private IOException noAnswer() {
        return new IOException(known.flatMap(Known::trouble)
                .orElseGet(() -> "reading the key in " + keys.folder() + " does not come back; check that disk"));
    }

    private synchronized Look look(boolean forKey) {
        Optional<Look> still = running.filter(look -> look.ended().getCount() > 0);
        if (still.isPresent()) {
            return still.get();
        }
        Look look = new Look(forKey, nanos.getAsLong(), new CountDownLatch(1));
        running = Optional.of(look);
        int before = rotations;
        Thread looking = new Thread(() -> run(forKey, before, look.ended()), "nxvms-footage-key");
        looking.setDaemon(true);
        looking.start();
        return look;
    }

    private void run(boolean forKey, int before, CountDownLatch ended) {
        try {
            place = Optional.of(existing(keys.folder().toAbsolutePath()).toRealPath());
            if (forKey) {
                FootageKeyring.Key key = keys.current();
                keepWhatItReplaces(key);
                found(before, new Known(Optional.of(key), nanos.getAsLong(), Optional.empty()));
            }
        } catch (FootageKeyring.LostException lost) {
            found(before, without(lost.getMessage()));
        } catch (IOException | RuntimeException failed) {
            found(before, without("the key in " + keys.folder() + " cannot be read: " + failed + "; check that disk"));
        } finally {
            ended.countDown();
        }
    }

    /** A folder that was put back from an older copy names an older key; memory may be the last place that has the other. */
    private void keepWhatItReplaces(FootageKeyring.Key key) throws IOException {
        Optional<FootageKeyring.Key> last = known.flatMap(Known::key).filter(one -> !Arrays.equals(one.id(), key.id()));
        if (last.isPresent()) {
            keys.keep(last.get());
        }
    }

    private Known without(String why) {
        Known last = known.orElseGet(() -> new Known(Optional.empty(), nanos.getAsLong(), Optional.empty()));
        return new Known(last.key(), last.readNanos(), Optional.of(why));
    }

    private synchronized void found(int before, Known now) {
        if (before == rotations) {
            known = Optional.of(now);
        }
    }

    private void await(Look look, long nanosMax) {
        try {
            look.ended().await(look.begunNanos() + nanosMax - nanos.getAsLong(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path existing(Path folder) {
        Path at = folder;
        while (!Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }
}
