// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import org.nxvms.media.kit.live.LiveFormat;

/** What of a segment is sent: all of it, as players of HLS have it, or one track by itself, as those of DASH do. */
enum Track {
    ALL("", "t"),
    PICTURES("v", "v"),
    SOUND("a", "a");

    /** Their numbers in a stream that has both. */
    static final int PICTURES_NUMBER = 0;

    static final int SOUND_NUMBER = 1;

    private final String letter;
    private final String folder;

    Track(String letter, String folder) {
        this.letter = letter;
        this.folder = folder;
    }

    /** {@return the track of a letter in an address, null for all of them} */
    static Track of(String letter) {
        return letter == null || letter.equals(ALL.folder) ? ALL : letter.equals(SOUND.letter) ? SOUND : PICTURES;
    }

    /** {@return as it stands in addresses, empty for all of them} */
    String letter() {
        return letter;
    }

    /** {@return the folder of its segments by the times at which they begin} */
    String folder() {
        return folder;
    }

    /** {@return its number in a stream; not for all of them} */
    int number() {
        return this == SOUND ? SOUND_NUMBER : PICTURES_NUMBER;
    }

    /** {@return whether it can be had} One by itself where there are two: else it is all there is. */
    boolean isIn(LiveFormat format) {
        return this == ALL || format.hasVideo() && format.hasAudio();
    }

    /** {@return the media type} */
    String type(LiveFormat format) {
        return this == SOUND || !format.hasVideo() ? "audio/mp4" : "video/mp4";
    }
}
