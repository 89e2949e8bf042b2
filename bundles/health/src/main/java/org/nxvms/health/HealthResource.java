// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.management.ManagementFactory;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.DefaultValue;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Open;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.rate.Networks;

/** {@code /api/v1/health}: see docs/design/rest.md. */
@Path("/")
@Server(url = HealthResource.BASE)
@Tag(name = "Health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
    static final String BASE = "/api/v1/health";

    private final Supplier<Health> health;
    private final Supplier<ServerIdentity> identity;
    private final String version;

    HealthResource(Supplier<Health> health, Supplier<ServerIdentity> identity, String version) {
        this.health = health;
        this.identity = identity;
        this.version = version;
    }

    /** Who asks, by what is said. */
    private enum Asker {
        /** Somebody from outside without credentials: whether the server works, and nothing of what it consists. */
        STRANGER,
        /** Whoever is on the machine itself: which parts there are and how each is. */
        NEIGHBOUR,
        /** Whoever signed in: also what the server is called and by which clocks it lives. */
        USER,
        /** Who may see the server's health. */
        KEEPER
    }

    /** How the server is. Strangers are told no more than what is not optional. */
    @Schema(name = "Health")
    public record HealthView(
            @Schema(
                            type = "string",
                            allowableValues = {"up", "degraded", "down"})
                    Status status,
            @Schema(description = "Whether every part that is needed works, a database write included") boolean ready,
            Optional<String> version,
            @Schema(description = "For who is signed in") Optional<UUID> serverId,
            @Schema(description = "What the server is called; for who is signed in") Optional<String> serverName,
            @Schema(
                            description =
                                    "By whose clocks the server lives: a name of the IANA database, or an offset; for who is signed in",
                            example = "Europe/Berlin")
                    Optional<String> timeZone,
            OptionalLong uptimeSeconds,
            Optional<List<PartView>> parts) {}

    /** How a part is. */
    @Schema(name = "HealthPart")
    public record PartView(
            String name,
            @Schema(
                            type = "string",
                            allowableValues = {"up", "degraded", "down"})
                    Status status,
            Optional<String> detail,
            Optional<Map<String, Object>> figures,
            @Schema(description = "The detail in codes, for who words it in another language")
                    Optional<List<FindingView>> findings) {}

    /** What is wrong with a part. */
    @Schema(name = "HealthFinding")
    public record FindingView(String code, Map<String, Object> parameters) {}

    @GET
    @Open
    @Operation(
            summary = "Whether the server is alive and ready, part by part",
            description = "Answers without credentials too. Who comes from outside without any is told `status` and"
                    + " `ready`; on the machine itself, or signed in, also the version and each part's name and status;"
                    + " signed in also `serverId`, `serverName` and `timeZone`;"
                    + " with the right to see the server's health all of it.")
    @ApiResponse(
            responseCode = "200",
            description = "Ready",
            content = @Content(schema = @Schema(implementation = HealthView.class)))
    @ApiResponse(
            responseCode = "503",
            description = "Not ready",
            content = @Content(schema = @Schema(implementation = HealthView.class)))
    public Response health(
            @Parameter(
                            description =
                                    "false: does not wait for checks that run, but tells what these answered last; for"
                                            + " who asks whether the server answers at all")
                    @DefaultValue("true")
                    @QueryParam("wait")
                    boolean wait,
            @Context SecurityContext context,
            @Context HttpServletRequest request) {
        Health runner = Absent.require(health.get(), "The health runner");
        HealthReport report = wait ? runner.report() : runner.known();
        HealthView view = view(report, asker(context, request));
        Response.ResponseBuilder answer =
                Response.status(report.ready() ? 200 : 503).entity(view);
        return report.ready()
                ? answer.build()
                : answer.header(HttpHeaders.RETRY_AFTER, 1).build();
    }

    private HealthView view(HealthReport report, Asker asker) {
        if (asker == Asker.STRANGER) {
            return new HealthView(
                    report.status(),
                    report.ready(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.empty());
        }
        boolean details = asker == Asker.KEEPER;
        Optional<ServerIdentity> server = Optional.ofNullable(identity.get()).filter(s -> asker != Asker.NEIGHBOUR);
        return new HealthView(
                report.status(),
                report.ready(),
                Optional.of(version),
                server.map(ServerIdentity::serverId),
                server.map(ServerIdentity::name),
                asker == Asker.NEIGHBOUR
                        ? Optional.empty()
                        : Optional.of(ZoneId.systemDefault().getId()),
                details
                        ? OptionalLong.of(ManagementFactory.getRuntimeMXBean().getUptime() / 1_000)
                        : OptionalLong.empty(),
                Optional.of(
                        report.parts().stream().map(part -> view(part, details)).toList()));
    }

    private static PartView view(HealthReport.Part part, boolean details) {
        HealthCheck.Result result = part.result();
        return new PartView(
                part.name(),
                part.status(),
                Optional.of(result.detail()).filter(text -> details && !text.isEmpty()),
                Optional.of(result.figures()).filter(figures -> details && !figures.isEmpty()),
                Optional.of(result.findings().stream()
                                .map(finding -> new FindingView(finding.code(), finding.parameters()))
                                .toList())
                        .filter(findings -> details && !findings.isEmpty()));
    }

    private static Asker asker(SecurityContext context, HttpServletRequest request) {
        Optional<Caller> caller = Caller.find(context);
        if (caller.isEmpty()) {
            return Networks.isLoopback(Networks.of(request.getRemoteAddr())) ? Asker.NEIGHBOUR : Asker.STRANGER;
        }
        try {
            caller.get().require(Permission.VIEW_HEALTH);
            return Asker.KEEPER;
        } catch (ProblemException e) {
            return Asker.USER;
        }
    }
}
