// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtp.PayloadDescription;

/** Session descriptions (RFC 4566, RFC 2326 C). */
final class Descriptions {
    private Descriptions() {}

    /** {@return numbers of the tracks that can be sent} */
    static List<Integer> carried(StreamFormat format, boolean sound) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < format.tracks().size(); i++) {
            TrackFormat track = format.tracks().get(i);
            boolean wanted = track.isVideo() || sound && track.isAudio();
            if (wanted && described(track, i).isPresent()) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    private static Optional<PayloadDescription> described(TrackFormat track, int number) {
        try {
            return Optional.of(PayloadDescription.of(track, number));
        } catch (NalException e) {
            // Not carried over RTP: left out, as sound is for those who may not hear it.
            return Optional.empty();
        }
    }

    /**
     * Describes a stream.
     *
     * @param range of time, as {@code a=range} has it
     * @param sound whether it is told of sound
     */
    static byte[] of(StreamId stream, StreamFormat format, String range, boolean sound) {
        List<String> lines = new ArrayList<>(List.of(
                "v=0",
                "o=- " + Integer.toUnsignedString(stream.hashCode()) + " 1 IN IP4 0.0.0.0",
                "s=" + stream,
                "c=IN IP4 0.0.0.0",
                "t=0 0",
                "a=control:*",
                "a=range:" + range));
        for (int number : carried(format, sound)) {
            TrackFormat track = format.tracks().get(number);
            described(track, number).ifPresent(told -> lines.addAll(told.lines()));
            if (track.isVideo() && track.frameRate() > 0) {
                lines.add("a=framerate:" + track.frameRate());
            }
            lines.add("a=control:track" + number);
        }
        return (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
