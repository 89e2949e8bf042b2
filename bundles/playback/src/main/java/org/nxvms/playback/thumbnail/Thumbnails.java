// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.worker.MediaWorker.CodedPicture;

/**
 * Pictures of the archive's moments. Who drags along a timeline asks for hundreds, and must hold up neither recording nor
 * others: one is made at a time, with pauses, whoever asks for one that is being made waits for it, so many wait at most,
 * and what was made is kept for a while. A picture that cannot be made is not tried again for some time. Any thread;
 * blocks on disk, database and the media worker, for {@link #WAIT_MS} and a little at most.
 */
public final class Thumbnails {
    /** Moments are taken down to whole seconds: closer ones mostly have the same key frame. */
    public static final long GRID_US = 1_000_000;
    /** Widths that are made; what is asked for is taken up to the next of them. */
    private static final int[] WIDTHS = {160, 320, 640, 1_280, 1_920, 3_840, 7_680};

    public static final int WIDTH_MAX = WIDTHS[WIDTHS.length - 1];
    public static final int WIDTH_MIN = 16;

    static final int WAITING_MAX = 24;
    static final int WAITING_OF_USER_MAX = 8;
    static final int WAIT_MS = 8_000;
    /** Exact pictures that are looked for at once: each reads the heads of a group's fragments. */
    static final int SEARCHES_MAX = 2;

    private static final long REFUSED_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int REFUSED_MAX = 1_000;

    /** Makes a JPEG of the picture of a group that is shown at a time: the media worker. */
    public interface ExactMaker {
        byte[] jpeg(TrackFormat track, List<CodedPicture> pictures, long wanted, int widthMax, int timeoutMs)
                throws DriverException;
    }

    /** Makes a JPEG of a coded picture: the media worker. */
    @FunctionalInterface
    public interface Maker {
        byte[] jpeg(TrackFormat track, ByteBuffer picture, int widthMax, int timeoutMs) throws DriverException;
    }

    /** A picture and where it comes from. */
    public record Thumbnail(KeyFrame frame, int width, byte[] jpeg) {}

    /** An access unit lies where no fragment begins, so that the places of both differ. */
    private record Key(UUID segmentId, long offset, int width) {}

    /** Makes a picture within so much time. */
    @FunctionalInterface
    private interface Making {
        byte[] within(int timeoutMs) throws IOException, DriverException, Mp4Exception;
    }

    /** Why a picture cannot be made, until then. */
    private record Refusal(String why, long untilNs) {}

    private final KeyFrames frames = new KeyFrames();
    private final PictureCache<Key> pictures;
    private final Map<Key, CompletableFuture<byte[]>> flights = new ConcurrentHashMap<>();
    private final Turns turns;
    private final Semaphore searches = new Semaphore(SEARCHES_MAX, true);
    private final int waitMs;
    private final LongSupplier nanoTime;

