// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Fields;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Evidence locks: footage that retention leaves alone. */
@Path("/")
@Server(url = LocksResource.BASE)
@Tag(name = "Evidence locks")
@Produces(MediaType.APPLICATION_JSON)
@Requires(value = Permission.LOCK_EVIDENCE, anywhere = true)
public final class LocksResource {
    static final String BASE = "/api/v1/locks";

    private static final int RETRY_SECONDS = 10;
    /** As many as there may be. */
    private static final int LIMIT_MAX = 10_000;

    private final Supplier<EvidenceLocks> locks;
    private final NamedCameras cameras;
    private final LongSupplier nowMs;

    LocksResource(Supplier<EvidenceLocks> locks, NamedCameras cameras, LongSupplier nowMs) {
        this.locks = locks;
        this.cameras = cameras;
        this.nowMs = nowMs;
    }

    /** A lock to add; times are RFC 3339 or milliseconds. */
    public record LockDraft(Set<UUID> cameraIds, String from, String to, Optional<String> reason) {
        public LockDraft {
            Objects.requireNonNull(cameraIds, "cameraIds");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /** A lock as it travels. */
    public record LockItem(
            UUID id, List<UUID> cameraIds, Instant from, Instant to, String reason, String createdBy, Instant created) {
        /** Cameras that the caller may not know of are left out. */
        static LockItem of(EvidenceLock lock, Caller caller) {
            return new LockItem(
                    lock.id(),
                    lock.cameraIds().stream().filter(caller::sees).toList(),
                    Times.instant(lock.fromUs()),
                    Times.instant(lock.toUs()),
                    lock.reason(),
                    lock.createdBy(),
                    Times.instant(lock.createdUs()));
        }
    }

    @GET
    @Operation(summary = "Locks of cameras for which the caller may lock evidence, newest first")
    public Page<LockItem> list(
            @Parameter(description = "Holding what lies beyond this moment; RFC 3339 or milliseconds")
                    @QueryParam("from")
                    String from,
            @Parameter(description = "Holding what lies before this moment; RFC 3339 or milliseconds") @QueryParam("to")
                    String to,
            @Parameter(description = "Of one of these cameras at least: ids, joined by commas") @QueryParam("cameras")
                    String cameras,
            @Parameter(description = "Words, each in the reason or the name of who locked, in whatever case")
                    @QueryParam("text")
                    String text,
            @Parameter(description = "1..10000, which is the default") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
            @Context SecurityContext security) {
        int count = Page.limit(limit, LIMIT_MAX, LIMIT_MAX);
        LockSearch search = LockSearch.of(from, to, cameras, text, cursor);
        Caller caller = Caller.of(security);
        // One more than asked tells whether there is a next page.
        List<EvidenceLock> found = book().locks().stream()
                .filter(lock -> concerns(lock, caller))
                .filter(lock -> search.fits(lock, caller::sees))
                .sorted(LockSearch.NEWEST_FIRST)
                .limit(count + 1L)
                .toList();
        List<LockItem> items = found.stream()
                .limit(count)
                .map(lock -> LockItem.of(lock, caller))
                .toList();
        return new Page<>(
                items, found.size() > count ? Optional.of(LockSearch.cursor(found.get(count - 1))) : Optional.empty());
    }

    private static boolean concerns(EvidenceLock lock, Caller caller) {
        return lock.cameraIds().stream().anyMatch(camera -> caller.may(Permission.LOCK_EVIDENCE, camera));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "One lock")
    @ApiResponse(
            responseCode = "200",
            description = "With its ETag",
            content = @Content(schema = @Schema(implementation = LockItem.class)))
    public Response get(@PathParam("id") UUID id, @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        return Tagged.ok(LockItem.of(require(id, caller), caller));
    }

    private EvidenceLock require(UUID id, Caller caller) {
        return book().locks().stream()
                .filter(lock -> lock.id().equals(id) && concerns(lock, caller))
                .findFirst()
                .orElseThrow(() -> none(id));
    }

    @Audited("lock.added")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Holds the footage of cameras in a time range against retention",
            description = "Durable when answered. What retention is removing at this moment may still go.")
    @ApiResponse(
            responseCode = "201",
            description = "Locked",
            content = @Content(schema = @Schema(implementation = LockItem.class)))
    @ApiResponse(responseCode = "404", description = "There is no such camera")
    @ApiResponse(responseCode = "409", description = "There are as many locks as there may be")
    public Response add(LockDraft draft, @Context SecurityContext security, @Context HttpServletRequest request) {
        String reason = draft.reason().map(String::strip).orElse("");
        new Fields()
                .check(
                        !draft.cameraIds().isEmpty()
                                && draft.cameraIds().size() <= EvidenceLock.CAMERAS_MAX
                                && draft.cameraIds().stream().allMatch(Objects::nonNull),
                        "cameraIds",
                        "\"cameraIds\" has " + draft.cameraIds().size() + " ids. Give 1 to " + EvidenceLock.CAMERAS_MAX
                                + ".")
                .check(
                        reason.length() <= EvidenceLock.REASON_CHARS_MAX,
                        "reason",
                        "\"reason\" has " + reason.length() + " characters. Give at most "
                                + EvidenceLock.REASON_CHARS_MAX + ".")
                .throwIfAny();
        Caller caller = Caller.of(security);
        cameras.require(caller, "cameraIds", draft.cameraIds(), Permission.LOCK_EVIDENCE);
        Times.Range range = Times.range(draft.from(), draft.to());
        EvidenceLock lock = new EvidenceLock(
                UUID.randomUUID(),
                List.copyOf(new LinkedHashSet<>(draft.cameraIds())),
                range.fromUs(),
                range.toUs(),
                reason,
                caller.getName(),
                nowMs.getAsLong() * 1_000);
        noted(lock.id(), Map.of(), fields(lock)).of(request);
        try {
            book().lock(lock);
        } catch (IllegalStateException tooMany) {
            throw new ProblemException(Problem.conflict(tooMany.getMessage() + "."), tooMany);
        } catch (IOException notWritten) {
            throw new ProblemException(notWritten("it does not hold", notWritten), notWritten);
        }
        return Response.created(URI.create(lock.id().toString()))
                .entity(LockItem.of(lock, caller))
                .build();
    }

