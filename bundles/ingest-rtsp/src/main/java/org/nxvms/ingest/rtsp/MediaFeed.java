// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.Depacketizer;

/** Where a session's access units go: into the hub, or into a probe's verdict. Loop thread only. */
interface MediaFeed {
    /**
     * The video track.
     *
     * @param source filled by the session description and the stream
     * @param frameRate as the session description says, 0 when it does not
     * @param sender told by the track's sender reports
     */
    AccessUnitSink video(FormatSource source, double frameRate, SenderClock sender);

    /**
     * A track beside the pictures: sound, or metadata.
     *
     * @param source filled by the session description, or by the stream
     * @param clockRate of its timestamps
     * @param sender told by the track's sender reports
     */
    AccessUnitSink side(FormatSource source, int clockRate, SenderClock sender);

    /**
     * Tells what takes a track's packets, so that deviations can be shown.
     *
     * @param announcedQuirks those of the session description, as {@code PayloadQuirk} bits
     */
    default void receiving(Depacketizer depacketizer, int announcedQuirks) {}

    /** {@return whether a key frame arrived} */
    boolean started();

    /** {@return how many pictures came whole} */
    default long pictures() {
        return 0;
    }

    /** {@return whether no unit of any track is begun} */
    default boolean betweenUnits() {
        return false;
    }

    /** {@return how soon it wants what comes} */
    Urgency urgency();

    /** {@return how many bytes of pictures may come without danger to what a recorder has not read yet} */
    default int roomBytes() {
        return Integer.MAX_VALUE;
    }

    /** {@return monotonic time of the newest access unit, or of the feed's creation} */
    long lastUnitNs();

    /** {@return monotonic time of the newest key frame, or of the feed's creation} */
    long lastKeyNs();
}
