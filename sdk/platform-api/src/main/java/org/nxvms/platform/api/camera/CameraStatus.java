// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.ingest.IngestLink;

/**
 * How a camera fares now.
 *
 * @param state the worst state of the streams that matter (recorded ones first)
 * @param cause why nothing arrives or is recorded; empty when all is well
 * @param detail a sentence for people: what happened and what to do; empty when all is well
 * @param since when the state began
 * @param driverPresent whether the camera's driver is installed; without it the camera records on its
 *     last known endpoint, only control functions are missing
 * @param streams one entry per known stream
 * @param device what the driver says of the device; empty before the first contact
 */
public record CameraStatus(
        State state,
        Optional<GapCause> cause,
        String detail,
        Instant since,
        boolean driverPresent,
        List<Stream> streams,
        Optional<DeviceFacts> device) {
    /** A {@code switch} needs a default branch that shows the name. */
    public enum State {
        /** Switched off by an administrator. */
        DISABLED,
        /** First contact not yet made, or made again after a loss. */
        CONNECTING,
        /** Pictures arrive; recording is not asked for. */
        LIVE,
        /** Pictures arrive and are being written. */
        RECORDING,
        /** Pictures arrive but cannot be written; see cause. */
        NOT_RECORDING,
        /** No contact; retried. */
        OFFLINE,
        /** The camera refuses the credentials. */
        UNAUTHORIZED,
        /** The camera speaks what we do not have, or its configuration cannot work. */
        UNSUPPORTED
    }

    /**
     * One stream.
     *
     * @param name the device's own name of it
     * @param bitrateBps over the last seconds, 0 when nothing arrives
     * @param framesPerSecond video access units over the last seconds
     * @param lastFrame wall time of the newest access unit
     * @param link how the packets travel and what their times tell; empty while none do
     */
    public record Stream(
            StreamRole role,
            String name,
            State state,
            Optional<GapCause> cause,
            String detail,
            Optional<StreamFormat> format,
            long bitrateBps,
            double framesPerSecond,
            Optional<Instant> lastFrame,
            Optional<IngestLink> link) {
        public Stream {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(format, "format");
            Objects.requireNonNull(lastFrame, "lastFrame");
            Objects.requireNonNull(link, "link");
        }
    }

    public CameraStatus {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(since, "since");
        streams = List.copyOf(streams);
        Objects.requireNonNull(device, "device");
    }

    /** Without a contact yet. */
    public CameraStatus(
            State state,
            Optional<GapCause> cause,
            String detail,
            Instant since,
            boolean driverPresent,
            List<Stream> streams) {
        this(state, cause, detail, since, driverPresent, streams, Optional.empty());
    }
}
