// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import org.nxvms.media.TrackFormat;

/** What a track's format is, told by the session description or found in the stream, and it may change. One thread at a time. */
public interface FormatSource {
    /** {@return whether a decoder could be set up} */
    boolean complete();

    /**
     * {@return the track as it is now}
     *
     * @throws NalException when what a decoder needs is not complete or not readable
     */
    TrackFormat format() throws NalException;

    /** A format that was announced and stays. */
    static FormatSource of(TrackFormat announced) {
        return new FormatSource() {
            @Override
            public boolean complete() {
                return true;
            }

            @Override
            public TrackFormat format() {
                return announced;
            }
        };
    }
}
