// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Footage of a stream over a stretch of time, in decode order, from the key frame at its beginning or before. Where there is
 * none it goes on behind; what cannot be read at the moment is waited for. Reads from disk: only on a thread of its own
 * client.
 */
final class ArchiveSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveSource.class);
    private static final int SEGMENTS_AT_ONCE = 64;
    /** So long a database or an archive may be away, or the memory for encrypted footage be taken. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    /**
     * What is wanted.
     *
     * @param scale how much faster than it happened: with sound at 1 only, above 2 key frames alone
     */
    record Wish(StreamId stream, StreamFormat told, long fromUs, long toUs, int scale) {
        /** A decoder has not more than so much in hand. */
        private static final int SCALE_WHOLE_MAX = 2;

        boolean takes(int track, boolean key) {
            boolean video = told.tracks().get(track).isVideo();
            return video ? key || scale <= SCALE_WHOLE_MAX : scale == 1;
        }
    }

    private final Supplier<Archive> archives;
    private final LongSupplier nanoClock;
    private final Wish wish;
    private final Formats formats;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Deque<FragmentEntry> fragments = new ArrayDeque<>();
    /** The one that is there now, looked up for each unit: it may be exchanged while footage of hours is played. */
    private Archive archive;

    private Optional<Segment> entered = Optional.empty();
    private Optional<Archive.SegmentBytes> file = Optional.empty();
    /** Whose the file is. */
    private Archive opener;

    private Optional<FragmentSamples> samples = Optional.empty();
    private StreamFormat current;
    private Optional<UUID> runId = Optional.empty();
    private long endUs;
    private long askedFromUs;
    private long run;
    private boolean listed;
    private boolean begun;
    private boolean waiting;
    private long waitingSinceNs;
    private String end = "";

    /** @param archives answers null while there is none */
    ArchiveSource(Supplier<Archive> archives, Wish wish, LongSupplier nanoClock) {
        this.archives = archives;
        this.nanoClock = nanoClock;
        this.wish = wish;
        this.formats = new Formats(() -> archive);
        this.askedFromUs = wish.fromUs();
        this.current = wish.told();
    }

    @Override
    public int next(Unit unit) {
        archive = archives.get();
        if (archive == null) {
            return later("the archive is away");
        }
        try {
            while (true) {
                if (samples.isPresent() && samples.get().next(unit)) {
                    unit.run = run;
                    begun = true;
                    waiting = false;
                    return UNIT;
                }
                samples = Optional.empty();
                if (!advance()) {
                    return END;
                }
            }
        } catch (StoreException | FootageBusyException e) {
            return later(e.getMessage());
        } catch (ClosedChannelException e) {
            // By an archive that goes.
            closeFile();
            return later("the archive goes");
        } catch (NoSuchFileException e) {
            // Retention was faster.
            passOver();
            return NOTHING;
        } catch (IOException e) {
            LOG.warn("Footage of {} cannot be read and is passed over: {}", wish.stream(), e.getMessage());
            passOver();
            return NOTHING;
        }
    }

    /** The same is tried again, but not for ever. */
    private int later(String why) {
        long now = nanoClock.getAsLong();
        if (!waiting) {
            waiting = true;
            waitingSinceNs = now;
        }
        if (now - waitingSinceNs < PATIENCE_NS) {
            return NOTHING;
        }
        end = "footage could not be read for " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s: " + why;
        return FAILED;
    }

    /** Goes to the next fragment; {@return false when there is none} What throws can be called again. */
    private boolean advance() throws IOException {
        while (fragments.isEmpty()) {
            leaveSegment();
            if (segments.isEmpty() && !list()) {
                return false;
            }
            if (segments.isEmpty()) {
                end = "the end of what was asked for";
                return false;
            }
            if (!enter(segments.peek())) {
                return false;
            }
            segments.poll();
        }
        FragmentEntry entry = fragments.peek();
        if (entry.startUs() >= wish.toUs()) {
            fragments.clear();
            return true;
        }
        boolean last = fragments.size() == 1 && !goesOn();
        samples = Optional.of(FragmentSamples.read(this::read, entry, wish, last));
        fragments.poll();
        return true;
    }

    /** {@return whether the next segment follows without a gap} */
    private boolean goesOn() {
        if (segments.isEmpty() && !listed) {
            list();
        }
        return segments.peek() != null && follows(segments.peek());
    }

    private boolean follows(Segment segment) {
        return runId.filter(segment.runId()::equals).isPresent()
                && Math.abs(segment.startUs() - endUs) < TimeSpans.JOIN_US;
    }

    private boolean list() {
        if (listed) {
            end = "the end of what was asked for";
            return false;
        }
        List<Segment> found = archive.segments(wish.stream(), askedFromUs, wish.toUs(), SEGMENTS_AT_ONCE);
        listed = found.size() < SEGMENTS_AT_ONCE;
        segments.addAll(found);
        if (!found.isEmpty()) {
            askedFromUs = Math.max(askedFromUs + 1, found.get(found.size() - 1).endUs());
        }
        return true;
    }

    /** {@return false when it cannot be sent to this client} */
    private boolean enter(Segment segment) throws IOException {
        entered = Optional.of(segment);
        StreamFormat format = formats.of(segment.initId());
        if (!Formats.follows(format, wish.told())) {
            end = "the footage goes on in another format: " + format.codecs();
            return false;
        }
        List<FragmentEntry> index = archive.index(segment.id());
        if (!follows(segment)) {
            run++;
        }
        current = format;
        runId = Optional.of(segment.runId());
        endUs = segment.endUs();
        fragments.addAll(index.subList(begun ? 0 : first(index), index.size()));
        return true;
    }

    /** {@return the fragment to begin with: the last that begins with a key frame at or before the wish} */
    private int first(List<FragmentEntry> index) {
        int first = 0;
        for (int i = 0; i < index.size() && index.get(i).startUs() <= wish.fromUs(); i++) {
            first = index.get(i).key() ? i : first;
        }
        return first;
    }

    private int read(ByteBuffer target, long offset) throws IOException {
        if (file.isEmpty() || opener != archive) {
            closeFile();
            file = Optional.of(archive.open(entered.orElseThrow().id()));
            opener = archive;
        }
        return file.get().read(target, offset);
    }

    /** Leaves what cannot be read; what follows does so behind a gap. */
    private void passOver() {
        if (entered.isPresent() && entered.get() == segments.peek()) {
            segments.poll();
        }
        leaveSegment();
        runId = Optional.empty();
    }

    private void leaveSegment() {
        fragments.clear();
        samples = Optional.empty();
        entered = Optional.empty();
        closeFile();
    }

    private void closeFile() {
        file.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("A segment was not closed cleanly: {}", e.toString());
            }
        });
        file = Optional.empty();
        opener = null;
    }

    @Override
    public StreamFormat format() {
        return current;
    }

    @Override
    public StreamId stream() {
        return wish.stream();
    }

    @Override
    public String end() {
        return end;
    }

    @Override
    public void close() {
        leaveSegment();
    }
}