    private static AuditFields noted(UUID id, Map<String, String> before, Map<String, String> after) {
        return new AuditFields("lock/" + id, before, after);
    }

    private static Map<String, String> fields(EvidenceLock lock) {
        return Map.of(
                "cameras",
                BookmarkFacts.cameras(lock.cameraIds()),
                "from",
                Times.instant(lock.fromUs()).toString(),
                "to",
                Times.instant(lock.toUs()).toString(),
                "reason",
                lock.reason(),
                "createdBy",
                lock.createdBy());
    }

    @Audited("lock.removed")
    @DELETE
    @Path("{id}")
    @Operation(summary = "Takes a lock back; retention may remove the footage from then on")
    @ApiResponse(responseCode = "204", description = "Taken back")
    public Response remove(
            @PathParam("id") UUID id,
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        Caller caller = Caller.of(security);
        noted(id, Map.of(), Map.of()).of(request);
        EvidenceLock lock = require(id, caller);
        noted(id, fields(lock), Map.of()).of(request);
        Etags.requireMatch(ifMatch, Tagged.tag(LockItem.of(lock, caller)), "The lock");
        for (UUID camera : lock.cameraIds()) {
            if (!caller.may(Permission.LOCK_EVIDENCE, camera)) {
                throw Problem.forbidden("The lock holds footage of cameras for which you may not lock evidence. Ask an"
                                + " administrator.")
                        .exception();
            }
        }
        try {
            if (!book().unlock(id, caller.getName())) {
                throw none(id);
            }
        } catch (IOException notWritten) {
            throw new ProblemException(notWritten("it still holds", notWritten), notWritten);
        }
        return Response.noContent().build();
    }

    private static Problem notWritten(String so, IOException why) {
        return Problem.unavailable(
                "The lock could not be written down, so " + so + ": " + why.getMessage()
                        + ". Check the server's data folder and try again.",
                RETRY_SECONDS);
    }

    private static ProblemException none(UUID id) {
        return Problem.notFound("There is no lock " + id + ". GET " + BASE + " lists them.")
                .exception();
    }

    private EvidenceLocks book() {
        return Absent.require(locks.get(), "The archive");
    }
}
