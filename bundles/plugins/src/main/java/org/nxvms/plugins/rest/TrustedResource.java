// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.TrustedCertificate;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/plugins/trusted}: whose plugins are taken. */
@Path("trusted")
@Server(url = PluginsResource.BASE)
@Tag(name = "Plugins")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_PLUGINS)
public final class TrustedResource {
    private final Supplier<PluginAdmin> plugins;

    TrustedResource(Supplier<PluginAdmin> plugins) {
        this.plugins = plugins;
    }

    /** A certificate to trust. */
    public record Pin(@Schema(description = "One X.509 certificate as PEM") String pem) {
        public Pin {
            Objects.requireNonNull(pem, "pem");
        }
    }

    @GET
    @Operation(summary = "The certificates whose owners' plugins are taken")
    public Page<TrustedCertificate> trusted() throws IOException {
        return Page.whole(admin().trusted());
    }

    @Audited("plugin.vendor_trusted")
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Trusts the owner of a certificate, until it is taken out")
    @ApiResponse(
            responseCode = "201",
            description = "Trusted",
            content = @Content(schema = @Schema(implementation = TrustedCertificate.class)))
    @ApiResponse(responseCode = "409", description = "There are as many certificates as there may be")
    public Response trust(Pin pin, @Context SecurityContext security, @Context HttpServletRequest request)
            throws IOException {
        try {
            TrustedCertificate added =
                    admin().trust(pin.pem(), Caller.of(security).getName());
            PluginNotes.trusted(added).of(request);
            return Response.created(URI.create("trusted/" + added.sha256()))
                    .entity(added)
                    .build();
        } catch (IllegalArgumentException noCertificate) {
            throw new ProblemException(Problem.validation("pem", noCertificate.getMessage() + "."), noCertificate);
        } catch (IllegalStateException tooMany) {
            throw new ProblemException(Problem.conflict(tooMany.getMessage() + "."), tooMany);
        }
    }

    @Audited("plugin.vendor_distrusted")
    @DELETE
    @Path("{sha256}")
    @Operation(summary = "Trusts a certificate no more; what it signed stays installed")
    @ApiResponse(responseCode = "204", description = "Not trusted any more")
    public Response distrust(
            @PathParam("sha256") String sha256, @Context SecurityContext security, @Context HttpServletRequest request)
            throws IOException {
        new AuditFields("certificate/" + sha256, Map.of(), Map.of()).of(request);
        if (!admin().distrust(sha256, Caller.of(security).getName())) {
            throw Problem.notFound("No such certificate is trusted. GET /api/v1/plugins/trusted lists them.")
                    .exception();
        }
        return Response.noContent().build();
    }

    private PluginAdmin admin() {
        return Absent.require(plugins.get(), "The plugin installer");
    }
}
