// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.archive.FootageRemoval;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Removing footage by hand: first one sees what would go, then one confirms just that. */
@Path("/")
@Server(url = RemovalsResource.BASE)
@Tag(name = "Removals")
@Produces(MediaType.APPLICATION_JSON)
@Requires(value = Permission.DELETE_FOOTAGE, anywhere = true)
public final class RemovalsResource {
    static final String BASE = "/api/v1/removals";

    private final Supplier<FootageRemoval> removal;
    private final NamedCameras cameras;
    private final Supplier<EventPublisher> events;
    private final LongSupplier nowMs;

    RemovalsResource(
            Supplier<FootageRemoval> removal,
            NamedCameras cameras,
            Supplier<EventPublisher> events,
            LongSupplier nowMs) {
        this.removal = removal;
        this.cameras = cameras;
        this.events = events;
        this.nowMs = nowMs;
    }

    /** Which footage; times are RFC 3339 or milliseconds. */
    public record RemovalDraft(
            UUID cameraId,
            String from,
            String to,
            @Schema(description = "From the answer without it; nothing is removed without it")
                    Optional<String> confirm) {
        public RemovalDraft {
            Objects.requireNonNull(cameraId, "cameraId");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /** Some segments and the time between the first one's start and the last one's end. */
    public record Some(int segments, long bytes, Instant from, Instant to) {
        static Optional<Some> of(List<Segment> segments) {
            if (segments.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Some(
                    segments.size(),
                    segments.stream().mapToLong(Segment::sizeBytes).sum(),
                    Times.instant(
                            segments.stream().mapToLong(Segment::startUs).min().orElseThrow()),
                    Times.instant(
                            segments.stream().mapToLong(Segment::endUs).max().orElseThrow())));
        }
    }

    /** What was done. */
    public record Done(int segments, long bytes, int kept, Optional<String> trouble) {}

    /**
     * What would go, or went.
     *
     * @param partly segments that reach beyond the range and stay
     * @param confirm to be sent back so that this, and nothing else, is removed
     * @param removed present when it was
     */
    public record RemovalAnswer(
            UUID cameraId,
            Instant from,
            Instant to,
            String detail,
            Optional<Some> removable,
            Optional<Some> partly,
            Optional<Some> locked,
            Optional<Some> growing,
            Optional<String> confirm,
            Optional<Done> removed) {}

    @Audited("footage.removed")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Removes footage of a camera in a time range, for good",
            description =
                    "Without confirm nothing is removed: the answer says what would go, and holds the word to confirm it."
                            + " Only whole segments go: those that reach beyond the range stay, and so do those locked"
                            + " as evidence or still written. 409 when the footage there has changed since.")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "409", description = "The footage there is not what was confirmed")
    public RemovalAnswer remove(
            RemovalDraft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        String subject = "camera/" + draft.cameraId();
        Map<String, String> asked = Map.of(AuditNote.FROM, draft.from(), AuditNote.TO, draft.to());
        new AuditFields(subject, Map.of(), asked).of(request);
        cameras.require(Caller.of(security), "cameraId", List.of(draft.cameraId()), Permission.DELETE_FOOTAGE);
        Times.Range range = Times.range(draft.from(), draft.to());
        FootageRemoval archive = Absent.require(removal.get(), "The archive");
        // What is removed is written down; where that cannot be, nothing is.
        EventPublisher publisher = Absent.require(events.get(), "The events service");
        FootageRemoval.Plan plan;
        try {
            plan = archive.plan(draft.cameraId(), range.fromUs(), range.toUs());
        } catch (IllegalArgumentException tooMany) {
            throw new ProblemException(
                    Problem.validation("to", "\"to\" is too far from \"from\": " + tooMany.getMessage() + "."),
                    tooMany);
        }
        Optional<String> word = plan.removable().isEmpty() ? Optional.empty() : Optional.of(word(plan));
        Optional<Done> done = Optional.empty();
        if (draft.confirm().isEmpty()) {
            AuditFields.nothingDone(request);
        } else {
            if (!draft.confirm().equals(word)) {
                throw Problem.conflict("The footage in this range is not what was confirmed: it was removed, locked or"
                                + " grew meanwhile. Ask again without \"confirm\" and look.")
                        .exception();
            }
            String by = Caller.of(security).getName();
            FootageRemoval.Outcome outcome = archive.remove(plan, by);
            Map<String, String> what = new TreeMap<>();
            what.put(AuditNote.FROM, Times.instant(range.fromUs()).toString());
            what.put(AuditNote.TO, Times.instant(range.toUs()).toString());
            what.put("segments", Integer.toString(outcome.removed()));
            what.put("bytes", Long.toString(outcome.bytes()));
            new AuditFields(subject, Map.of(), what).of(request);
            publisher.pulse(fact(plan, outcome, by), nowMs.getAsLong() * 1_000);
            done = Optional.of(new Done(
                    outcome.removed(),
                    outcome.bytes(),
                    outcome.kept(),
                    Optional.of(outcome.trouble()).filter(text -> !text.isEmpty())));
        }
        return new RemovalAnswer(
                plan.cameraId(),
                Times.instant(range.fromUs()),
                Times.instant(range.toUs()),
                detail(plan, done),
                Some.of(plan.removable()),
                Some.of(plan.partly()),
                Some.of(plan.locked()),
                Some.of(plan.growing()),
                done.isPresent() ? Optional.empty() : word,
                done);
    }

    private static String detail(FootageRemoval.Plan plan, Optional<Done> done) {
        StringBuilder text = new StringBuilder("Only whole segments are removed. ");
        text.append(done.map(d -> "Removed: " + d.segments() + (d.kept() > 0 ? ", still there: " + d.kept() : ""))
                .orElseGet(() -> "Would be removed: " + plan.removable().size()));
        say(text, plan.partly(), "reach beyond the range and stay");
        say(text, plan.locked(), "are locked as evidence and stay");
        say(text, plan.growing(), "are still being written and stay");
        return text.append('.').toString();
    }

    private static void say(StringBuilder text, List<Segment> segments, String what) {
        if (!segments.isEmpty()) {
            text.append("; ").append(segments.size()).append(' ').append(what);
        }
    }

    private static EventFact fact(FootageRemoval.Plan plan, FootageRemoval.Outcome outcome, String by) {
        Some some = Some.of(plan.removable()).orElseThrow();
        return EventFact.of(
                EventSource.camera(plan.cameraId(), ""),
                EventKinds.RECORDING_DELETED,
                EventSeverity.WARNING,
                by + " removed " + outcome.removed() + " segments between " + some.from() + " and " + some.to(),
                EventAttributes.of(Map.of(
                        "user",
                        by,
                        "from",
                        some.from().toString(),
                        "to",
                        some.to().toString(),
                        "segments",
                        outcome.removed(),
                        "bytes",
                        outcome.bytes())));
    }

    /** Stands for just these segments. */
    private static String word(FootageRemoval.Plan plan) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            plan.removable().stream()
                    .map(segment -> segment.id().toString())
                    .sorted()
                    .forEach(id -> digest.update(id.getBytes(StandardCharsets.US_ASCII)));
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
