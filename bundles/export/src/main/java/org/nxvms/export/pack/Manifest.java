// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportOrder;

/**
 * What a package says about itself, as {@code manifest.json}. Times are UTC with milliseconds, ranges half open.
 *
 * @param format {@link #FORMAT}
 * @param pieceBytes of how many bytes each hash in {@link FileItem#pieces} is
 * @param software name and version
 * @param cameras in the order they were asked for
 * @param files in the order in which they lie in the package
 */
public record Manifest(
        String format,
        UUID exportId,
        Instant created,
        String createdBy,
        String software,
        ServerItem server,
        OrderItem order,
        int pieceBytes,
        List<CameraItem> cameras,
        List<FileItem> files) {
    public static final String FORMAT = "nxvms-export-1";

    /** Names of what describes the package, and so stands behind all it describes. */
    public static final String FILE = "manifest.json";

    public static final String SIGNATURE = "manifest.jws";
    public static final String KEY = "public-key.pem";

    /** More no verifier reads: a hundred gigabytes of footage have about twenty megabytes. */
    public static final int BYTES_MAX = 32 << 20;

    /** What the signature is over: a statement of this type. */
    public static final String STATEMENT = "nxvms-export-1";

    public Manifest {
        cameras = List.copyOf(cameras);
        files = List.copyOf(files);
    }

    /** Who made the package. */
    public record ServerItem(UUID id, String name) {}

    /**
     * What was asked for.
     *
     * @param overlay what is written into every picture; left out when nothing is
     * @param masks what is hidden of every picture of a camera
     * @param sound false when the cameras' sound was left out
     */
    public record OrderItem(
            Instant from,
            Instant to,
            StreamRole stream,
            ExportOrder.Form form,
            ExportOrder.Cut cut,
            String reason,
            Optional<OverlayItem> overlay,
            List<MaskItem> masks,
            boolean sound) {
        public OrderItem {
            masks = List.copyOf(masks);
        }
    }

    /**
     * Text in pictures.
     *
     * @param text left out when there is none but time or user
     * @param time whether it says when a picture was taken
     * @param user whether it says who ordered the export
     * @param zone of the time
     */
    public record OverlayItem(Optional<String> text, boolean time, boolean user, String zone) {
        /** {@return the text of an order, if there is any} */
        public static Optional<OverlayItem> of(BurnIn burnIn) {
            return burnIn.hasText()
                    ? Optional.of(new OverlayItem(
                            Optional.of(burnIn.text()).filter(text -> !text.isEmpty()),
                            burnIn.time(),
                            burnIn.user(),
                            burnIn.zone().getId()))
                    : Optional.empty();
        }
    }

    /**
     * A part of a camera's pictures that is filled with black.
     *
     * @param points x and y of each corner, 0 to 1 from the left and from the top
     */
    public record MaskItem(UUID cameraId, List<List<Double>> points) {
        public MaskItem {
            points = List.copyOf(points);
        }

        /** {@return the masks of an order} */
        public static List<MaskItem> of(BurnIn burnIn) {
            return burnIn.masks().stream()
                    .map(mask -> new MaskItem(
                            mask.cameraId(),
                            mask.area().points().stream()
                                    .map(point -> List.of(point.x(), point.y()))
                                    .toList()))
                    .toList();
        }
    }

    /**
     * A camera and its time.
     *
     * @param footage what there is of the range
     * @param gaps what there is not, and why; together they are the range, but for less than a second each
     */
    public record CameraItem(UUID id, String name, List<Span> footage, List<GapItem> gaps) {
        public CameraItem {
            footage = List.copyOf(footage);
            gaps = List.copyOf(gaps);
        }
    }

    /** A stretch of time. */
    public record Span(Instant from, Instant to) {}

    /** Time without footage. */
    public record GapItem(Instant from, Instant to, String cause, String detail) {}

    /**
     * A file of the package.
     *
     * @param sha256 of the whole, lower-case hex, as sha256sum tells it
     * @param pieces SHA-256 of each piece, one behind the other, as base64
     * @param cameraId whose footage it is; left out of files that explain
     * @param sources what it was copied from, in order
     * @param times at which of its own times the clock said what: from each to the next the file's time runs as the clock, within 10
     *     ms at the beginning of each of its fragments
     * @param encoded when its pictures were taken that are not as they were recorded, but encoded anew, for an exact
     *     cut, or with what the order has burned into them
     */
    public record FileItem(
            String name,
            long bytes,
            String sha256,
            String pieces,
            Optional<UUID> cameraId,
            Optional<Instant> from,
            Optional<Instant> to,
            List<Source> sources,
            List<Anchor> times,
            List<Span> encoded) {
        public FileItem {
            sources = List.copyOf(sources);
            times = List.copyOf(times);
            // A package that was begun by a version before has none.
            encoded = encoded == null ? List.of() : List.copyOf(encoded);
        }
    }

    /**
     * A file of the archive, or some of its bytes.
     *
     * @param path on the volume; names camera, stream, run and number
     * @param chainRoot root of the chain of its fragments' hashes, which the server signed when it was recorded; left out
     *     while it is still written
     * @param fromByte first byte that was copied
     * @param toByte the byte behind the last
     */
    public record Source(
            UUID segmentId,
            String path,
            UUID runId,
            int sequence,
            Optional<String> chainRoot,
            long fromByte,
            long toByte) {}

    /** A time in the file, whose first picture or sound is at 0, and the same by the clock. */
    public record Anchor(long fileMs, Instant at) {}
}
