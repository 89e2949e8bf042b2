// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.ingest;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An engine that fetches streams and writes them into the stream hub. One upstream session per
 * stream, however many readers.
 *
 * <p>Desired state: {@link #ensure} says what shall be fetched and returns at once; the engine
 * connects, keeps alive, and reconnects by itself until {@link #release}. The wish outlives its caller:
 * a caller that is replaced says the same again and nothing is disturbed.
 */
@ProviderType
public interface StreamIngest {
    /** Service property: String[] of URI schemes, lower case, e.g. {@code rtsp}. */
    String PROPERTY_SCHEMES = "nxvms.ingest.schemes";

    /**
     * Wishes that this stream be fetched from this endpoint. Equal endpoint: nothing happens. Other
     * endpoint: the session is replaced. Any thread, never blocks.
     */
    void ensure(StreamId stream, StreamEndpoint endpoint);

    /**
     * Takes the wish back; the run ends with this cause. Idempotent.
     */
    void release(StreamId stream, GapCause cause, String detail);

    Optional<IngestStatus> status(StreamId stream);

    /**
     * {@return of which kind the failure is after which a stream is tried again}; {@code BUSY}: the device serves as many
     * streams as it can. Empty while pictures come, before the first attempt, and from an engine that does not say. Any thread.
     *
     * @since 1.1
     */
    default Optional<DriverException.Kind> trouble(StreamId stream) {
        return Optional.empty();
    }

    /** {@return what is wished now and how it fares} */
    List<IngestStatus> statuses();

    /**
     * Opens a stream once, waits for its first key frame, closes it. Blocks up to {@code timeoutMs};
     * touches no other stream and no hub.
     *
     * @param timeoutMs 1_000..30_000
     * @throws DriverException saying what failed: unknown host, refused, no answer, not RTSP, credentials,
     *     path not found, codec not supported, no picture
     */
    StreamProbe probe(StreamEndpoint endpoint, int timeoutMs) throws DriverException;
}
