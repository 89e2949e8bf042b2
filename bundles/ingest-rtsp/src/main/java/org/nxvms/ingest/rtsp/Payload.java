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
 * @param quirks deviations in the session description, as {@code PayloadQuirk} bits
 * @param assembly makes what takes its packets
 */
record Payload(Codec.Kind kind, FormatSource format, int clockRate, int quirks, Assembly assembly) {
    /** A payload announced as it should be. */
    Payload(Codec.Kind kind, FormatSource format, int clockRate, Assembly assembly) {
        this(kind, format, clockRate, 0, assembly);
    }

    /** Makes a depacketizer that fills a sink. */
    interface Assembly {
        Depacketizer into(AccessUnitSink sink, boolean waitForKey);
    }

    Depacketizer into(AccessUnitSink sink, boolean waitForKey) {
        return assembly.into(sink, waitForKey);
    }
}
