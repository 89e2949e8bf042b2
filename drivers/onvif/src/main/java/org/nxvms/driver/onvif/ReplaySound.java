// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtp.SequenceTracker;
import org.nxvms.media.kit.sdp.SessionDescription;

/** The sound beside the pictures of a recording. One thread. */
final class ReplaySound {
    private final ReplayTrack track;
    private final TrackFormat format;
    private final ReplayTimes times;
    private final SequenceTracker sequence = new SequenceTracker();
    private int channel = -1;

    private ReplaySound(ReplayTrack track, TrackFormat format, ReplayTimes times) {
        this.track = track;
        this.format = format;
        this.times = times;
    }

    /** {@return the sound that a description names, if it is understood} @param to takes a frame and when it was recorded */
    static Optional<ReplaySound> of(SessionDescription description, BiConsumer<ByteBuffer, Long> to) {
        // The times are those of the track that is found, whose units come later than this.
        ReplayTimes[] times = new ReplayTimes[1];
        ReplayUnits units = new ReplayUnits(
                unit -> times[0].near(unit.timestamp()).ifPresent(wallUs -> to.accept(unit.bytes(), wallUs)), () -> {});
        return ReplayTrack.sound(description, units).flatMap(track -> {
            times[0] = new ReplayTimes(track.clockRate());
            try {
                return Optional.of(new ReplaySound(track, track.source().format(), times[0]));
            } catch (NalException unusual) {
                return Optional.empty();
            }
        });
    }

    TrackFormat format() {
        return format;
    }

    String control() {
        return track.control();
    }

    /** The device sends it there. */
    void comesOn(int newChannel) {
        channel = newChannel;
    }

    /** The device says that it begins there. */
    void begins(long us) {
        times.begins(us);
    }

    boolean comesBy(int from) {
        return from == channel;
    }

    void packet(ByteBuffer in, RtpHeader packet) {
        if (packet.payloadType() == track.payloadType()) {
            int lost = sequence.accept(packet.sequence());
            if (lost != SequenceTracker.LATE) {
                times.packet(in, packet);
                track.depacketizer().accept(in, packet, lost);
            }
        }
    }
}
