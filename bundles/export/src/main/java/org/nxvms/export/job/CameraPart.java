// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.export.pack.Manifest.FileItem;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.rest.kit.problem.Times;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be copied of one camera, and where it goes on after a restart. One thread. */
final class CameraPart {
    private static final Logger LOG = LoggerFactory.getLogger(CameraPart.class);
    private static final int PAGE = 1_000;
    private static final int NAME_CHARS_MAX = 40;
    private static final int BUSY_TRIES_MAX = 60;
    private static final long BUSY_WAIT_NS = 500_000_000L;

    final UUID cameraId;
    final StreamId stream;
    final ExportOrder order;
    final String folder;
    private final Losses losses;

    /** Told of footage that cannot be read. */
    @FunctionalInterface
    interface Losses {
        void lost(UUID cameraId, CameraGaps.Reason reason) throws IOException;
    }

    CameraPart(ExportOrder order, int number, String name, Losses losses) {
        this.order = order;
        this.losses = losses;
        this.cameraId = order.cameraIds().get(number);
        this.stream = new StreamId(cameraId, order.role());
        String plain = name.replaceAll("[^A-Za-z0-9_-]+", "_");
        folder = String.format(Locale.ROOT, "%02d-", number + 1)
                + plain.substring(0, Math.min(NAME_CHARS_MAX, plain.length()))
                + "/";
    }

    /** {@return the segments of a stream in a range, by start, as far as there may be} */
    static List<Segment> segments(Archive archive, StreamId stream, long fromUs, long toUs, int max) {
        List<Segment> all = new ArrayList<>();
        Set<UUID> known = new HashSet<>();
        long at = fromUs;
        while (at < toUs && all.size() <= max) {
            List<Segment> page = archive.segments(stream, at, toUs, PAGE);
            boolean more = false;
            for (Segment segment : page) {
                if (known.add(segment.id())) {
                    all.add(segment);
                    more = true;
                }
            }
            if (page.size() < PAGE || !more) {
                break;
            }
            at = Math.max(at, page.get(page.size() - 1).startUs());
        }
        return all;
    }

    /** {@return the segments to copy: those behind the last that a file before the restart was made of, and that one} */
    List<Segment> left(Archive archive, int max, Optional<Source> last, Optional<FileItem> lastFile) {
        List<Segment> all = segments(archive, stream, order.fromUs(), order.toUs(), max);
        if (last.isEmpty()) {
            return all;
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).id().equals(last.get().segmentId())) {
                return all.subList(i, all.size());
            }
        }
        // It was removed meanwhile.
        long goneUs = lastFile.flatMap(FileItem::to).map(Times::micros).orElse(order.fromUs());
        return all.stream().filter(segment -> segment.startUs() >= goneUs).toList();
    }

    /** What reads a segment. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * Reads footage. All that is encrypted shares one budget of memory, for which this waits.
     *
     * @throws NoSuchFileException when it was removed meanwhile
     * @throws UnreadableException when it cannot be read otherwise
     */
    static <T> T reading(Toll toll, Reading<T> reading) throws IOException, Toll.UnwantedException {
        for (int tries = 1; ; tries++) {
            try {
                return reading.read();
            } catch (NoSuchFileException removed) {
                throw removed;
            } catch (FootageBusyException busy) {
                if (tries == BUSY_TRIES_MAX) {
                    throw new UnreadableException(busy.getMessage(), busy);
                }
                toll.require();
                LockSupport.parkNanos(BUSY_WAIT_NS);
            } catch (IOException unreadable) {
                throw new UnreadableException(unreadable.getMessage(), unreadable);
            }
        }
    }

    /** Notes footage that is not taken, since it cannot be read. */
    void lost(Segment segment, long fromUs, long toUs, IOException why) throws IOException {
        LOG.warn("{} is not exported as a whole, since it cannot be read: {}", segment.path(), why.getMessage());
        losses.lost(
                cameraId, new CameraGaps.Reason(fromUs, toUs, "unreadable", segment.path() + ": " + why.getMessage()));
    }

    static Source source(Segment segment, long fromByte, long toByte) {
        return new Source(
                segment.id(), segment.path(), segment.runId(), segment.sequence(), segment.sha256(), fromByte, toByte);
    }
}
