// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Optional;
import org.nxvms.simulator.rtp.LiveTrack;
import org.nxvms.simulator.rtp.PacketTrack;

/**
 * What one of a camera's two encoders makes now: a loop, and while the head is turned what is encoded in its place.
 * Thread-safe.
 */
public final class EncodedPictures {
    /** Who received a picture so long ago still wants the next one. */
    private static final long WATCHED_NANOS = 1_000_000_000;

    private volatile PacketTrack loop;
    private volatile Optional<LiveTrack> live = Optional.empty();
    private volatile long watchedUntilNano = System.nanoTime();

    EncodedPictures(PacketTrack loop) {
        this.loop = loop;
    }

    /** Sends this loop from its next key frame on that falls on a picture of now; it shows the same scene. */
    public void show(PacketTrack newLoop) {
        loop = newLoop;
    }

    /** Sends these from their first one on. */
    public void showLive(LiveTrack pictures) {
        live = Optional.of(pictures);
    }

    /** Goes back to the loop; who receives the live pictures does so when they end. */
    public void endLive() {
        live = Optional.empty();
    }

    /** {@return whether somebody receives these pictures, or is about to} */
    public boolean isWatched() {
        return watchedUntilNano - System.nanoTime() > 0;
    }

    PacketTrack loop() {
        return loop;
    }

    Optional<LiveTrack> live() {
        return live;
    }

    /** Somebody receives a picture at this time. By the farm's thread. */
    void watched(long nano) {
        watchedUntilNano = Math.max(watchedUntilNano, nano + WATCHED_NANOS);
    }
}
