// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.Optional;
import java.util.OptionalLong;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.ingest.kit.CameraTime;
import org.nxvms.platform.api.ingest.IngestLink;

/** How a stream's packets travel, written by the loop at each tick without allocating, read by whoever asks. */
final class LinkGauge {
    private volatile Transport transport;
    private volatile double skewPpm;
    private volatile long offsetUs;
    private volatile boolean offsetKnown;
    private volatile long clockSets;
    private volatile long jitterUs;

    void packets(Transport over, CameraTime time, long jitter) {
        offsetUs = time.offsetUs();
        offsetKnown = time.known();
        clockSets = time.settings();
        jitterUs = jitter;
        transport = over;
    }

    void skew(double ppm) {
        skewPpm = ppm;
    }

    /** Nothing travels any more. */
    void clear() {
        transport = null;
    }

    Optional<IngestLink> read() {
        Transport over = transport;
        return over == null
                ? Optional.empty()
                : Optional.of(new IngestLink(
                        over,
                        skewPpm,
                        offsetKnown ? OptionalLong.of(Math.round(offsetUs / 1000.0)) : OptionalLong.empty(),
                        clockSets,
                        jitterUs));
    }
}
