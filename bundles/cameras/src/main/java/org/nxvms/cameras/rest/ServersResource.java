// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** {@code /api/v1/servers}: this server. */
@Path("/")
@Server(url = ServersResource.BASE)
@Tag(name = "Servers")
@Produces(MediaType.APPLICATION_JSON)
public final class ServersResource {
    static final String BASE = "/api/v1/servers";

    private final Supplier<ServerIdentity> identity;

    ServersResource(Supplier<ServerIdentity> identity) {
        this.identity = identity;
    }

    /** A server of the site. */
    @Schema(name = "Server")
    public record ServerView(UUID id, String name, String version) {}

    @GET
    @Requires({})
    @Operation(summary = "The servers: this one")
    public Page<ServerView> list() {
        ServerIdentity server = Absent.require(identity.get(), "The server's identity");
        return Page.whole(List.of(new ServerView(server.serverId(), server.name(), version())));
    }

    private static String version() {
        Bundle bundle = FrameworkUtil.getBundle(ServersResource.class);
        return bundle == null ? "" : bundle.getVersion().toString();
    }
}
