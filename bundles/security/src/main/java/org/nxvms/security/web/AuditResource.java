// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** Who did what: listed, exported, verified. Whoever exports it is in it. */
@Path("/")
@Server(url = AuditResource.BASE)
@Tag(name = "Audit")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.VIEW_AUDIT)
public final class AuditResource {
    static final String BASE = "/api/v1/audit";
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;
    private static final String CSV = "text/csv; charset=utf-8";

    private final Supplier<AuditStore> store;
    private final AuditTrail trail;

    AuditResource(Supplier<AuditStore> store, AuditTrail trail) {
        this.store = store;
        this.trail = trail;
    }

    /** What became of the trail of this server. */
    public record AuditVerdict(
            boolean whole,
            long entries,
            List<String> faults,
            @Schema(
                            description =
                                    "What is wrong and an administrator has taken as known: nxvms:audit-verify --acknowledge")
                    List<String> acknowledged,
            @Schema(description = "Entries of other servers, by id: each verifies its own; they are not verified here")
                    Map<UUID, Long> others) {}

    @GET
    @Operation(summary = "Lists what was done, newest first")
    public Page<AuditView> list(
            @Parameter(description = "RFC 3339 or milliseconds since 1970") @QueryParam("from") String from,
            @QueryParam("to") String to,
            @Parameter(description = "Name of who did it") @QueryParam("user") String user,
            @Parameter(description = "An action, or a family as auth.*") @QueryParam("action") String action,
            @Parameter(description = "Address it came from, as it was noted") @QueryParam("address") String address,
            @Parameter(description = "1..1000, default 100") @QueryParam("limit") Integer limit,
            @QueryParam("cursor") String cursor) {
        int wanted = limit == null ? LIMIT_DEFAULT : limit;
        if (wanted < 1 || wanted > LIMIT_MAX) {
            throw Problem.malformed("limit", "\"limit\" must be 1 to " + LIMIT_MAX + ".")
                    .exception();
        }
        // Whoever has just done something finds it.
        flush();
        AuditStore.Query query =
                AuditQueries.of(from, to, new AuditQueries.Terms(user, action, address), cursor, wanted);
        List<AuditEntry> found = store().find(query);
        Optional<String> next = found.size() < wanted
                ? Optional.empty()
                : Optional.of(AuditQueries.cursor(found.get(found.size() - 1)));
        return new Page<>(found.stream().map(AuditView::of).toList(), next);
    }

    @Audited("audit.exported")
    @GET
    @Path("export")
    @Produces({CSV, MediaType.APPLICATION_JSON})
    @Operation(
            summary = "The same as a file, all of it",
            description = "CSV after RFC 4180, or a JSON array with format=json. 503 when the database fails before the"
                    + " last entry was read.")
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            content = @Content(mediaType = "text/csv", schema = @Schema(type = "string")))
    public Response export(
            @Parameter(description = "csv (default) or json") @QueryParam("format") String format,
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("user") String user,
            @QueryParam("action") String action,
            @QueryParam("address") String address) {
        boolean json = "json".equals(format);
        if (format != null && !json && !format.equals("csv")) {
            throw Problem.malformed("format", "\"format\" must be csv or json.").exception();
        }
        AuditStore.Query query =
                AuditQueries.of(from, to, new AuditQueries.Terms(user, action, address), null, AuditExport.PAGE);
        AuditExport export = new AuditExport(store(), query);
        StreamingOutput body = out -> {
            // The request itself has been noted by now, and belongs to it.
            flush();
            export.write(json, out);
        };
        return Response.ok(body, json ? MediaType.APPLICATION_JSON : CSV)
                .header("Content-Disposition", "attachment; filename=\"nxvms-audit." + (json ? "json" : "csv") + "\"")
                .build();
    }

    @Unaudited("reads")
    @POST
    @Path("verify")
    @Operation(summary = "Holds the trail of this server against its chain; reads all of it")
    public AuditVerdict verify() {
        AuditTrail.Verdict verdict = trail.verify();
        return new AuditVerdict(
                verdict.isWhole(), verdict.entries(), verdict.faults(), verdict.acknowledged(), verdict.others());
    }

    private void flush() {
        try {
            trail.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AuditStore store() {
        return Absent.require(store.get(), "The store of the audit");
    }
}
