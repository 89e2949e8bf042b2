// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.ingest;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;

/**
 * How one wished stream fares.
 *
 * @param cause why nothing arrives, empty while streaming
 * @param detail a sentence for people without secrets; empty while streaming
 * @param since when the state began
 * @param nextAttempt when the next connect is planned, while waiting
 * @param attempts connects since the last streaming, 0 while streaming
 * @param packetsLost RTP packets missing since the session began
 * @param link how the packets travel; empty while none do, or from an engine that has no packets
 */
public record IngestStatus(
        StreamId stream,
        StreamEndpoint endpoint,
        State state,
        Optional<GapCause> cause,
        String detail,
        Instant since,
        Optional<Instant> nextAttempt,
        int attempts,
        Optional<StreamFormat> format,
        long packetsLost,
        Optional<IngestLink> link) {
    /** A {@code switch} needs a default branch. */
    public enum State {
        CONNECTING,
        STREAMING,
        WAITING
    }

    /** Of an engine that knows nothing of packets. */
    public IngestStatus(
            StreamId stream,
            StreamEndpoint endpoint,
            State state,
            Optional<GapCause> cause,
            String detail,
            Instant since,
            Optional<Instant> nextAttempt,
            int attempts,
            Optional<StreamFormat> format,
            long packetsLost) {
        this(
                stream,
                endpoint,
                state,
                cause,
                detail,
                since,
                nextAttempt,
                attempts,
                format,
                packetsLost,
                Optional.empty());
    }

    public IngestStatus {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(nextAttempt, "nextAttempt");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(link, "link");
    }
}
