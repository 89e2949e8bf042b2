// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.media.Codec;
import org.nxvms.media.kit.fmp4.Mp4Exception;

/**
 * Finds a picture of the archive in a camera's recording. It is found by its key frame and then by itself: pictures in which
 * nothing moves may be the same byte for byte, key frames are not.
 */
public final class Match {
    /** Pictures of a group that the network may have lost, beside a quarter of them. */
    private static final int LOST_MAX = 10;

    private final Edges.Known wanted;
    private boolean inGroup;
    private int behindKey;
    private long keyUs;

    private Match(Edges.Known wanted) {
        this.wanted = wanted;
    }

    /**
     * One moment by two clocks.
     *
     * @param deviceUs of the picture, by the camera's clock
     * @param deviceKeyUs of its key frame, by the camera's clock
     * @param wallUs of the picture, by the server's clock
     */
    public record Found(long deviceUs, long deviceKeyUs, long wallUs) {}

    /**
     * Reads a recording up to the picture, or up to its end.
     *
     * @param untilUs by the camera's clock; behind it nothing is looked at
     */
    public static Optional<Found> in(RecordingFile file, Edges.Known wanted, long untilUs)
            throws IOException, Mp4Exception {
        Match match = new Match(wanted);
        Codec codec = file.video().codec();
        for (Optional<Picture> next = file.next(); next.isPresent(); next = file.next()) {
            Picture picture = next.get();
            if (match.takes(codec, picture)) {
                return Optional.of(new Found(picture.timeUs(), match.keyUs, wanted.timeUs()));
            }
            if (picture.timeUs() > untilUs) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean takes(Codec codec, Picture picture) {
        if (!picture.key() && !inGroup) {
            return false;
        }
        String hash = PictureHash.of(codec, picture.data());
        behindKey++;
        if (picture.key()) {
            inGroup = hash.equals(wanted.keyHash());
            behindKey = 0;
            keyUs = picture.timeUs();
        }
        return inGroup && hash.equals(wanted.hash()) && isPlace();
    }

    /** The same bytes may come twice in a group. The camera has no fewer pictures of it, and more if some were lost. */
    private boolean isPlace() {
        return behindKey >= wanted.behindKey() && behindKey <= wanted.behindKey() * 5L / 4 + LOST_MAX;
    }
}
