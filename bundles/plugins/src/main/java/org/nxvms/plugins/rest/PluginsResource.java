// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/plugins}: what is installed, and what is done with it; see docs/design/rest.md. */
@Path("/")
@Server(url = PluginsResource.BASE)
@Tag(name = "Plugins")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_PLUGINS)
public final class PluginsResource {
    static final String BASE = "/api/v1/plugins";

    /** Of 409. */
    private static final String NOT_NOW = "Another operation runs, or the plugin's state does not allow it";

    /** Of 422. */
    private static final String REFUSED = "Refused: a problem plugin-source, plugin-file, plugin-signature,"
            + " plugin-manifest, plugin-start or plugin-wiring; or a field's value cannot work";

    private final Supplier<PluginAdmin> plugins;

    PluginsResource(Supplier<PluginAdmin> plugins) {
        this.plugins = plugins;
    }

    /** Where the server fetches a plugin. */
    public record Fetch(
            @Schema(
                            description =
                                    "file:/absolute/path or mvn:group/artifact/version; a bundle's JAR, or a KAR with one")
                    String url,
            @Schema(description = "Take it although nobody signed it; default false") Optional<Boolean> allowUnsigned,
            @Schema(description = "Of an update: one camera tries it first, then all; else it is for all at once")
                    Optional<Trial> trial) {
        public Fetch {
            Objects.requireNonNull(url, "url");
        }

        PluginSource source() {
            return PluginSource.at(url);
        }
    }

    /** How an update is tried. */
    @Schema(name = "PluginTrial")
    public record Trial(
            @Schema(description = "The camera to begin with; else the first one that is well") Optional<UUID> cameraId,
            @Schema(description = "How long it, and then all, are watched: 10..86400; default 60")
                    Optional<Integer> soakSeconds) {
        PluginTrial checked() {
            try {
                return new PluginTrial(cameraId, soakSeconds.orElse(DriverRollouts.SOAK_SECONDS_DEFAULT));
            } catch (IllegalArgumentException outOfRange) {
                throw new ProblemException(
                        Problem.validation("trial.soakSeconds", outOfRange.getMessage() + "."), outOfRange);
            }
        }
    }

    /**
     * What was done.
     *
     * @param plugin as it is now; left out when it was removed
     * @param receipt id of the receipt, complete and signed when frames were counted after the operation
     */
    @Schema(name = "PluginOperation")
    public record Done(Optional<Plugin> plugin, UUID receipt) {}

    @GET
    @Requires(Permission.VIEW_CONFIGURATION)
    @Operation(summary = "All plugins, by name")
    public Page<Plugin> list() {
        return Page.whole(admin().plugins());
    }

    @GET
    @Path("{name}")
    @Requires(Permission.VIEW_CONFIGURATION)
    @Operation(summary = "One plugin")
    public Plugin get(@PathParam("name") String name) {
        return admin().find(name)
                .orElseThrow(() -> Problem.notFound("There is no such plugin. GET /api/v1/plugins lists them.")
                        .exception());
    }

