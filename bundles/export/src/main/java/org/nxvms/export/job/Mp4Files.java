// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.rest.kit.problem.Times;

/**
 * Copies fragments into one MP4 file a stretch of one format: from the last key frame at or before the range's beginning to
 * the last fragment that begins within it. Pictures and sound stay as they are; number and times of a fragment are written
 * anew. Behind a hole it goes on at the next key frame. One thread.
 */
final class Mp4Files implements FileMaker {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** Of any fragment there is: 0.7 s at more than 700 Mbit/s. */
    private static final int FRAGMENT_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 2 << 20;
    private static final int MOOF = 0x6d6f6f66;
    private static final int MDAT = 0x6d646174;
    private static final long HOLE_US = 200_000;

    private final Archive archive;
    private final Toll toll;
    private final Files files;
    private final Made made;
    private final long fileBytesMax;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    private PackageFile file;
    private FragmentTimes times;
    private String initId = "";
    private UUID run;
    private long endUs;

    /** @param fileBytesMax a file ends at the first key frame after it */
    Mp4Files(Archive archive, Toll toll, Files files, Made made, long fileBytesMax) {
        this.archive = archive;
        this.toll = toll;
        this.files = files;
        this.made = made;
        this.fileBytesMax = fileBytesMax;
    }

    @Override
    public void make(CameraPart part, List<Segment> segments, Optional<Source> last)
            throws IOException, Toll.UnwantedException {
        run = null;
        for (Segment segment : segments) {
            long behind = last.filter(source -> source.segmentId().equals(segment.id()))
                    .map(Source::toByte)
                    .orElse(0L);
            toll.require();
            try (Archive.SegmentBytes bytes = CameraPart.reading(toll, () -> archive.open(segment.id()))) {
                copy(part, segment, bytes, behind);
            } catch (NoSuchFileException removed) {
                // Its time is a gap that says who removed it.
                run = null;
            } catch (UnreadableException unreadable) {
                part.lost(segment, segment.startUs(), segment.endUs(), unreadable);
                run = null;
            }
        }
        end();
    }

    private void copy(CameraPart part, Segment segment, Archive.SegmentBytes bytes, long behind)
            throws IOException, Toll.UnwantedException {
        List<FragmentEntry> index = CameraPart.reading(toll, () -> archive.index(segment.id()));
        boolean hasKey = index.stream().anyMatch(FragmentEntry::key);
        if (!segment.initId().equals(initId)) {
            end();
        }
        for (int i = first(index, part.order.fromUs()); i < index.size(); i++) {
            FragmentEntry fragment = index.get(i);
            if (fragment.startUs() >= part.order.toUs()) {
                return;
            }
            boolean goesOn = segment.runId().equals(run) && Math.abs(fragment.startUs() - endUs) < HOLE_US;
            if (fragment.offset() < behind || !goesOn && hasKey && !fragment.key()) {
                continue;
            }
            if (file != null && isLarge(file.bytes(), fragment.key() || !hasKey)) {
                end();
            }
            try {
                fragment(part, segment, bytes, fragment);
                run = segment.runId();
                endUs = fragment.startUs() + fragment.durationUs();
            } catch (UnreadableException unreadable) {
                part.lost(segment, fragment.startUs(), fragment.startUs() + fragment.durationUs(), unreadable);
                run = null;
            }
        }
    }

    /** A file goes on up to a key frame, but not so long that no ZIP takes it. */
    private boolean isLarge(long bytes, boolean key) {
        return bytes >= (key ? fileBytesMax : fileBytesMax + fileBytesMax / 2);
    }

    /** {@return the last key fragment that begins at or before a moment, if there is one; else the first} */
    private static int first(List<FragmentEntry> index, long fromUs) {
        int first = 0;
        for (int i = 0; i < index.size() && index.get(i).startUs() <= fromUs; i++) {
            if (index.get(i).key()) {
                first = i;
            }
        }
        return first;
    }

    private void fragment(CameraPart part, Segment segment, Archive.SegmentBytes bytes, FragmentEntry fragment)
            throws IOException, Toll.UnwantedException {
        read(bytes, fragment);
        try {
            int moof = box(MOOF);
            int mdat = box(MDAT);
            if (file == null) {
                begin(part, segment, fragment);
            }
            times.place(buffer.slice(moof, mdat - moof), segment.runId(), fragment);
            // Before it stand boxes about the fragment's place on the disk and its old times.
            file.write(buffer.position(moof));
        } catch (Mp4Exception | IllegalArgumentException damaged) {
            throw new UnreadableException(
                    "the fragment at byte " + fragment.offset() + " is damaged: " + damaged.getMessage(), damaged);
        }
        file.copied(CameraPart.source(segment, fragment.offset(), fragment.offset() + fragment.length()));
        file.covers(fragment);
    }

    private void read(Archive.SegmentBytes bytes, FragmentEntry fragment) throws IOException, Toll.UnwantedException {
        int length = fragment.length();
        if (length > FRAGMENT_BYTES_MAX) {
            throw new UnreadableException(
                    "the fragment at byte " + fragment.offset() + " claims " + length + " bytes", null);
        }
        if (buffer.capacity() < length) {
            buffer = ByteBuffer.allocate(Math.min(FRAGMENT_BYTES_MAX, Integer.highestOneBit(length) * 2));
        }
        buffer.clear().limit(length);
        while (buffer.hasRemaining()) {
            long from = fragment.offset() + buffer.position();
            if (CameraPart.reading(toll, () -> bytes.read(buffer, from)) <= 0) {
                throw new UnreadableException("the fragment at byte " + fragment.offset() + " breaks off", null);
            }
        }
        buffer.flip();
    }

    /** {@return where a box of the fragment begins} */
    private int box(int type) throws Mp4Exception {
        for (int at = 0; at + 8 <= buffer.limit(); ) {
            if (buffer.getInt(at + 4) == type) {
                return at;
            }
            int bytes = buffer.getInt(at);
            if (bytes < 8 || bytes > buffer.limit() - at) {
                break;
            }
            at += bytes;
        }
        throw new Mp4Exception("a fragment without its boxes");
    }

    private void begin(CameraPart part, Segment segment, FragmentEntry fragment)
            throws IOException, Toll.UnwantedException, Mp4Exception {
        byte[] init = CameraPart.reading(toll, () -> archive.init(segment.initId()))
                .orElseThrow(() -> new Mp4Exception("its initialisation segment is gone"));
        times = new FragmentTimes(InitReader.read(ByteBuffer.wrap(init)).format());
        Instant start = Times.instant(fragment.startUs());
        PackageFile begun = files.begin(part, NAME.format(start) + ".mp4");
        begun.write(ByteBuffer.wrap(init));
        file = begun;
        initId = segment.initId();
    }

    private void end() throws IOException {
        if (file != null) {
            PackageFile ended = file;
            file = null;
            if (ended.hasFootage()) {
                made.file(ended.end(times.anchors()));
            } else {
                // Its only fragments were damaged.
                ended.drop();
            }
        }
        initId = "";
    }
}