    private final Map<Key, Refusal> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Refusal> eldest) {
            return size() > REFUSED_MAX;
        }
    };

    private final Map<UUID, Integer> waiting = new HashMap<>();
    private int allWaiting;

    /**
     * @param cacheBytesMax what is kept in memory
     * @param dutyPercent 1..100: of the time, how much pictures are made
     */
    public Thumbnails(long cacheBytesMax, int dutyPercent) {
        this(cacheBytesMax, dutyPercent, WAIT_MS, System::nanoTime);
    }

    /** For tests. */
    Thumbnails(long cacheBytesMax, int dutyPercent, int waitMs, LongSupplier nanoTime) {
        this.waitMs = waitMs;
        this.pictures = new PictureCache<>(cacheBytesMax);
        this.turns = new Turns(dutyPercent);
        this.nanoTime = nanoTime;
    }

    /** Counts from now on. */
    public void limit(long cacheBytesMax, int dutyPercent) {
        pictures.limit(cacheBytesMax);
        turns.limit(dutyPercent);
    }

    /** {@return the width that is made for one that is asked for} */
    public static int width(int asked) {
        for (int width : WIDTHS) {
            if (asked <= width) {
                return width;
            }
        }
        return WIDTH_MAX;
    }

    /** {@return where the picture of a moment lies; empty when there is no footage near it} */
    public Optional<KeyFrame> frame(Archive archive, StreamId stream, long atUs) throws IOException {
        return frames.nearest(archive, stream, Math.floorDiv(atUs, GRID_US) * GRID_US);
    }

    /**
     * Makes the picture of a key frame, or finds it.
     *
     * @param width one of {@link #width}
     * @param user who asks
     * @throws java.nio.file.NoSuchFileException when the footage is gone
     * @throws DriverException of kind UNSUPPORTED when no picture can be made of it, of kind BUSY when too much is to do
     */
    public Thumbnail make(Archive archive, Maker maker, KeyFrame frame, int width, UUID user)
            throws IOException, DriverException {
        byte[] jpeg = make(new Key(frame.segmentId(), frame.offset(), width), user, timeoutMs -> {
            KeyFrames.Picture picture = frames.read(archive, frame);
            return maker.jpeg(picture.track(), picture.bytes(), width, timeoutMs);
        });
        return new Thumbnail(frame, width, jpeg);
    }

    /**
     * {@return the picture that is shown at an instant; empty where there is no footage then} Who has it looked for is one of
     * those who wait.
     *
     * @throws DriverException of kind UNSUPPORTED when what lies there is no picture, of kind BUSY when too much is to do
     */
    public Optional<ExactFrame> exactFrame(Archive archive, StreamId stream, long atUs, UUID user)
            throws IOException, DriverException {
        begin(user);
        try {
            return exactFrame(archive, stream, atUs);
        } catch (Mp4Exception noPicture) {
            throw new DriverException(Kind.UNSUPPORTED, noPicture.getMessage(), noPicture);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "the server is stopping", stop);
        } finally {
            end(user);
        }
    }

    private Optional<ExactFrame> exactFrame(Archive archive, StreamId stream, long atUs)
            throws IOException, DriverException, Mp4Exception, InterruptedException {
        if (!searches.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
            throw new DriverException(Kind.BUSY, "the picture was not looked for in time");
        }
        try {
            return ExactFrames.at(archive, stream, atUs);
        } finally {
            searches.release();
        }
    }

    /** Makes the picture of an instant, or finds it; as {@link #make}. */
    public byte[] exact(Archive archive, ExactMaker maker, ExactFrame frame, int width, UUID user)
            throws IOException, DriverException {
        return make(new Key(frame.segmentId(), frame.offset(), width), user, timeoutMs -> {
            ExactFrames.Group group = ExactFrames.read(archive, frame);
            return maker.jpeg(group.track(), group.pictures(), frame.wanted(), width, timeoutMs);
        });
    }

    private byte[] make(Key key, UUID user, Making making) throws IOException, DriverException {
        Optional<byte[]> kept = pictures.get(key);
        if (kept.isPresent()) {
            return kept.get();
        }
        refuse(key);
        long deadlineNs = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        begin(user);
        try {
            CompletableFuture<byte[]> own = new CompletableFuture<>();
            CompletableFuture<byte[]> others = flights.putIfAbsent(key, own);
            if (others != null) {
                return await(others);
            }
            try {
                byte[] jpeg = pictures.get(key).orElse(null);
                if (jpeg == null) {
                    jpeg = makeNow(making, key, deadlineNs);
                    pictures.put(key, jpeg);
                }
                own.complete(jpeg);
                return jpeg;
            } catch (IOException | DriverException | RuntimeException e) {
                own.completeExceptionally(e);
                throw e;
            } finally {
                flights.remove(key);
            }
        } finally {
            end(user);
        }
    }

    private byte[] makeNow(Making making, Key key, long deadlineNs) throws IOException, DriverException {
        Turns.Turn turn = null;
        try {
            turn = turns.take(deadlineNs - nanoTime.getAsLong());
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - nanoTime.getAsLong());
            return making.within((int) Math.max(1_000, Math.min(WAIT_MS, leftMs)));
        } catch (Mp4Exception noPicture) {
            throw refused(key, new DriverException(Kind.UNSUPPORTED, noPicture.getMessage(), noPicture));
        } catch (DriverException failed) {
            throw failed.kind() == Kind.UNSUPPORTED ? refused(key, failed) : failed;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "the server is stopping", stop);
        } finally {
            if (turn != null) {
                turn.close();
            }
        }
    }

    private DriverException refused(Key key, DriverException why) {
        synchronized (refused) {
            refused.put(key, new Refusal(why.getMessage(), nanoTime.getAsLong() + REFUSED_NS));
        }
        return why;
    }

    private void refuse(Key key) throws DriverException {
        synchronized (refused) {
            Refusal refusal = refused.get(key);
            if (refusal != null && refusal.untilNs() - nanoTime.getAsLong() > 0) {
                throw new DriverException(Kind.UNSUPPORTED, refusal.why());
            }
            refused.remove(key);
        }
    }

    private byte[] await(CompletableFuture<byte[]> others) throws IOException, DriverException {
        try {
            return others.get(waitMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof DriverException failed) {
                throw failed;
            }
            throw new DriverException(Kind.BUSY, "the picture was given up", e);
        } catch (TimeoutException e) {
            throw new DriverException(Kind.BUSY, "the picture was not made in time", e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "the server is stopping", stop);
        }
    }

    private void begin(UUID user) throws DriverException {
        synchronized (waiting) {
            int own = waiting.getOrDefault(user, 0);
            if (allWaiting >= WAITING_MAX || own >= WAITING_OF_USER_MAX) {
                throw new DriverException(
                        Kind.BUSY, allWaiting + " pictures are waited for already, " + own + " of them by you");
            }
            allWaiting++;
            waiting.put(user, own + 1);
        }
    }

    /** {@return who waits, or has one made} */
    int waiting() {
        synchronized (waiting) {
            return allWaiting;
        }
    }

    private void end(UUID user) {
        synchronized (waiting) {
            allWaiting--;
            waiting.computeIfPresent(user, (id, count) -> count == 1 ? null : count - 1);
        }
    }
}
