// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Times;

/** A small capability that uses all of the kit. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class LampsResource {
    /** More than all buffers between server and client hold. */
    static final int LARGE_CHARACTERS = 32 << 20;

    private final Supplier<Runnable> service;
    private volatile Inner label = new Inner(1);

    LampsResource(Supplier<Runnable> service) {
        this.service = service;
    }

    /** A colour. */
    public enum Colour {
        WARM_WHITE,
        RED
    }

    /** What is sent. */
    public record Draft(String name, int watts, Optional<Colour> colour, List<Inner> inner) {
        public Draft {
            Objects.requireNonNull(name, "name");
            if (watts > 100) {
                throw new IllegalArgumentException("watts must be at most 100, not " + watts);
            }
            inner = inner == null ? List.of() : inner;
        }
    }

    /** A nested value. */
    public record Inner(int volume) {}

    /** What is answered. */
    public record Lamp(UUID id, String name, Optional<Colour> colour, Instant created, OptionalLong until) {}

    @GET
    @Requires(Permission.VIEW_CONFIGURATION)
    public Page<Lamp> list(
            @QueryParam("limit") Integer limit,
            @QueryParam("colour") Colour colour,
            @QueryParam("from") String from,
            @QueryParam("to") String to) {
        if (from != null) {
            Times.range(from, to);
        }
        Page.limit(limit, 10, 100);
        Lamp lamp = new Lamp(
                new UUID(0, 1), "one", Optional.of(Colour.WARM_WHITE), Instant.ofEpochSecond(1), OptionalLong.empty());
        return new Page<>(List.of(lamp), Optional.of(Page.cursor("one")));
    }

    @GET
    @Path("{id}")
    @Requires(value = Permission.VIEW_LIVE, camera = "id")
    public Response one(@PathParam("id") UUID id) {
        return Response.ok(new Inner(3)).header("Cache-Control", "private").build();
    }

    @POST
    @Requires(Permission.MANAGE_CAMERAS)
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(Draft draft, @Context SecurityContext context) {
        return Response.status(201)
                .entity(new Inner(draft.watts()))
                .header("X-By", Caller.of(context).user().username())
                .build();
    }

    @GET
    @Path("{id}/label")
    @Requires({})
    public Response label() {
        return Tagged.ok(label);
    }

    @PUT
    @Path("{id}/label")
    @Requires({})
    @Consumes(MediaType.APPLICATION_JSON)
    public Response label(@HeaderParam("If-Match") String ifMatch, Inner next) {
        Etags.requireMatch(ifMatch, Tagged.tag(label), "The label");
        label = next;
        return Tagged.ok(label);
    }

    @DELETE
    @Path("{id}/label")
    @Requires({})
    public void unlabel() {
        label = new Inner(0);
    }

    @PUT
    @Path("{id}/picture")
    @Requires({})
    @Consumes({"image/png", MediaType.APPLICATION_OCTET_STREAM})
    @Produces(MediaType.TEXT_PLAIN)
    public String picture(InputStream body) {
        return "";
    }

    @GET
    @Path("open/door")
    @Open
    public Inner door(@Context SecurityContext context) {
        return new Inner(Caller.find(context).isPresent() ? 1 : 0);
    }

    @GET
    @Path("large")
    @Requires({})
    public List<String> large() {
        service.get().run();
        return List.of("x".repeat(LARGE_CHARACTERS));
    }

    @GET
    @Path("fail/{how}")
    @Requires({})
    public Inner fail(@PathParam("how") String how) {
        switch (how) {
            case "store" -> throw new StoreException("secret table gone", new IllegalStateException());
            case "ours" -> List.of().iterator().next();
            case "walk" -> {
                List<Integer> walked = new java.util.ArrayList<>(List.of(1, 2, 3));
                walked.forEach(walked::remove);
            }
            case "absentThing" -> throw new NoSuchResourceException("gone");
            case "stale" -> throw new StaleVersionException("changed");
            case "bug" -> throw new IllegalStateException("secret state");
            default -> Absent.require(service.get(), "The lamp service");
        }
        return new Inner(0);
    }
}
