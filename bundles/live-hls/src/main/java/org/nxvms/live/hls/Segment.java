// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.EmptyFragment;
import org.nxvms.media.kit.live.LiveFormat;

/**
 * A segment and what there is of it so far. Immutable; one that grows is replaced.
 *
 * @param number rises by one from segment to segment
 * @param period rises by one with each break in time or change of format
 * @param broken whether there was a break before it
 * @param first what its first part is called
 * @param wallUs when its first access unit was taken
 * @param startTicks when that is shown, in the timescale of track 0
 * @param anchor what DASH players count from
 * @param complete whether no part comes any more
 */
record Segment(
        long number,
        long period,
        boolean broken,
        PartName first,
        LiveFormat format,
        long wallUs,
        long startTicks,
        Anchor anchor,
        List<Part> parts,
        boolean complete) {
    /**
     * A moment that is known by both clocks, of the wall and of the camera. Another one comes with each break, and when the
     * clocks have run apart.
     *
     * @param number of the segment that begins there
     */
    record Anchor(long number, long wallUs, long startTicks) {}

    Segment {
        parts = List.copyOf(parts);
    }

    /** {@return itself with one more part} */
    Segment with(Part part) {
        List<Part> more = new ArrayList<>(parts);
        more.add(part);
        return new Segment(number, period, broken, first, format, wallUs, startTicks, anchor, more, false);
    }

    /** {@return itself as it stays} */
    Segment completed() {
        return new Segment(number, period, broken, first, format, wallUs, startTicks, anchor, parts, true);
    }

    /** {@return what a part of it is called, or the one that comes next} */
    PartName name(int part) {
        return part == 0 ? first : new PartName(number, part);
    }

    long durationUs() {
        return parts.stream().mapToLong(Part::durationUs).sum();
    }

    long bytes() {
        return bytes(Track.ALL);
    }

    long bytes(Track track) {
        return parts.stream().mapToLong(part -> part.size(track)).sum();
    }

    /** {@return what is sent of a track when nothing comes any more} */
    List<ByteBuffer> of(Track track) {
        return bytes(track) == 0
                ? List.of(silence())
                : parts.stream().map(part -> part.of(track)).toList();
    }

    /** {@return what stands for sound where there is none: nothing at all is an error to players} */
    ByteBuffer silence() {
        return EmptyFragment.of((int) number, Track.SOUND_NUMBER, soundTicks());
    }

    /** {@return when a track of it begins, in the timescale of that} */
    long startTicks(Track track) {
        return track == Track.SOUND ? soundTicks() : startTicks;
    }

    /** {@return when its sound begins, in the timescale of that} Stays as it is, whatever comes: players go by it. */
    long soundTicks() {
        long known = parts.get(0).layout().soundTicks();
        return known == Part.NO_SOUND ? inSoundTicks(startTicks) : known;
    }

    /** {@return a time in the timescale of the sound} */
    long inSoundTicks(long ticks) {
        List<TrackFormat> tracks = format.sent().tracks();
        long leadRate = tracks.get(Track.PICTURES_NUMBER).clockRate();
        long soundRate = tracks.get(Track.SOUND_NUMBER).clockRate();
        return ticks / leadRate * soundRate + ticks % leadRate * soundRate / leadRate;
    }
}
