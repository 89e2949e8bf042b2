// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import org.nxvms.simulator.clip.Clip;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtp.Packetizers;

/** The packets of a clip, shared by all cameras. */
public record Media(
        PacketTrack main,
        PacketTrack sub,
        PacketTrack aac,
        PacketTrack pcmu,
        PacketTrack pcma,
        PacketTrack metadata,
        PacketTrack emptyMetadata) {
    public static Media of(Clip clip) {
        return new Media(
                Packetizers.h264(clip.main(), clip.spec()),
                Packetizers.h264(clip.sub(), clip.spec()),
                Packetizers.aac(clip.aac()),
                Packetizers.pcmu(),
                Packetizers.pcma(),
                Packetizers.metadata(true),
                Packetizers.metadata(false));
    }

    PacketTrack audio(AudioCodec codec) {
        return switch (codec) {
            case AAC -> aac;
            case PCMU -> pcmu;
            case PCMA -> pcma;
            case NONE -> throw new IllegalArgumentException("no sound");
        };
    }
}
