// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.ingest;

import java.util.Objects;
import java.util.OptionalLong;
import org.nxvms.driver.spi.StreamEndpoint.Transport;

/**
 * How a stream's packets travel now, and what their times tell.
 *
 * @param transport in use
 * @param skewPpm how much too fast the camera's sampling clock runs against this server's, in parts per million; 0
 *     during the first half minute
 * @param cameraOffsetMs how far the camera's own clock is ahead of this server's, by its sender reports; empty
 *     when it sends none. Footage carries the server's time, whatever this is
 * @param cameraClockSets how often that clock was set since the session began
 * @param jitterUs interarrival jitter of the pictures' packets (RFC 3550 6.4.1)
 */
public record IngestLink(
        Transport transport, double skewPpm, OptionalLong cameraOffsetMs, long cameraClockSets, long jitterUs) {
    public IngestLink {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(cameraOffsetMs, "cameraOffsetMs");
    }
}
