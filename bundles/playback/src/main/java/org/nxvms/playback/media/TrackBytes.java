// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.EmptyFragment;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.playback.thumbnail.KeyFrames;

/**
 * One track of some fragments of a segment, as fragments of that track alone. Their headers are written anew and held (some hundred
 * bytes each); what they describe is read from where it lies when it is sent. One thread at a time.
 */
final class TrackBytes implements Archive.SegmentBytes {
    /**
     * A stretch of what is sent.
     *
     * @param at where it begins there
     * @param offset where it begins in its source
     */
    private record Piece(long at, long length, Archive.SegmentBytes source, long offset) {
        long end() {
            return at + length;
        }
    }

    private final Archive.SegmentBytes recorded;
    private final StreamFormat format;
    private final int track;
    private final List<Piece> pieces = new ArrayList<>();
    private long size;
    /** The piece that was read last. */
    private int current;

    private TrackBytes(Archive.SegmentBytes recorded, StreamFormat format, int track) {
        this.recorded = recorded;
        this.format = format;
        this.track = track;
    }

    /**
     * {@return the bytes, which close the segment's with them}
     *
     * @param fragments at least one
     * @param track its number, from 0
     * @throws Mp4Exception when what lies there is no footage
     */
    static TrackBytes of(Archive.SegmentBytes recorded, List<FragmentEntry> fragments, StreamFormat format, int track)
            throws IOException, Mp4Exception {
        TrackBytes bytes = new TrackBytes(recorded, format, track);
        FragmentHeader first = null;
        for (FragmentEntry fragment : fragments) {
            KeyFrames.Moof moof = KeyFrames.moof(recorded, fragment.offset(), fragment.length());
            FragmentHeader header = FragmentHeader.parse(moof.bytes());
            first = first == null ? header : first;
            Optional<SampleTable> table = header.track(track).filter(samples -> samples.count() > 0);
            if (table.isPresent()) {
                bytes.add(fragment, moof.offset(), header, table.get());
            }
        }
        if (bytes.size == 0) {
            bytes.header(EmptyFragment.of(first.sequence(), track, bytes.beginsAs(first)));
        }
        return bytes;
    }

    private void add(FragmentEntry fragment, long moof, FragmentHeader header, SampleTable samples)
            throws Mp4Exception {
        FragmentBuilder builder = new FragmentBuilder(format.tracks().size(), samples.count());
        builder.begin(header.sequence());
        if (track == 0 && header.first().filter(samples::equals).isPresent()) {
            // The index says when the fragment's first access unit was taken, and nothing of any other.
            builder.wallClock(fragment.startUs());
        }
        for (int i = 0; i < samples.count(); i++) {
            long from = moof + samples.offset()[i];
            if (from + samples.size()[i] > fragment.offset() + fragment.length()) {
                throw new Mp4Exception("an access unit lies outside its fragment");
            }
            try {
                builder.add(
                        track,
                        samples.decodeTime()[i],
                        samples.presentationTime()[i],
                        samples.size()[i],
                        samples.key()[i]);
            } catch (IllegalArgumentException disordered) {
                throw new Mp4Exception(disordered.getMessage());
            }
        }
        builder.endAt(track, samples.endDecodeTime());
        ByteBuffer written = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(written);
        header(written.flip());
        for (int i = 0; i < samples.count(); i++) {
            payload(moof + samples.offset()[i], samples.size()[i]);
        }
    }

    private void header(ByteBuffer header) {
        append(new Piece(size, header.remaining(), new HeldBytes(header), 0));
    }

    /** What lies side by side in the segment is read at once. */
    private void payload(long offset, int length) {
        Piece last = pieces.get(pieces.size() - 1);
        if (last.source() == recorded && last.offset() + last.length() == offset) {
            pieces.remove(pieces.size() - 1);
            size = last.at();
            append(new Piece(last.at(), last.length() + length, recorded, last.offset()));
        } else if (length > 0) {
            append(new Piece(size, length, recorded, offset));
        }
    }

    private void append(Piece piece) {
        pieces.add(piece);
        size = piece.end();
    }

    /** {@return when something else is decoded that begins with the fragment, by the clock of this track} */
    private long beginsAs(FragmentHeader header) {
        for (SampleTable other : header.tracks()) {
            if (other.count() > 0 && other.trackId() <= format.tracks().size()) {
                TrackFormat described = format.tracks().get(other.trackId() - 1);
                long ticks = other.decodeTime()[0];
                long rate = format.tracks().get(track).clockRate();
                return ticks / described.clockRate() * rate
                        + ticks % described.clockRate() * rate / described.clockRate();
            }
        }
        return 0;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void check(long offset) throws IOException {
        recorded.check(offset);
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        int before = target.position();
        int limit = target.limit();
        long at = offset;
        current = current < pieces.size() && pieces.get(current).at() <= at ? current : 0;
        while (target.hasRemaining() && at < size) {
            Piece piece = pieces.get(current);
            if (piece.end() <= at) {
                current++;
                continue;
            }
            target.limit((int) Math.min(limit, target.position() + piece.end() - at));
            int read = piece.source().read(target, piece.offset() + at - piece.at());
            target.limit(limit);
            if (read <= 0) {
                throw new IOException("the segment ends within a fragment");
            }
            at += read;
        }
        return target.position() == before ? -1 : target.position() - before;
    }

    @Override
    public void close() throws IOException {
        recorded.close();
    }
}
