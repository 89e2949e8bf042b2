// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.played;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;

/**
 * What is played of a camera: segments of the preferred stream, and of the other one what lies in its holes
 * ({@link Holes}), in the order of time, none over another. Any thread; blocks on the archive.
 */
public final class PlayedPieces {
    /** More than are wanted, so that what overlaps is read at once. */
    private static final int BESIDE = 64;

    private PlayedPieces() {}

    /**
     * A segment, or what of it is played.
     *
     * @param startUs not before it begins
     * @param endUs not behind its end
     */
    public record Piece(Segment segment, long startUs, long endUs) {
        /** {@return whether it still grows} */
        public boolean open() {
            return segment.open() && endUs == segment.endUs();
        }
    }

    /**
     * Pieces, and where those behind them are asked for.
     *
     * @param nextUs the next piece begins then or later; empty when these are all
     */
    public record Page(List<Piece> pieces, OptionalLong nextUs) {}

    /**
     * {@return pieces that overlap a range}
     *
     * @param streams the preferred one, and the other
     * @param begunUs those that begin earlier are left out: they were given out already
     * @param limit 1..9_000
     */
    public static Page of(Archive archive, List<StreamId> streams, long fromUs, long toUs, long begunUs, int limit) {
        List<Piece> found = new ArrayList<>();
        long at = fromUs;
        while (at < toUs && found.size() <= limit) {
            Read read = read(archive, streams, at, toUs, limit + BESIDE);
            long since = Math.max(begunUs, at == fromUs ? Long.MIN_VALUE : at);
            read.pieces().stream()
                    .filter(piece -> piece.startUs() >= since && piece.startUs() < read.knownToUs())
                    .forEach(found::add);
            at = Math.max(at + 1, read.knownToUs());
        }
        if (found.size() <= limit) {
            return new Page(found, OptionalLong.empty());
        }
        long nextUs = found.get(limit).startUs();
        List<Piece> page = found.subList(0, limit);
        return new Page(List.copyOf(page), OptionalLong.of(nextUs));
    }

    /** Pieces that overlap a range; up to when all of them are known, by their beginning. */
    private record Read(List<Piece> pieces, long knownToUs) {}

    private static Read read(Archive archive, List<StreamId> streams, long fromUs, long toUs, int limit) {
        // What begins before the range is cut by what lies there, whatever range it is asked for by.
        long otherFromUs = fromUs - Holes.US_MIN;
        List<Segment> others = archive.segments(streams.get(1), otherFromUs, toUs, limit);
        long chiefFromUs =
                Math.min(otherFromUs, others.isEmpty() ? fromUs : others.get(0).startUs()) - Holes.US_MIN;
        List<Segment> chiefs = archive.segments(streams.get(0), chiefFromUs, toUs, limit);
        long knownToUs = Math.min(known(others, limit, toUs), known(chiefs, limit, toUs));
        List<Piece> pieces = new ArrayList<>();
        for (Segment chief : chiefs) {
            pieces.add(new Piece(chief, chief.startUs(), chief.endUs()));
        }
        TimeSpans shown = Holes.filled(spans(chiefs), spans(others));
        for (Segment other : others) {
            TimeSpans parts = new TimeSpans();
            parts.addAll(shown, other.startUs(), other.endUs(), 0);
            for (int i = 0; i < parts.count(); i++) {
                pieces.add(new Piece(other, parts.fromUs(i), parts.toUs(i)));
            }
        }
        pieces.removeIf(piece -> piece.endUs() <= fromUs || piece.startUs() >= toUs);
        pieces.sort(Comparator.comparingLong(Piece::startUs));
        return new Read(pieces, knownToUs);
    }

    /** {@return the whole range, unless there were more} */
    private static long known(List<Segment> segments, int limit, long toUs) {
        return segments.size() < limit ? toUs : segments.get(limit - 1).startUs();
    }

    private static TimeSpans spans(List<Segment> segments) {
        TimeSpans spans = new TimeSpans();
        segments.forEach(segment -> spans.add(segment.startUs(), segment.endUs(), TimeSpans.JOIN_US));
        return spans;
    }
}
