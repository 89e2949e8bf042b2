// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitSegment;

/**
 * What of a run's tracks a browser is sent: H.264, AAC and Opus. Other sound (G.711, G.726) and metadata are left
 * out, another picture codec makes the whole not playable. Immutable; one instance per run, so that a viewer sees by identity
 * when it must begin anew.
 */
final class LiveFormat {
    private static final int NOT_SENT = -1;
    /** What every browser's Media Source Extensions know in MP4. */
    private static final Set<Codec> SENT = EnumSet.of(Codec.H264, Codec.AAC, Codec.OPUS);

    private final long run;
    private final StreamFormat sent;
    private final int[] liveTracks;
    private final byte[] init;
    private final String initId;

    private LiveFormat(long run, StreamFormat sent, int[] liveTracks) {
        this.run = run;
        this.sent = sent;
        this.liveTracks = liveTracks;
        this.init = InitSegment.build(sent);
        this.initId = id(init);
    }

    /** Either a format or why there is none. */
    record Choice(Optional<LiveFormat> format, String refusal) {}

    /** Chooses tracks. The refusal names what is wrong and the way out. */
    static Choice choose(long run, StreamFormat format, boolean sound) {
        List<TrackFormat> tracks = new ArrayList<>();
        int[] live = new int[format.tracks().size()];
        Arrays.fill(live, NOT_SENT);
        for (int i = 0; i < live.length; i++) {
            TrackFormat track = format.tracks().get(i);
            if (track.isVideo() && track.codec() != Codec.H264) {
                return new Choice(
                        Optional.empty(),
                        track.codec() + " does not play here: use the other stream or set the camera to H.264");
            }
            if (SENT.contains(track.codec()) && (sound || !track.isAudio())) {
                live[i] = tracks.size();
                tracks.add(track);
            }
        }
        if (tracks.isEmpty()) {
            if (!sound && format.tracks().stream().anyMatch(TrackFormat::isAudio)) {
                return new Choice(Optional.empty(), "there is sound only, and you may not listen");
            }
            return new Choice(Optional.empty(), "no H.264 picture and no AAC or Opus sound: set the camera to H.264");
        }
        return new Choice(Optional.of(new LiveFormat(run, new StreamFormat(tracks), live)), "");
    }

    long run() {
        return run;
    }

    /** {@return the tracks that are sent} */
    StreamFormat sent() {
        return sent;
    }

    /** {@return number of the track among those sent, negative when it is not} */
    int liveTrack(int track) {
        return track < liveTracks.length ? liveTracks[track] : NOT_SENT;
    }

    boolean hasVideo() {
        return sent.video().isPresent();
    }

    boolean hasAudio() {
        return sent.tracks().stream().anyMatch(TrackFormat::isAudio);
    }

    /** {@return the initialisation segment, a view of its own} */
    ByteBuffer init() {
        return ByteBuffer.wrap(init).asReadOnlyBuffer();
    }

    String initId() {
        return initId;
    }

    private static String id(byte[] init) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(init));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
