// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;

/** What of footage is sent by itself, as addresses name it: {@code v} and {@code a}. */
enum OneTrack {
    PICTURES("v", "video"),
    SOUND("a", "audio");

    private final String letter;
    private final String kind;

    OneTrack(String letter, String kind) {
        this.letter = letter;
        this.kind = kind;
    }

    /** {@return the track of a letter, {@code v} or {@code a}} */
    static OneTrack of(String letter) {
        return letter.equals(SOUND.letter) ? SOUND : PICTURES;
    }

    /** {@return which of them a track is} */
    static OneTrack of(TrackFormat track) {
        return track.isVideo() ? PICTURES : SOUND;
    }

    /** {@return as it stands in addresses} */
    String letter() {
        return letter;
    }

    /** {@return as media types name it} */
    String kind() {
        return kind;
    }

    /** {@return its number in a stream, the first one if there are several; empty when there is none} */
    OptionalInt in(StreamFormat format) {
        return IntStream.range(0, format.tracks().size())
                .filter(number -> this == PICTURES
                        ? format.tracks().get(number).isVideo()
                        : format.tracks().get(number).isAudio())
                .findFirst();
    }

    /** {@return what one needs to be sent it of a segment} */
    Set<Permission> rights(Segment segment) {
        return this == PICTURES ? Set.of(Permission.VIEW_ARCHIVE) : MediaServlet.rights(segment);
    }
}
