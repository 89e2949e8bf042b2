// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import org.nxvms.media.Codec;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.Depacketizer;

/**
 * A payload format as one session description has it.
 *
 * @param kind what it carries
 * @param format what the track will be, now or later
 * @param clockRate ticks per second of its timestamps
 * @param assembly makes what takes its packets
 */
record Payload(Codec.Kind kind, FormatSource format, int clockRate, Assembly assembly) {
    /** Makes a depacketizer that fills a sink. */
    interface Assembly {
        Depacketizer into(AccessUnitSink sink, boolean waitForKey);
    }

    Depacketizer into(AccessUnitSink sink, boolean waitForKey) {
        return assembly.into(sink, waitForKey);
    }
}
