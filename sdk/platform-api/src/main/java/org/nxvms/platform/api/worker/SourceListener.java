// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Who is told what a source sends. One thread for the whole life of a source; whoever blocks it makes
 * the source wait. What arrives comes from outside through a process that may have been subverted:
 * nothing but its size has been checked.
 */
@ConsumerType
public interface SourceListener {
    /** {@link #unit} flag: the container says that decoding can start here. */
    int KEY = 1;
    /** {@link #unit} flag: time stamps of all tracks begin anew here (a loop, a jump, a discontinuity). */
    int DISCONTINUITY = 2;

    /**
     * The source is open.
     *
     * @param tracks 1..{@link org.nxvms.media.StreamFormat#TRACKS_MAX}, video first; indexes are their numbers
     */
    void opened(List<SourceTrack> tracks);

    /** A track's description changed; units of the new kind follow. */
    void changed(int index, SourceTrack track);

    /**
     * One packet of the container: a picture or an audio frame.
     *
     * @param timestamp presentation time in ticks of the track's clock
     * @param data its bytes as the container has them; valid during the call only
     */
    void unit(int index, int flags, long timestamp, ByteBuffer data);

    /** It is over; the last call. */
    void ended(SourceEnd end);
}
