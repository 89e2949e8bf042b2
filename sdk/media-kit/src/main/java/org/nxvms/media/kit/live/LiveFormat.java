// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.live;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitSegment;

/**
 * What of a run's tracks live viewers are sent: the codecs that their players know. Other sound (G.711, G.726) and metadata are
 * left out, another picture codec makes the whole not playable. Immutable; one instance per run, so that a viewer sees by
 * identity when it must begin anew.
 */
public final class LiveFormat {
    private static final int NOT_SENT = -1;

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
    public record Choice(Optional<LiveFormat> format, String refusal) {}

    /**
     * Chooses tracks. The refusal names what is wrong and the way out.
     *
     * @param playable what the players know in MP4
     * @param sound whether sound is among what is sent
     */
    public static Choice choose(long run, StreamFormat format, Set<Codec> playable, boolean sound) {
        List<TrackFormat> tracks = new ArrayList<>();
        int[] live = new int[format.tracks().size()];
        Arrays.fill(live, NOT_SENT);
        for (int i = 0; i < live.length; i++) {
            TrackFormat track = format.tracks().get(i);
            if (track.isVideo() && !playable.contains(track.codec())) {
                return new Choice(
                        Optional.empty(),
                        track.codec()
                                + " does not play here: use the other stream, stream=main~h264, or set the camera to H.264");
            }
            if (playable.contains(track.codec()) && (sound || !track.isAudio())) {
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

    /** {@return number of the run} */
    public long run() {
        return run;
    }

    /** {@return the tracks that are sent} */
    public StreamFormat sent() {
        return sent;
    }

    /** {@return number of the track among those sent, negative when it is not} */
    public int liveTrack(int track) {
        return track < liveTracks.length ? liveTracks[track] : NOT_SENT;
    }

    /** {@return whether there are pictures} */
    public boolean hasVideo() {
        return sent.video().isPresent();
    }

    /** {@return whether there is sound} */
    public boolean hasAudio() {
        return sent.tracks().stream().anyMatch(TrackFormat::isAudio);
    }

    /** {@return the initialisation segment, a view of its own} */
    public ByteBuffer init() {
        return ByteBuffer.wrap(init).asReadOnlyBuffer();
    }

    /** {@return SHA-256 of the initialisation segment, lower-case hex} */
    public String initId() {
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
