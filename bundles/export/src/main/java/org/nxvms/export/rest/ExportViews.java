// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.nxvms.export.job.Estimate;
import org.nxvms.export.job.Exports;
import org.nxvms.export.job.Progress;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.verify.Described;
import org.nxvms.export.verify.Fault;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.rest.kit.problem.Times;

/** Exports as they travel. */
final class ExportViews {
    private ExportViews() {}

    /** What is wanted; times are RFC 3339 or milliseconds. */
    @Schema(name = "ExportDraft")
    public record Draft(
            Set<UUID> cameraIds,
            String from,
            @Schema(description = "Exclusive, not in the future") String to,
            @Schema(description = "main (default) or sub") Optional<StreamRole> stream,
            @Schema(
                            description =
                                    "mp4 (default): files that any player plays; mkv: the same as Matroska; chunks: the archive's own files, whole")
                    Optional<ExportOrder.Form> form,
            @Schema(
                            description =
                                    "Of mp4 and mkv. key_frame (default): from the key frame at or before the beginning to the"
                                            + " fragment (0.7 s at most) in which the range ends, all copied; exact: the"
                                            + " pictures of the range and no others, for which the pictures up to the next"
                                            + " key frame are encoded anew, as the manifest says")
                    Optional<ExportOrder.Cut> cut,
            @Schema(description = "Stands in the package and in the audit; at most 500 characters")
                    Optional<String> reason,
            @Schema(
                            description =
                                    "Of mp4 and mkv. Written into every picture, at its lower left. Pictures are encoded"
                                            + " anew for that, as H.264, and the package says so")
                    Optional<OverlayDraft> overlay,
            @Schema(
                            description =
                                    "Of mp4 and mkv. Parts of pictures that are filled with black in every picture, which"
                                            + " are encoded anew for that; at most 64, of one camera 16")
                    Optional<List<MaskDraft>> masks,
            @Schema(
                            description =
                                    "Of mp4 and mkv. false: the cameras' sound is left out, and no right to hear it is"
                                            + " needed; true by default")
                    Optional<Boolean> sound) {
        public Draft {
            Objects.requireNonNull(cameraIds, "cameraIds");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /** Text in pictures; at least one of text, time and user. */
    @Schema(name = "ExportOverlay")
    public record OverlayDraft(
            @Schema(
                            description = "One line of at most 100 characters of Latin, Greek or Cyrillic writing",
                            example = "Case 4711, for the police only")
                    Optional<String> text,
            @Schema(description = "When each picture was taken, with milliseconds and offset; false by default")
                    Optional<Boolean> time,
            @Schema(description = "Who ordered the export; false by default") Optional<Boolean> user,
            @Schema(description = "Of the time, as IANA names it; the server's by default", example = "Europe/Berlin")
                    Optional<String> zone) {
        static Optional<OverlayDraft> of(BurnIn burnIn) {
            return burnIn.hasText()
                    ? Optional.of(new OverlayDraft(
                            Optional.of(burnIn.text()).filter(text -> !text.isEmpty()),
                            Optional.of(burnIn.time()),
                            Optional.of(burnIn.user()),
                            Optional.of(burnIn.zone().getId())))
                    : Optional.empty();
        }
    }

    /** A part of a camera's pictures that is hidden. */
    @Schema(name = "ExportMask")
    public record MaskDraft(
            @Schema(description = "One of cameraIds") UUID cameraId,
            @Schema(
                            description =
                                    "3 to 16 corners, each [x, y], 0 to 1 from the left and from the top; the last is joined"
                                            + " to the first: a rectangle is [[0.25, 0.1], [0.75, 0.1], [0.75, 0.4], [0.25, 0.4]]")
                    List<List<Double>> points) {
        public MaskDraft {
            Objects.requireNonNull(cameraId, "cameraId");
            Objects.requireNonNull(points, "points");
        }

        static Optional<List<MaskDraft>> of(BurnIn burnIn) {
            return burnIn.masks().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Manifest.MaskItem.of(burnIn).stream()
                            .map(mask -> new MaskDraft(mask.cameraId(), mask.points()))
                            .toList());
        }
    }

    /** A job and how far it is. */
    @Schema(name = "Export")
    public record Item(
            UUID id,
            ExportJob.State state,
            @Schema(description = "Why it failed or what is missing") Optional<String> detail,
            List<UUID> cameraIds,
            Instant from,
            Instant to,
            StreamRole stream,
            ExportOrder.Form form,
            ExportOrder.Cut cut,
            String reason,
            @Schema(description = "Left out when nothing is written into pictures") Optional<OverlayDraft> overlay,
            @Schema(description = "Left out when nothing is hidden") Optional<List<MaskDraft>> masks,
            @Schema(description = "false when the cameras' sound is left out") boolean sound,
            String createdBy,
            Instant created,
            @Schema(description = "While it waits: its place among those that wait, 1 for the one that is made next")
                    OptionalInt queuePosition,
            @Schema(description = "Of the package so far") long bytesDone,
            @Schema(description = "About how many there will be, when done just as many") long bytesExpected,
            @Schema(description = "At the speed so far; left out while that is not known")
                    OptionalLong remainingSeconds,
            Optional<Instant> finished,
            @Schema(description = "When the package is removed") Optional<Instant> expires,
            @Schema(description = "Where the package is, when it is done") Optional<String> url) {
        static Item of(Exports.View view) {
            ExportJob job = view.job();
            Progress progress = view.progress();
            boolean done = job.state() == ExportJob.State.DONE;
            boolean running = job.state() == ExportJob.State.RUNNING;
            return new Item(
                    job.id(),
                    job.state(),
                    Optional.of(job.detail()).filter(text -> !text.isEmpty()),
                    job.order().cameraIds(),
                    Times.instant(job.order().fromUs()),
                    Times.instant(job.order().toUs()),
                    job.order().role(),
                    job.order().form(),
                    job.order().cut(),
                    job.order().reason(),
                    OverlayDraft.of(job.order().burnIn()),
                    MaskDraft.of(job.order().burnIn()),
                    job.order().sound(),
                    job.ownerName(),
                    job.created(),
                    view.queuePosition(),
                    done ? job.bytes() : progress.doneBytes(),
                    done ? job.bytes() : progress.expectedBytes(),
                    running ? progress.remainingSeconds() : OptionalLong.empty(),
                    job.finished(),
                    job.expires(),
                    done ? Optional.of("/media/v1/exports/" + job.id()) : Optional.empty());
        }
    }

    /** How large a package would be. */
    @Schema(name = "ExportEstimate")
    public record Forecast(
            @Schema(description = "About how many the package would have") long bytes,
            @Schema(description = "Files of the archive it would be made of") int segments,
            @Schema(description = "Cameras whose sound would be in it") List<UUID> withSound,
            @Schema(description = "Why it would not be taken now; left out when it would") Optional<String> objection) {
        static Forecast of(Estimate estimate, Optional<String> objection) {
            return new Forecast(
                    estimate.bytes(),
                    estimate.segments(),
                    estimate.heard().stream().sorted().toList(),
                    objection.map(text -> text + "."));
        }
    }

    /** Something that is not as it was exported. */
    @Schema(name = "ExportFault")
    public record FaultItem(
            Fault.Kind kind,
            @Schema(description = "Within the package; left out when it concerns the package as a whole")
                    Optional<String> file,
            @Schema(description = "First byte of the first range of the file that is wrong") OptionalLong fromByte,
            @Schema(description = "The byte behind it") OptionalLong toByte,
            String detail) {
        static FaultItem of(Fault fault) {
            return new FaultItem(
                    fault.kind(),
                    Optional.of(fault.file()).filter(name -> !name.isEmpty()),
                    fault.fromByte(),
                    fault.toByte(),
                    fault.detail());
        }
    }

    /** What a package turned out to be. */
    @Schema(name = "ExportVerdict")
    public record Verdict(
            @Schema(description = "Whether it is in every byte what a server with a known key exported") boolean intact,
            long bytes,
            @Schema(description = "That the manifest describes") int files,
            @Schema(description = "Of who signed: SHA-256 of the public key") Optional<String> keyId,
            @Schema(description = "As the manifest says; believe it only when intact") Optional<UUID> exportId,
            Optional<String> createdBy,
            Optional<Instant> created,
            @Schema(description = "That who ordered it gave") Optional<String> reason,
            @Schema(description = "exact: it has the pictures of its range and no others")
                    Optional<ExportOrder.Cut> cut,
            @Schema(description = "Whether something is written into pictures, or hidden of them")
                    Optional<Boolean> burnedIn,
            @Schema(description = "false when the cameras' sound was left out") Optional<Boolean> sound,
            @Schema(
                            description =
                                    "Stretches of time, of all its files, whose pictures are not as they were recorded but"
                                            + " encoded anew; the manifest says which")
                    Optional<Integer> encoded,
            @Schema(description = "Empty when intact; at most 100") List<FaultItem> faults) {
        static Verdict of(PackageCheck.Report report) {
            return new Verdict(
                    report.intact(),
                    report.bytes(),
                    report.files(),
                    Optional.of(report.keyId()).filter(id -> !id.isEmpty()),
                    report.described().flatMap(Described::exportId),
                    report.described().map(Described::createdBy).filter(name -> !name.isEmpty()),
                    report.described().flatMap(Described::created),
                    report.described().map(Described::reason).filter(text -> !text.isEmpty()),
                    report.described().map(one -> one.exact() ? ExportOrder.Cut.EXACT : ExportOrder.Cut.KEY_FRAME),
                    report.described().map(Described::burnedIn),
                    report.described().map(Described::sound),
                    report.described().map(Described::encoded),
                    report.faults().stream().map(FaultItem::of).toList());
        }
    }
}
