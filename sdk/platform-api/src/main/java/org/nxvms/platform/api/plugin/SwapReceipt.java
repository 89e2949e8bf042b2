// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamId;

/**
 * What an operation did, and what it cost the cameras. Written before anything is changed and again when it is over;
 * {@code signature} comes with the frames after the operation.
 *
 * @param plugin symbolic name; empty when the file was refused before it was known
 * @param from the version that served before; empty for none
 * @param to the version that serves, or was to serve, afterwards; empty for none
 * @param by who did it
 * @param detail why it was refused; empty when done
 * @param bundles what was installed and uninstalled, in this order
 * @param bundlesCompared other bundles whose wiring was compared before and after
 * @param frames of each stream that arrived
 * @param signature a JWS in compact form (RFC 7515, EdDSA of RFC 8037) whose payload is this receipt without it; the
 *     public keys are those of {@link org.nxvms.platform.api.archive.ArchiveKeys}
 */
public record SwapReceipt(
        UUID id,
        Operation operation,
        String plugin,
        Optional<String> from,
        Optional<String> to,
        Optional<String> sha256,
        String by,
        Instant begun,
        Optional<Instant> ended,
        Outcome outcome,
        String detail,
        List<BundleChange> bundles,
        int bundlesCompared,
        Optional<Windows> windows,
        List<Frames> frames,
        Optional<String> signature) {
    /** A {@code switch} needs a default branch. */
    public enum Operation {
        INSTALL,
        UPDATE,
        ROLLBACK,
        DISABLE,
        ENABLE,
        REMOVE
    }

    /** A {@code switch} needs a default branch. */
    public enum Outcome {
        RUNNING,
        DONE,
        REFUSED,
        /** The server ended meanwhile; the plugin is the old or the new one. */
        INTERRUPTED
    }

    public SwapReceipt {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(plugin, "plugin");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(begun, "begun");
        Objects.requireNonNull(ended, "ended");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(detail, "detail");
        bundles = List.copyOf(bundles);
        Objects.requireNonNull(windows, "windows");
        frames = List.copyOf(frames);
        Objects.requireNonNull(signature, "signature");
    }

    /** {@return this as it ended} */
    public SwapReceipt ended(Outcome how, String why, Instant when) {
        return new SwapReceipt(
                id,
                operation,
                plugin,
                from,
                to,
                sha256,
                by,
                begun,
                Optional.of(when),
                how,
                why,
                bundles,
                bundlesCompared,
                windows,
                frames,
                Optional.empty());
    }

    /** {@return this with a signature, or without one} */
    public SwapReceipt signed(Optional<String> jws) {
        return new SwapReceipt(
                id,
                operation,
                plugin,
                from,
                to,
                sha256,
                by,
                begun,
                ended,
                outcome,
                detail,
                bundles,
                bundlesCompared,
                windows,
                frames,
                jws);
    }

    /**
     * A bundle of the plugin that came or went.
     *
     * @param id of the bundle in the framework
     * @param installed true when it came, false when it went
     */
    public record BundleChange(long id, String location, boolean installed) {
        public BundleChange {
            Objects.requireNonNull(location, "location");
        }
    }

    /** How long frames were counted: before, while the plugin was exchanged, after. */
    public record Windows(long beforeMs, long duringMs, long afterMs) {}

    /**
     * Frames of one stream.
     *
     * @param before pictures that arrived in the window before, likewise {@code during} and {@code after}
     * @param lost access units that arrived and that the recorder gave up, over all three; what a camera sent and
     *     nobody received is not in it
     * @param whole false when the stream went away, or its counters began anew, within the time: what it says is then
     *     what was counted until that
     */
    public record Frames(StreamId stream, long before, long during, long after, long lost, boolean whole) {
        public Frames {
            Objects.requireNonNull(stream, "stream");
        }
    }
}
