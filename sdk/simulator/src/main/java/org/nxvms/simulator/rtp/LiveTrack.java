// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtp;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.nxvms.simulator.clip.Clip;

/**
 * Pictures that are encoded while they are sent, in place of those of a loop and at the same times: from one unit on, which is a
 * key picture, until another one, which is one of the loop's. One thread makes them, any may read.
 */
public final class LiveTrack {
    /** A client is seldom behind for longer: ten seconds of 25 pictures. */
    private static final int KEPT_MAX = 256;

    private record Picture(long unit, boolean key, PacketTrack packets) {}

    private final PacketTrack loop;
    private final long from;
    private final AtomicReferenceArray<Picture> kept = new AtomicReferenceArray<>(KEPT_MAX);
    private volatile long next;
    private volatile long end = Long.MAX_VALUE;

    /** @param from the first unit for which there is a picture */
    public LiveTrack(PacketTrack loop, long from) {
        this.loop = loop;
        this.from = from;
        this.next = from;
    }

    /** {@return the pictures in whose place these are} */
    public PacketTrack loop() {
        return loop;
    }

    public long from() {
        return from;
    }

    /** {@return whether a picture of here is, or may be, in the place of one of the loop} */
    public boolean covers(long unit) {
        return unit >= from && unit < end;
    }

    /** {@return whether it is known if there is a picture for a unit}: it has been made, or it has been left out. */
    public boolean isDecided(long unit) {
        return unit < next;
    }

    /** {@return whether a picture was made so long ago that it is not kept any more, if it was made} */
    public boolean isForgotten(long unit) {
        return unit < next - KEPT_MAX;
    }

    /** {@return the packets of a picture as a track of one unit}; none where it was left out, or is not made yet. */
    public Optional<PacketTrack> picture(long unit) {
        return Optional.ofNullable(kept.get(index(unit)))
                .filter(picture -> picture.unit == unit)
                .map(Picture::packets);
    }

    public boolean isKey(long unit) {
        Picture picture = kept.get(index(unit));
        return picture != null && picture.unit == unit && picture.key;
    }

    private static int index(long unit) {
        return (int) Math.floorMod(unit, (long) KEPT_MAX);
    }

    /** Adds a picture; those before it that were not added are left out, and it does not refer to them. */
    public void add(long unit, Clip.AccessUnit picture) {
        kept.set(index(unit), new Picture(unit, picture.key(), Packetizers.picture(loop.format(), picture)));
        next = unit + 1;
    }

    /** Says that this unit is the loop's again, and those behind it. */
    public void end(long unit) {
        end = unit;
        next = unit;
    }
}
