// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.InitSegment;

/** Which tracks of a stream go to the file, and under which number there. */
final class TrackLayout {
    private final StreamFormat stored;
    private final int[] numbers;
    private final boolean audioOnly;

    private TrackLayout(StreamFormat stored, int[] numbers) {
        this.stored = stored;
        this.numbers = numbers;
        this.audioOnly = stored.video().isEmpty();
    }

    /** {@return the layout; empty when the stream's leading track cannot be stored} */
    static Optional<TrackLayout> of(StreamFormat format) {
        int[] numbers = new int[StreamFormat.TRACKS_MAX];
        List<TrackFormat> stored = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            boolean storable = i < format.tracks().size()
                    && InitSegment.supports(format.tracks().get(i).codec());
            numbers[i] = storable ? stored.size() : -1;
            if (storable) {
                stored.add(format.tracks().get(i));
            }
        }
        return numbers[0] < 0 ? Optional.empty() : Optional.of(new TrackLayout(new StreamFormat(stored), numbers));
    }

    StreamFormat stored() {
        return stored;
    }

    boolean isAudioOnly() {
        return audioOnly;
    }

    /** {@return the track's number in the file, -1 when it is left out} */
    int number(int ringTrack) {
        return ringTrack >= 0 && ringTrack < numbers.length ? numbers[ringTrack] : -1;
    }
}
