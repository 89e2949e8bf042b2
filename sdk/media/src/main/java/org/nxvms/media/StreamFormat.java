// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.List;
import java.util.Optional;

/**
 * The tracks of a stream, constant within a run. A track's index in the list is its number in the
 * ring; in ISO BMFF files its track id is that number plus one.
 *
 * @param tracks 1..8 tracks, at most one of kind VIDEO, which then stands first
 */
public record StreamFormat(List<TrackFormat> tracks) {
    /** More tracks than any camera sends; bounds tables that are sized by it. */
    public static final int TRACKS_MAX = 8;

    public StreamFormat {
        tracks = List.copyOf(tracks);
        if (tracks.isEmpty() || tracks.size() > TRACKS_MAX) {
            throw new IllegalArgumentException("a stream has 1.." + TRACKS_MAX + " tracks, not " + tracks.size());
        }
        for (int i = 1; i < tracks.size(); i++) {
            if (tracks.get(i).isVideo()) {
                throw new IllegalArgumentException("the video track stands first and there is only one");
            }
        }
    }

    /** {@return the video track, always track number 0} */
    public Optional<TrackFormat> video() {
        return tracks.get(0).isVideo() ? Optional.of(tracks.get(0)) : Optional.empty();
    }

    /**
     * {@return RFC 6381 codecs parameter of all that is seen or heard, e.g. {@code avc1.640028,mp4a.40.2}; a
     * player needs no decoder for data tracks}
     */
    public String codecs() {
        StringBuilder all = new StringBuilder();
        for (TrackFormat track : tracks) {
            if (!track.isData()) {
                all.append(all.isEmpty() ? "" : ",").append(track.codecString());
            }
        }
        return all.toString();
    }
}
