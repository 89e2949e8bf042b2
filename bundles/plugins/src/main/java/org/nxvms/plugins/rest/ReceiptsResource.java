// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/plugins/receipts}: what operations did, and what they cost. */
@Path("receipts")
@Server(url = PluginsResource.BASE)
@Tag(name = "Plugins")
@Produces(MediaType.APPLICATION_JSON)
@Requires(Permission.MANAGE_PLUGINS)
public final class ReceiptsResource {
    private static final int RECEIPTS_DEFAULT = 50;
    private static final int RECEIPTS_MAX = 500;

    private final Supplier<PluginAdmin> plugins;

    ReceiptsResource(Supplier<PluginAdmin> plugins) {
        this.plugins = plugins;
    }

    @GET
    @Operation(summary = "Receipts of operations, newest first")
    public Page<SwapReceipt> receipts(@QueryParam("limit") Integer limit, @QueryParam("cursor") String cursor)
            throws IOException {
        int most = Page.limit(limit, RECEIPTS_DEFAULT, RECEIPTS_MAX);
        List<SwapReceipt> found = admin().receipts(most, Page.key(cursor).map(ReceiptsResource::id));
        Optional<String> next = found.size() < most
                ? Optional.empty()
                : Optional.of(Page.cursor(found.get(found.size() - 1).id().toString()));
        return new Page<>(found, next);
    }

    @GET
    @Path("{id}")
    @Operation(summary = "One receipt; signed as a JWS whose public keys GET /api/v1/archive/keys lists")
    public SwapReceipt receipt(@PathParam("id") UUID id) throws IOException {
        return admin().receipt(id).orElseThrow(() -> Problem.notFound(
                        "There is no such receipt. GET /api/v1/plugins/receipts lists them.")
                .exception());
    }

    private PluginAdmin admin() {
        return Absent.require(plugins.get(), "The plugin installer");
    }

    private static UUID id(String key) {
        try {
            return UUID.fromString(key);
        } catch (IllegalArgumentException notOurs) {
            throw new ProblemException(
                    Problem.malformed("cursor", "\"cursor\" is not one this server gave out. Begin again without it."),
                    notOurs);
        }
    }
}
