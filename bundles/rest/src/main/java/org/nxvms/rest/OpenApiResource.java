// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.servers.Server;
import java.util.List;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.nxvms.rest.kit.jaxrs.Requires;

/** {@code GET /api/v1/openapi.json}. */
@Path("/")
@Server(url = OpenApiResource.BASE)
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {
    static final String BASE = "/api/v1/openapi.json";

    private final Supplier<List<JsonNode>> parts;
    private final String version;

    OpenApiResource(Supplier<List<JsonNode>> parts, String version) {
        this.parts = parts;
        this.version = version;
    }

    /** This server's operations, of whatever is installed now. */
    @GET
    @Requires({})
    @Operation(summary = "This document: the operations of everything that is installed now")
    public JsonNode document() {
        return OpenApiDocument.merge(parts.get(), version);
    }
}
