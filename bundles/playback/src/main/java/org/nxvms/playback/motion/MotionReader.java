// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.worker.LumaPictures;
import org.nxvms.playback.motion.SegmentMotion.Step;
import org.nxvms.playback.thumbnail.KeyFrame;
import org.nxvms.playback.thumbnail.KeyFrames;
import org.nxvms.playback.thumbnail.PictureCache;

/**
 * Reads out of segments what moves in them, some key frames at a time, and keeps it within so many bytes. What is known may be
 * asked for by any thread; {@link #further} is called by one, and blocks on disk and the media worker.
 */
final class MotionReader {
    /** Closer key frames are left out: streams of key frames alone, as MJPEG is one. */
    static final long APART_US = 900_000;
    /** Pictures further apart are not compared: something is missing between them. */
    static final long APART_US_MAX = 60_000_000;
    /** Looked at in one go: others come to their turn, and whoever waits sees that it goes on. */
    private static final int KEYS_AT_ONCE_MAX = 24;

    private static final long AT_ONCE_NS_MAX = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int PICTURE_MS_MAX = 15_000;
    private static final int NEIGHBOURS_MAX = 4;

    private static final int UNREADABLE_MAX = 1_000;
    /** What could not be read is not tried again for so long. */
    private static final long UNREADABLE_NS = TimeUnit.MINUTES.toNanos(2);

    private final KeyFrames frames = new KeyFrames();
    private final PictureCache<UUID> kept;
    private final LongSupplier nanoTime;
    /** Until when. */
    private final Map<UUID, Long> unreadable = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Long> eldest) {
            return size() > UNREADABLE_MAX;
        }
    };

    /** Of the key frame that was looked at last: the next one is compared with it. */
    private KeyFrame lastFrame;

    private byte[] lastLuma;

    MotionReader(long cacheBytesMax, LongSupplier nanoTime) {
        this.kept = new PictureCache<>(cacheBytesMax);
        this.nanoTime = nanoTime;
    }

    void limit(long cacheBytesMax) {
        kept.limit(cacheBytesMax);
    }

    /** {@return what is known of a segment} */
    SegmentMotion known(UUID segmentId) {
        return kept.get(segmentId).map(SegmentMotion::of).orElse(SegmentMotion.UNKNOWN);
    }

    /** {@return whether nothing more will be known of it soon} */
    boolean isUnreadable(UUID segmentId) {
        synchronized (unreadable) {
            Long until = unreadable.get(segmentId);
            return until != null && until - nanoTime.getAsLong() > 0;
        }
    }

    /**
     * Looks at some more key frames of a segment.
     *
     * @param more whether there are some that nobody has looked at
     * @param pictures how many were decoded for it
     */
    record Further(SegmentMotion motion, boolean more, int pictures) {}

    /**
     * Looks at some more key frames of a segment, if there are any.
     *
     * @param before what was known of it: who has that needs no cache that holds it
     * @throws DriverException of kind BUSY, when it may be tried again soon; of kind CLOSED when this thread is to stop
     */
    Further further(Archive archive, LumaPictures worker, Segment segment, SegmentMotion before)
            throws DriverException {
        SegmentMotion known = known(segment.id());
        if (known.keys() < before.keys()) {
            known = before;
        }
        if (known.isWhole() || isUnreadable(segment.id())) {
            return new Further(known, false, 0);
        }
        try {
            Further further = look(archive, worker, segment, known);
            kept.put(segment.id(), further.motion().toBytes());
            return further;
        } catch (FootageBusyException e) {
            throw new DriverException(Kind.BUSY, e.getMessage(), e);
        } catch (IOException e) {
            // Removed, damaged, or its key is not here: what is known of it stays all that is known.
            synchronized (unreadable) {
                unreadable.put(segment.id(), nanoTime.getAsLong() + UNREADABLE_NS);
            }
            return new Further(known, false, 0);
        }
    }

    private Further look(Archive archive, LumaPictures worker, Segment segment, SegmentMotion known)
            throws IOException, DriverException {
        List<KeyFrame> keys = apart(frames.of(archive, segment));
        int at = known.keys();
        if (at >= keys.size()) {
            return new Further(known.and(List.of(), at, !segment.open()), false, 0);
        }
        Optional<KeyFrame> last = at > 0 ? Optional.of(keys.get(at - 1)) : neighbour(archive, segment);
        int pictures = 0;
        if (last.isPresent() && !last.get().equals(lastFrame)) {
            remember(last.get(), luma(archive, worker, last.get()));
            pictures++;
        }
        KeyFrame frame = last.orElse(null);
        byte[] luma = last.isPresent() ? lastLuma : null;
        List<Step> steps = new ArrayList<>();
        long endNs = nanoTime.getAsLong() + AT_ONCE_NS_MAX;
        int first = at;
        while (at < keys.size() && at - first < KEYS_AT_ONCE_MAX && (at == first || nanoTime.getAsLong() - endNs < 0)) {
            KeyFrame next = keys.get(at);
            byte[] nextLuma = luma(archive, worker, next);
            if (luma != null && nextLuma != null && next.startUs() - frame.startUs() <= APART_US_MAX) {
                steps.add(new Step(frame.startUs(), next.startUs(), Change.between(luma, nextLuma)));
            }
            frame = next;
            luma = nextLuma;
            remember(frame, luma);
            pictures++;
            at++;
        }
        boolean more = at < keys.size();
        return new Further(known.and(steps, at, !more && !segment.open()), more, pictures);
    }

    private void remember(KeyFrame frame, byte[] luma) {
        lastFrame = frame;
        lastLuma = luma;
    }

    private static List<KeyFrame> apart(List<KeyFrame> keys) {
        List<KeyFrame> apart = new ArrayList<>(keys.size());
        for (KeyFrame key : keys) {
            if (apart.isEmpty() || key.startUs() - apart.get(apart.size() - 1).startUs() >= APART_US) {
                apart.add(key);
            }
        }
        return apart;
    }

    /** {@return the last key frame of the segment before, when nothing is missing between both} */
    private Optional<KeyFrame> neighbour(Archive archive, Segment segment) throws IOException {
        for (Segment before : archive.segments(
                segment.stream(), segment.startUs() - APART_US_MAX, segment.startUs(), NEIGHBOURS_MAX)) {
            if (before.runId().equals(segment.runId())
                    && before.sequence() == segment.sequence() - 1
                    && before.initId().equals(segment.initId())) {
                List<KeyFrame> keys = apart(frames.of(archive, before));
                return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(keys.size() - 1));
            }
        }
        return Optional.empty();
    }

    /** {@return its brightness; null when no picture comes out of it} */
    private byte[] luma(Archive archive, LumaPictures worker, KeyFrame frame) throws IOException, DriverException {
        try {
            KeyFrames.Picture picture = frames.read(archive, frame);
            return worker.luma(picture.track(), picture.bytes(), Change.COLUMNS, Change.ROWS, PICTURE_MS_MAX);
        } catch (Mp4Exception noPicture) {
            return null;
        } catch (NoSuchFileException gone) {
            throw gone;
        } catch (DriverException e) {
            if (e.kind() == Kind.UNSUPPORTED) {
                return null;
            }
            throw e;
        }
    }
}
