// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Segment;

/** Rows that are not what their file says. */
final class Altered {
    private Altered() {}

    static Segment sized(Segment s, long sizeBytes) {
        return new Segment(
                s.id(),
                s.stream(),
                s.serverId(),
                s.volumeId(),
                s.path(),
                s.runId(),
                s.sequence(),
                s.startUs(),
                s.endUs(),
                sizeBytes,
                s.open(),
                s.initId(),
                s.initBytes(),
                s.codecs(),
                s.width(),
                s.height(),
                s.hasAudio(),
                s.clockSource(),
                s.accessUnits(),
                s.sha256());
    }

    /** Another one of another time and stream. */
    static Segment at(Segment s, StreamId stream, long startUs) {
        return new Segment(
                UUID.randomUUID(),
                stream,
                s.serverId(),
                s.volumeId(),
                s.path(),
                s.runId(),
                s.sequence(),
                startUs,
                startUs + s.endUs() - s.startUs(),
                s.sizeBytes(),
                s.open(),
                s.initId(),
                s.initBytes(),
                s.codecs(),
                s.width(),
                s.height(),
                s.hasAudio(),
                s.clockSource(),
                s.accessUnits(),
                s.sha256());
    }
}
