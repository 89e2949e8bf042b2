// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
 * none it goes on behind. Reads from disk: only on a thread of its own client.
 */
final class ArchiveSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveSource.class);
    private static final int SEGMENTS_AT_ONCE = 64;

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

    private final Archive archive;
    private final Wish wish;
    private final Formats formats;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Deque<FragmentEntry> fragments = new ArrayDeque<>();
    private Optional<Archive.SegmentBytes> file = Optional.empty();
    private Optional<FragmentSamples> samples = Optional.empty();
    private StreamFormat current;
    private Optional<UUID> runId = Optional.empty();
    private long endUs;
    private long askedFromUs;
    private long run;
    private boolean listed;
    private boolean begun;
    private String end = "";

    ArchiveSource(Archive archive, Wish wish) {
        this.archive = archive;
        this.wish = wish;
        this.formats = new Formats(archive);
        this.askedFromUs = wish.fromUs();
        this.current = wish.told();
    }

    @Override
    public int next(Unit unit) {
        try {
            while (true) {
                if (samples.isPresent() && samples.get().next(unit)) {
                    unit.run = run;
                    begun = true;
                    return UNIT;
                }
                samples = Optional.empty();
                if (!advance()) {
                    return END;
                }
            }
        } catch (StoreException e) {
            end = "footage cannot be read at the moment: " + e.getMessage();
            return END;
        } catch (FootageBusyException e) {
            return NOTHING;
        } catch (NoSuchFileException e) {
            // Retention was faster.
            leaveSegment();
            return NOTHING;
        } catch (IOException e) {
            LOG.warn("Footage of {} cannot be read and is passed over: {}", wish.stream(), e.getMessage());
            leaveSegment();
            return NOTHING;
        }
    }

    /** Goes to the next fragment; {@return false when there is none} */
    private boolean advance() throws IOException {
        while (fragments.isEmpty()) {
            leaveSegment();
            if (segments.isEmpty() && !list()) {
                return false;
            }
            Segment segment = segments.poll();
            if (segment == null) {
                end = "the end of what was asked for";
                return false;
            }
            if (!enter(segment)) {
                return false;
            }
        }
        FragmentEntry entry = fragments.poll();
        if (entry.startUs() >= wish.toUs()) {
            fragments.clear();
            return true;
        }
        boolean last = fragments.isEmpty() && !goesOn();
        samples = Optional.of(FragmentSamples.read(file.orElseThrow(), entry, wish, last));
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
        StreamFormat format = formats.of(segment.initId());
        if (!Formats.follows(format, wish.told())) {
            end = "the footage goes on in another format: " + format.codecs();
            return false;
        }
        if (!follows(segment)) {
            run++;
        }
        current = format;
        runId = Optional.of(segment.runId());
        endUs = segment.endUs();
        List<FragmentEntry> index = archive.index(segment.id());
        fragments.addAll(index.subList(begun ? 0 : first(index), index.size()));
        if (!fragments.isEmpty()) {
            file = Optional.of(archive.open(segment.id()));
        }
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

    private void leaveSegment() {
        fragments.clear();
        samples = Optional.empty();
        file.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("A segment was not closed cleanly: {}", e.toString());
            }
        });
        file = Optional.empty();
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
