// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.played;

import java.util.List;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;

/** Which stream of a camera somebody wants to see. */
public enum StreamWish {
    MAIN,
    SUB,
    /** What there is: the main stream, and the sub stream where that was recorded alone. */
    AUTO,
    /** What there is, as small as it is there: the sub stream, and the main stream where that was recorded alone. */
    SMALL;

    /** {@return the streams it is about, the preferred one first} */
    public List<StreamId> of(UUID camera) {
        return switch (this) {
            case MAIN -> List.of(StreamId.main(camera));
            case SUB -> List.of(sub(camera));
            case AUTO -> List.of(StreamId.main(camera), sub(camera));
            case SMALL -> List.of(sub(camera), StreamId.main(camera));
        };
    }

    /** {@return whether it is for what there is, of whichever stream} */
    public boolean isAny() {
        return this == AUTO || this == SMALL;
    }

    private static StreamId sub(UUID camera) {
        return new StreamId(camera, StreamRole.SUB);
    }
}