    @Audited("plugin.installed")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Installs a plugin that the server fetches",
            description = "422 plugin-source, -file, -signature, -manifest, -start or -wiring says why it is refused")
    @ApiResponse(
            responseCode = "201",
            description = "Installed, and its service is seen",
            content = @Content(schema = @Schema(implementation = Done.class)))
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    @ApiResponse(responseCode = "422", description = REFUSED)
    public Response install(Fetch fetch, @Context SecurityContext security, @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked("", Optional.of(fetch)).of(request);
        if (fetch.trial().isPresent()) {
            throw Problem.validation("trial", "There is no version before to compare with. Leave it out.")
                    .exception();
        }
        return created(
                attempt(by -> admin().install(fetch.source(), allowed(fetch.allowUnsigned()), by), security, request));
    }

    @Audited("plugin.installed")
    @POST
    @Path("uploads")
    @Consumes({MediaType.APPLICATION_OCTET_STREAM, "application/java-archive"})
    @Operation(
            summary = "Installs, or with updates=NAME updates, a plugin whose file is the body",
            description = "With soakSeconds (and cameraId) the update is tried by one camera first")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "201",
            description = "Installed or updated, and its service is seen",
            content = @Content(schema = @Schema(implementation = Done.class)))
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    @ApiResponse(responseCode = "422", description = REFUSED)
    public Response upload(
            InputStream body,
            @QueryParam("updates") String updates,
            @QueryParam("allowUnsigned") Boolean allowUnsigned,
            @QueryParam("soakSeconds") Integer soakSeconds,
            @QueryParam("cameraId") UUID cameraId,
            @Context SecurityContext security,
            @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked(updates == null ? "" : updates, Optional.empty()).of(request);
        PluginSource source = PluginSource.uploaded(body);
        boolean allowed = allowed(Optional.ofNullable(allowUnsigned));
        Optional<Trial> trial = soakSeconds == null
                ? Optional.empty()
                : Optional.of(new Trial(Optional.ofNullable(cameraId), Optional.of(soakSeconds)));
        return created(
                updates == null
                        ? attempt(by -> admin().install(source, allowed, by), security, request)
                        : updated(updates, source, allowed, trial, security, request));
    }

    @Audited("plugin.updated")
    @POST
    @Path("{name}/update")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Brings another version up beside the one that serves, and takes that one out",
            description = "With a trial it answers when the version is there; GET /api/v1/drivers/{id}/rollout and the"
                    + " receipt tell how it ends")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    @ApiResponse(responseCode = "422", description = REFUSED)
    public Done update(
            @PathParam("name") String name,
            Fetch fetch,
            @Context SecurityContext security,
            @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked(name, Optional.of(fetch)).of(request);
        return updated(name, fetch.source(), allowed(fetch.allowUnsigned()), fetch.trial(), security, request);
    }

    private Done updated(
            String name,
            PluginSource source,
            boolean allowUnsigned,
            Optional<Trial> trial,
            SecurityContext security,
            HttpServletRequest request)
            throws PluginRefusedException, IOException {
        if (trial.isEmpty()) {
            return attempt(by -> admin().update(name, source, allowUnsigned, by), security, request);
        }
        PluginTrial checked = trial.get().checked();
        try {
            return attempt(by -> admin().tryOut(name, source, allowUnsigned, checked, by), security, request);
        } catch (IllegalArgumentException noCanary) {
            throw new ProblemException(Problem.validation("trial.cameraId", noCanary.getMessage()), noCanary);
        }
    }

    @Audited("plugin.rolled_back")
    @POST
    @Path("{name}/rollback")
    @Operation(summary = "Goes back to the version before; 409 when there is none")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    @ApiResponse(responseCode = "422", description = REFUSED)
    public Done rollback(
            @PathParam("name") String name, @Context SecurityContext security, @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked(name, Optional.empty()).of(request);
        return attempt(by -> admin().rollback(name, by), security, request);
    }

    @Audited("plugin.disabled")
    @POST
    @Path("{name}/disable")
    @Operation(summary = "Takes a plugin out of the running server and keeps it, also over restarts")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    public Done disable(
            @PathParam("name") String name, @Context SecurityContext security, @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked(name, Optional.empty()).of(request);
        return attempt(by -> admin().disable(name, by), security, request);
    }

    @Audited("plugin.enabled")
    @POST
    @Path("{name}/enable")
    @Operation(summary = "Brings a plugin up that was disabled or has failed")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    @ApiResponse(responseCode = "422", description = REFUSED)
    public Done enable(
            @PathParam("name") String name, @Context SecurityContext security, @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked(name, Optional.empty()).of(request);
        return attempt(by -> admin().enable(name, by), security, request);
    }

    @Audited("plugin.removed")
    @DELETE
    @Path("{name}")
    @Operation(summary = "Takes a plugin out for good, its previous version too")
    @ApiResponse(responseCode = "200", description = "Done")
    @ApiResponse(responseCode = "409", description = NOT_NOW)
    public Done remove(
            @PathParam("name") String name, @Context SecurityContext security, @Context HttpServletRequest request)
            throws PluginRefusedException, IOException {
        PluginNotes.asked(name, Optional.empty()).of(request);
        return attempt(by -> admin().remove(name, by), security, request);
    }

    private interface Operator {
        SwapReceipt operate(String by) throws PluginRefusedException, IOException;
    }

    private Done attempt(Operator operator, SecurityContext security, HttpServletRequest request)
            throws PluginRefusedException, IOException {
        try {
            SwapReceipt receipt = operator.operate(by(security));
            PluginNotes.done(receipt).of(request);
            return new Done(admin().find(receipt.plugin()), receipt.id());
        } catch (IllegalStateException notNow) {
            throw conflict(notNow);
        }
    }

    private PluginAdmin admin() {
        return Absent.require(plugins.get(), "The plugin installer");
    }

    private static Response created(Done done) {
        String name = done.plugin().map(Plugin::name).orElse("");
        return Response.created(URI.create(name)).entity(done).build();
    }

    private static ProblemException conflict(IllegalStateException notNow) {
        return new ProblemException(Problem.conflict(notNow.getMessage() + "."), notNow);
    }

    private static boolean allowed(Optional<Boolean> allowUnsigned) {
        return allowUnsigned.orElse(false);
    }

    private static String by(SecurityContext security) {
        return Caller.of(security).getName();
    }
}
