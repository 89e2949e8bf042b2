// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Optional;
import org.nxvms.simulator.rtp.LiveTrack;
import org.nxvms.simulator.rtp.PacketTrack;

/**
 * Chooses, for one session, the packets of each picture: those of the loop, or those of what a turned head sees. It goes from one
 * to the other at key pictures only, so that every picture has what it refers to. Farm's thread only.
 */
final class PictureChoice {
    /**
     * Whoever makes pictures leaves some out when it is late; if a picture is still undecided when it was asked for so often, a
     * tick of the farm apart, nobody makes them any more. Not a time: a machine that stood still has asked once.
     */
    static final int WAITS_MAX = 2_000;

    /** What becomes of a picture. */
    enum Choice {
        SEND,
        /** There is none; the next one does not refer to it. */
        LEAVE_OUT,
        /** It is being made. */
        WAIT
    }

    private PacketTrack packets;
    private Optional<LiveTrack> followed = Optional.empty();
    /** What the next picture refers to was not sent. */
    private boolean broken;

    private int waits;

    PictureChoice(PacketTrack loop) {
        packets = loop;
    }

    /** A client that has nothing yet, or not what comes before, begins at a key picture of the loop. */
    void begin() {
        followed = Optional.empty();
        broken = false;
        waits = 0;
    }

    /** {@return the packets of the picture that was chosen, when it is sent} */
    PacketTrack packets() {
        return packets;
    }

    /**
     * Chooses.
     *
     * @param loop whose unit is due
     * @param offered what is in its place now
     */
    Choice choose(PacketTrack loop, long unit, Optional<LiveTrack> offered) {
        boolean key = loop.keyFrom(unit) == unit;
        if (followed.isPresent()
                && (followed.get().loop() != loop || !followed.get().covers(unit))) {
            followed = Optional.empty();
            broken = true;
        }
        Optional<LiveTrack> live = followed.or(() -> offered.filter(one -> one.loop() == loop && one.covers(unit)));
        Choice choice = live.flatMap(one -> live(one, unit, key)).orElseGet(() -> ofLoop(loop, key));
        waits = choice == Choice.WAIT ? waits + 1 : 0;
        return choice;
    }

    private Choice ofLoop(PacketTrack loop, boolean key) {
        broken &= !key;
        packets = loop;
        return broken ? Choice.LEAVE_OUT : Choice.SEND;
    }

    /** {@return none where the loop's picture is to be taken} */
    private Optional<Choice> live(LiveTrack live, long unit, boolean key) {
        boolean follows = followed.isPresent();
        if (!live.isDecided(unit)) {
            if (waits < WAITS_MAX && (follows || key || unit == live.from())) {
                return Optional.of(Choice.WAIT);
            }
            loseTrack();
            return Optional.empty();
        }
        Optional<PacketTrack> picture = live.picture(unit);
        if (picture.isPresent() && (follows || live.isKey(unit))) {
            followed = Optional.of(live);
            broken = false;
            packets = picture.get();
            return Optional.of(Choice.SEND);
        }
        if (live.isForgotten(unit)) {
            loseTrack();
            return Optional.empty();
        }
        if (picture.isEmpty() && (follows || key)) {
            // The next one that is made is a key picture where a key picture was left out.
            broken |= !follows;
            return Optional.of(Choice.LEAVE_OUT);
        }
        return Optional.empty();
    }

    private void loseTrack() {
        broken |= followed.isPresent();
        followed = Optional.empty();
    }
}
