// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.nxvms.export.job.Exports;
import org.nxvms.export.job.Progress;
import org.nxvms.export.verify.Described;
import org.nxvms.export.verify.Fault;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.StreamRole;
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
                    Optional<String> reason) {
        public Draft {
            Objects.requireNonNull(cameraIds, "cameraIds");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
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
            String createdBy,
            Instant created,
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
                    job.ownerName(),
                    job.created(),
                    done ? job.bytes() : progress.doneBytes(),
                    done ? job.bytes() : progress.expectedBytes(),
                    running ? progress.remainingSeconds() : OptionalLong.empty(),
                    job.finished(),
                    job.expires(),
                    done ? Optional.of("/media/v1/exports/" + job.id()) : Optional.empty());
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
                    report.faults().stream().map(FaultItem::of).toList());
        }
    }
}
