// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * Pictures from a key frame on that the beginning or the end of a range cuts, with the sound beside them. What of it can be decoded
 * without what lies outside the range stays as it is, the rest is encoded anew. One thread.
 */
public final class Group {
    /** A group of half a minute at 16 Mbit/s, which few cameras send. */
    private static final long BYTES_MAX = 64L << 20;

    private static final int LEAD = 0;

    private final StreamFormat format;
    private final long fromUs;
    private final long toUs;
    /** Of the leading track, in the order of their decoding. */
    private final List<At> pictures = new ArrayList<>();

    private final List<At> others = new ArrayList<>();
    private long bytes;

    /** An access unit and its wall time. */
    public record At(Sample sample, long wallUs) {}

    /**
     * Access units that follow each other in one file, at least one; those of each track in the order of their decoding.
     *
     * @param made how a file begins in which they can stand, when they were encoded anew; empty for the footage's own
     * @param fromUs wall time of the first of the leading track
     * @param toUs when the last of it ends
     * @param leading how many of them there are
     */
    public record Part(List<Sample> samples, Optional<Made> made, long fromUs, long toUs, int leading) {}

    /**
     * What was encoded anew, in words of a file.
     *
     * @param joins whether footage as it was recorded can stand in that file too
     */
    public record Made(StreamFormat format, boolean joins) {}

    /** Of a range in microseconds since 1970. */
    public Group(StreamFormat format, long fromUs, long toUs) {
        this.format = format;
        this.fromUs = fromUs;
        this.toUs = toUs;
    }

    /** {@return whether pictures may be shown in another order than that of their decoding} */
    public static boolean mayReorder(StreamFormat format) {
        return format.video()
                .filter(track -> TrackFormats.reorderDepth(track).orElse(1) > 0)
                .isPresent();
    }

    /**
     * Takes the next fragment, from {@code moof} to the end of {@code mdat}.
     *
     * @param startUs wall time of its first access unit
     * @throws Mp4Exception when it is damaged
     * @throws EdgeException when there is more than fits into memory
     */
    public void add(ByteBuffer fragment, long startUs) throws Mp4Exception, EdgeException {
        bytes += fragment.remaining();
        if (bytes > BYTES_MAX) {
            throw new EdgeException("The pictures between two key frames at the edge of the range have more than "
                    + BYTES_MAX + " bytes, too many to be encoded anew." + EdgeEncoder.WAY_OUT);
        }
        for (At at : units(format, fragment, startUs)) {
            (at.sample().track() == LEAD ? pictures : others).add(at);
        }
    }

    /**
     * {@return the access units of a fragment and when they were taken}
     *
     * @param fragment from {@code moof} to the end of {@code mdat}
     * @param startUs wall time of its first access unit
     */
    public static List<At> units(StreamFormat format, ByteBuffer fragment, long startUs) throws Mp4Exception {
        List<Sample> samples = Fragments.samples(fragment);
        List<At> units = new ArrayList<>();
        for (Sample sample : samples) {
            units.add(new At(sample, startUs + us(format, sample) - us(format, samples.get(0))));
        }
        return units;
    }

    private static long us(StreamFormat format, Sample sample) throws Mp4Exception {
        return Fragments.us(format, sample.track(), sample.presentationTime());
    }

    /** {@return what of it is in the range, one behind the other} Blocks while pictures are encoded anew. */
    public <E extends Exception> List<Part> parts(String name, EdgeEncoder encoder, Wanted<E> wanted)
            throws IOException, Mp4Exception, E {
        int begin = begin();
        int clean = clean(begin);
        List<At> edge = pictures.subList(begin, clean);
        List<At> copied = new ArrayList<>();
        for (int i = clean; i < pictures.size() && pictures.get(i).wallUs() < toUs; i++) {
            copied.add(pictures.get(i));
        }
        List<Part> parts = new ArrayList<>();
        long besideUs = fromUs;
        if (edge.stream().anyMatch(this::isWithin)) {
            besideUs = copied.isEmpty() ? toUs : copied.get(0).wallUs();
            Edge anew = Edge.of(
                    name, format, edge, edge.stream().filter(this::isWithin).toList());
            parts.add(part(format, anew.encode(encoder, wanted), beside(fromUs, besideUs), Optional.of(anew.made())));
        }
        List<At> sound = beside(besideUs, toUs);
        if (!copied.isEmpty() || !sound.isEmpty()) {
            parts.add(part(format, copied, sound, Optional.empty()));
        }
        return parts;
    }

    /** {@return the last key frame at or before the range; without one the first picture in it} */
    private int begin() {
        int begin = -1;
        int within = pictures.size();
        for (int i = pictures.size() - 1; i >= 0; i--) {
            At at = pictures.get(i);
            if (begin < 0 && at.sample().key() && at.wallUs() <= fromUs) {
                begin = i;
            }
            within = isWithin(at) ? i : within;
        }
        return begin < 0 ? within : begin;
    }

    /** {@return the first picture that is copied} What does not begin with a key frame nobody can encode anew. */
    private int clean(int begin) {
        if (begin == pictures.size() || !pictures.get(begin).sample().key()) {
            return begin;
        }
        if (isReordered() && pictures.stream().anyMatch(at -> at.wallUs() >= toUs)) {
            // What is shown before the end may depend on what is shown behind it.
            return pictures.size();
        }
        int clean = begin;
        while (clean < pictures.size()
                && !(pictures.get(clean).sample().key() && pictures.get(clean).wallUs() >= fromUs)) {
            clean++;
        }
        boolean isEncoded = pictures.subList(begin, clean).stream().anyMatch(this::isWithin);
        // One file of what is encoded anew, and behind it one of what is not.
        return isEncoded && !Edge.joins(format) ? pictures.size() : clean;
    }

    private boolean isWithin(At at) {
        return at.wallUs() >= fromUs && at.wallUs() < toUs;
    }

    private boolean isReordered() {
        for (int i = 1; i < pictures.size(); i++) {
            // Not by the clock, which may be set back a little between two fragments.
            if (pictures.get(i).sample().presentationTime()
                    < pictures.get(i - 1).sample().presentationTime()) {
                return true;
            }
        }
        return false;
    }

    private List<At> beside(long beginUs, long endUs) {
        return others.stream()
                .filter(at -> at.wallUs() >= beginUs && at.wallUs() < endUs)
                .toList();
    }

    /**
     * {@return access units as a part} Players read a file from its beginning on: what belongs together lies together.
     *
     * @param format that the tracks are of
     */
    public static Part part(StreamFormat format, List<At> leading, List<At> beside, Optional<Made> made)
            throws Mp4Exception {
        List<At> all = new ArrayList<>(leading);
        all.addAll(beside);
        record Timed(long us, Sample sample) {}
        List<Timed> timed = new ArrayList<>();
        for (At at : all) {
            timed.add(new Timed(
                    Fragments.us(format, at.sample().track(), at.sample().decodeTime()), at.sample()));
        }
        List<At> telling = leading.isEmpty() ? beside : leading;
        At last = telling.get(telling.size() - 1);
        return new Part(
                timed.stream()
                        .sorted(Comparator.comparingLong(Timed::us))
                        .map(Timed::sample)
                        .toList(),
                made,
                telling.get(0).wallUs(),
                last.wallUs()
                        + Fragments.us(
                                format, last.sample().track(), last.sample().duration()),
                leading.size());
    }
}
