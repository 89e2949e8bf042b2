// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.PATCH;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.cameras.server.KnownServersBody.Item;
import org.nxvms.cameras.server.KnownServersBody.StateBody;
import org.nxvms.platform.api.server.KnownServer;
import org.nxvms.platform.api.server.KnownServerStore;
import org.nxvms.platform.api.server.KnownServers;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.jaxrs.Audited;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Tagged;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;

/** Other servers that the caller knows: see docs/design/rest.md and ADR 145. */
@Path("/")
@Server(url = KnownServersResource.BASE)
@Tag(name = "Servers")
@Produces(MediaType.APPLICATION_JSON)
@Requires({})
public final class KnownServersResource {
    static final String BASE = "/api/v1/known-servers";
    /** Each holds a thread of the web server for its time. */
    static final int LOOKS_MAX = 4;

    private static final int NOTED_CHARS_MAX = 1_000;

    private final Supplier<KnownServerStore> store;
    private final ServerLook look;
    /** Users for whom one is under way. */
    private final Set<UUID> looking = new HashSet<>();

    KnownServersResource(Supplier<KnownServerStore> store, ServerLook look) {
        this.store = store;
        this.look = look;
    }

    @GET
    @Operation(
            summary = "Other servers that the caller knows",
            description = "Their consoles are opened at these addresses. Each user has an own list.")
    @ApiResponse(
            responseCode = "200",
            description = "With their ETag",
            content = @Content(schema = @Schema(implementation = Item.class)))
    public Response get(@Context SecurityContext security) {
        return answer(book().of(Caller.of(security).user().id()));
    }

    @Audited("known_servers.changed")
    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Replaces the servers that the caller knows",
            description = "With If-Match 412 when they were changed meanwhile.")
    @ApiResponse(
            responseCode = "200",
            description = "As they are now, with their new ETag",
            content = @Content(schema = @Schema(implementation = Item.class)))
    public Response change(
            @Parameter(description = Etags.IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
            KnownServersBody.Change change,
            @Context SecurityContext security,
            @Context HttpServletRequest request) {
        if (change == null) {
            throw Problem.malformed("The body is empty. Send a JSON object.").exception();
        }
        UUID user = Caller.of(security).user().id();
        KnownServers before = book().of(user);
        Etags.requireMatch(ifMatch, Etags.of(before.version()), "The list of servers");
        KnownServers after = change.of(before);
        new AuditFields("user/" + user, noted(before), noted(after)).of(request);
        if (!book().replace(user, after)) {
            throw Problem.preconditionFailed(
                            "The list of servers was changed in the meantime. Read it again and repeat this.")
                    .exception();
        }
        return answer(after);
    }

    @GET
    @Path("states")
    @Operation(
            summary = "Whether the servers that the caller knows answer",
            description = "This server asks each of them for its health, without credentials; it takes three seconds,"
                    + " whatever they answer. One look at a time for a user, four for all: 429 otherwise.")
    public Page<StateBody> states(@Context SecurityContext security) {
        UUID user = Caller.of(security).user().id();
        List<String> addresses =
                book().of(user).servers().stream().map(KnownServer::address).toList();
        if (addresses.isEmpty()) {
            return Page.whole(List.of());
        }
        begin(user);
        try {
            return Page.whole(look.look(addresses).entrySet().stream()
                    .map(found -> new StateBody(found.getKey(), found.getValue()))
                    .toList());
        } finally {
            end(user);
        }
    }

    private void begin(UUID user) {
        synchronized (looking) {
            if (looking.size() >= LOOKS_MAX || !looking.add(user)) {
                throw Problem.tooManyRequests(
                                "Servers are being asked already. Wait for that.", (int) ServerLook.USUAL.toSeconds())
                        .exception();
            }
        }
    }

    private void end(UUID user) {
        synchronized (looking) {
            looking.remove(user);
        }
    }

    private static Response answer(KnownServers known) {
        return Tagged.ok(Item.of(known), Etags.of(known.version()));
    }

    private static Map<String, String> noted(KnownServers known) {
        String all = known.servers().stream().map(KnownServer::address).collect(Collectors.joining(" "));
        return Map.of("servers", all.length() > NOTED_CHARS_MAX ? all.substring(0, NOTED_CHARS_MAX) + "…" : all);
    }

    private KnownServerStore book() {
        return Absent.require(store.get(), "The store of known servers");
    }
}
