// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.StreamingOutput;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.support.SupportBundles;
import org.nxvms.platform.api.support.SupportBusyException;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** The support bundle for whoever asks and may take along what the server knows. */
@Path("support-bundle")
@Server(url = HealthResource.BASE)
@Tag(name = "Health")
public final class SupportBundleResource {
    private static final String ZIP = "application/zip";
    private static final int RETRY_SECONDS = 10;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Supplier<SupportBundles> bundles;

    SupportBundleResource(Supplier<SupportBundles> bundles) {
        this.bundles = bundles;
    }

    @Audited("support_bundle.sent")
    @GET
    @Requires(Permission.MAKE_BACKUPS)
    @Produces(ZIP)
    @Operation(
            summary = "What somebody needs who helps with this server, as a ZIP",
            description = "As nxvms:support-bundle writes it: versions, states, figures, settings without texts, recent"
                    + " events and lines of the log; a README.md in it says what each file is. No secrets, no names of users or"
                    + " cameras, no addresses, no footage. Sent as it is made, 32 MiB before it is packed at most; one that"
                    + " takes longer than three minutes is torn. 503 while another one is made.")
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            content = @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary")))
    public Response make(@Context HttpServletRequest request) {
        SupportBundles now = Absent.require(bundles.get(), "The part that makes support bundles");
        new AuditFields("support-bundle", Map.of(), Map.of()).of(request);
        StreamingOutput body = out -> {
            try {
                now.write(out, file -> {});
            } catch (SupportBusyException e) {
                throw new ProblemException(Problem.unavailable(e.getMessage(), RETRY_SECONDS), e);
            }
        };
        return Response.ok(body)
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"nxvms-support-" + DAY.format(Instant.now()) + ".zip\"")
                .build();
    }
}
