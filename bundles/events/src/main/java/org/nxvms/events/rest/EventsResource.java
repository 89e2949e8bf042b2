// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.HeaderParam;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.events.EventBus;
import org.nxvms.events.EventEngine;
import org.nxvms.events.core.Said;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Repeatable;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** {@code /api/v1/events}: see docs/design/rest.md. */
@Path("/")
@Server(url = EventsResource.BASE)
@Tag(name = "Events")
@Produces(MediaType.APPLICATION_JSON)
public final class EventsResource {
    static final String BASE = "/api/v1/events";
    private static final int LIMIT_DEFAULT = 100;
    /** Pages read for one answer when the caller may see few of the events; the cursor goes on from there. */
    private static final int PAGES_MAX = 10;

    /** As many of {@link EventQuery#LIMIT_MAX} for words that few events have: some hundred milliseconds of reading. */
    private static final int SEARCHED_PAGES_MAX = 20;

    /** On a machine that is busy fewer are read. */
    private static final long SEARCH_NS_MAX = TimeUnit.SECONDS.toNanos(2);

    /** Each keeps the database busy. */
    private static final int SEARCHES_MAX = 2;

    /** Who may see events of a camera that is not known may see those of all. */
    private static final UUID NO_CAMERA = new UUID(0, 0);

    /** As pages come from the store. */
    private static final Comparator<Event> NEWEST_FIRST = Comparator.comparingLong(Event::startUs)
            .thenComparing(event -> event.id().toString())
            .reversed();

    /** It is raised all the same: who is told too early to try again raises it twice. */
    private static final long RAISE_MS_MAX = 10_000;

    private final Supplier<EventBus> bus;
    private final Supplier<CameraRegistry> cameras;
    private final Semaphore searches = new Semaphore(SEARCHES_MAX);

    EventsResource(Supplier<EventBus> bus, Supplier<CameraRegistry> cameras) {
        this.bus = bus;
        this.cameras = cameras;
    }

    @GET
    @Requires(value = Permission.VIEW_EVENTS, anywhere = true)
    @Operation(
            summary = "Events, newest start first",
            description =
                    "Those that overlap from..to. Events of cameras the caller may not see are left out, those of the"
                            + " server itself too without the right to see its health. With `text` one answer has read"
                            + " so many events at most, whatever it found: nextCursor goes on from there.")
    public Page<EventView> list(
            @Parameter(description = "RFC 3339 or milliseconds since 1970") @QueryParam("from") String from,
            @Parameter(description = "RFC 3339 or milliseconds since 1970") @QueryParam("to") String to,
            @Parameter(description = "Kinds or families such as camera.*, joined by commas") @QueryParam("kinds")
                    String kinds,
            @Parameter(description = "Ids of cameras, joined by commas") @QueryParam("cameras") String cameraIds,
            @Parameter(description = "info, warning or critical, and what matters more") @QueryParam("severity")
                    String severity,
            @Parameter(
                            description =
                                    "Words, all of which are found in kind, title of the kind, detail, source, name of"
                                            + " the camera or attributes, in any letter case; of words joined by | one is enough")
                    @QueryParam("text")
                    String text,
            @Parameter(description = "1..1000, default 100") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor,
            @Context SecurityContext context) {
        int count = Page.limit(limit, LIMIT_DEFAULT, EventQuery.LIMIT_MAX);
        Caller caller = Caller.of(context);
        List<EventFilter> narrowed = narrowed(Filters.of(from, to, kinds, cameraIds, severity), caller);
        Optional<EventQuery.Position> after = Filters.position(cursor);
        if (narrowed.isEmpty()) {
            return Page.whole(List.of());
        }
        EventBus events = bus();
        EventSearch search = EventSearch.of(text, events.kinds(), this::nameOf);
        if (search.isForAll()) {
            return read(events, narrowed, after, count, caller, search);
        }
        if (!searches.tryAcquire()) {
            throw Problem.unavailable("Others are searching at the moment. Try again in a second.", 1)
                    .exception();
        }
        try {
            return read(events, narrowed, after, count, caller, search);
        } finally {
            searches.release();
        }
    }

    private static Page<EventView> read(
            EventBus events,
            List<EventFilter> narrowed,
            Optional<EventQuery.Position> from,
            int count,
            Caller caller,
            EventSearch search) {
        int size = search.isForAll() ? count : EventQuery.LIMIT_MAX;
        int pages = search.isForAll() ? PAGES_MAX : SEARCHED_PAGES_MAX;
        long begunNs = System.nanoTime();
        Optional<EventQuery.Position> after = from;
        List<EventView> items = new ArrayList<>();
        for (int page = 0; page < pages && items.size() < count; page++) {
            if (page > 0 && !search.isForAll() && System.nanoTime() - begunNs > SEARCH_NS_MAX) {
                break;
            }
            List<Event> found = find(events, narrowed, after, size);
            for (Event event : found) {
                if (items.size() == count) {
                    return new Page<>(items, after.map(Filters::cursor));
                }
                after = Optional.of(EventQuery.Position.of(event));
                if (EventAccess.visible(event, caller::may) && search.finds(event)) {
                    items.add(EventView.of(event));
                }
            }
            if (found.size() < size) {
                return Page.whole(items);
            }
        }
        return new Page<>(items, after.map(Filters::cursor));
    }

    private String nameOf(UUID camera) {
        return Optional.ofNullable(cameras.get())
                .flatMap(registry -> registry.find(camera))
                .map(Camera::name)
                .orElse("");
    }

    /**
     * The same for what the caller may see, so that pages and cursors tell nothing of hidden cameras: several when that are
     * more cameras than one filter takes, none when it is nothing. Who may see the server's own events too reads on as
     * before: they have no camera to ask for.
     */
    private List<EventFilter> narrowed(EventFilter filter, Caller caller) {
        Set<UUID> seen = filter.cameras();
        if (seen.isEmpty()) {
            boolean all = caller.may(Permission.VIEW_EVENTS, NO_CAMERA);
            boolean servers = caller.may(Permission.VIEW_HEALTH, Optional.empty())
                    || caller.may(Permission.MANAGE_USERS, Optional.empty());
            if (all || servers) {
                return List.of(filter);
            }
            seen = Absent.require(cameras.get(), "The camera registry").list().stream()
                    .map(Camera::id)
                    .collect(Collectors.toSet());
        }
        List<UUID> visible = seen.stream()
                .filter(camera -> caller.may(Permission.VIEW_EVENTS, camera))
                .toList();
        List<EventFilter> filters = new ArrayList<>();
        for (int from = 0; from < visible.size(); from += EventFilter.CAMERAS_MAX) {
            Set<UUID> some =
                    Set.copyOf(visible.subList(from, Math.min(visible.size(), from + EventFilter.CAMERAS_MAX)));
            filters.add(new EventFilter(filter.fromUs(), filter.toUs(), filter.kinds(), some, filter.severityMin()));
        }
        return filters;
    }

    /** {@return one page of what any of the filters lets through} */
    private static List<Event> find(
            EventBus events, List<EventFilter> filters, Optional<EventQuery.Position> after, int count) {
        return filters.size() == 1
                ? events.find(new EventQuery(filters.get(0), after, count))
                : filters.stream()
                        .flatMap(filter -> events.find(new EventQuery(filter, after, count)).stream())
                        .sorted(NEWEST_FIRST)
                        .limit(count)
                        .toList();
    }

    /** A word of the vocabulary. */
    @Schema(name = "EventKind")
    public record KindView(
            String kind,
            @Schema(
                            type = "string",
                            allowableValues = {"pulse", "state"})
                    EventSpan.Form form,
            @Schema(
                            type = "string",
                            allowableValues = {"info", "warning", "critical"})
                    EventSeverity severity,
            String title,
            @Schema(description = "What the attributes mean, by name") Map<String, String> attributes,
            @Schema(description = "Whether POST takes it") boolean external) {
        static KindView of(EventKindInfo info) {
            return new KindView(
                    info.kind(), info.form(), info.severity(), info.title(), info.attributes(), info.external());
        }
    }

    @GET
    @Path("kinds")
    @Requires(value = Permission.VIEW_EVENTS, anywhere = true)
    @Operation(summary = "The vocabulary: what can happen, by kind")
    public Page<KindView> kinds() {
        return Page.whole(bus().kinds().stream().map(KindView::of).toList());
    }

    @GET
    @Path("stream")
    @Produces("text/event-stream")
    @Requires(value = Permission.VIEW_EVENTS, anywhere = true)
    @Operation(
            summary = "Follow events (server-sent events)",
            description =
                    "Messages of type event carry an Event as it began, changed or ended; their id is its sequence."
                            + " With Last-Event-ID (or lastEventId) the stream goes on behind that change. Messages of type reset say"
                            + " that older changes are gone (read the list again), of type end that the server closes, and why.")
    @ApiResponse(
            responseCode = "200",
            description = "Until either side closes",
            content = @Content(mediaType = "text/event-stream"))
    public Response stream(
            @QueryParam("kinds") String kinds,
            @QueryParam("cameras") String cameraIds,
            @QueryParam("severity") String severity,
            @QueryParam("lastEventId") String lastEventId,
            @HeaderParam("Last-Event-ID") String lastEventIdHeader) {
        // The stream has a servlet of its own at this address; whoever gets here came while it was not there.
        throw Problem.unavailable("The stream of events is starting or being replaced. Try again in a second.", 1)
                .exception();
    }

    @GET
    @Path("{id}")
    @Requires(value = Permission.VIEW_EVENTS, anywhere = true)
    @Operation(summary = "One event")
    public EventView one(@PathParam("id") UUID id, @Context SecurityContext context) {
        Caller caller = Caller.of(context);
        return bus().get(id)
                .filter(event -> EventAccess.visible(event, caller::may))
                .map(EventView::of)
                .orElseThrow(() -> Problem.notFound("There is no event " + id + ", or you may not see it.")
                        .exception());
    }

    @Unaudited("an event is kept itself, with who raised it")
    @POST
    @Repeatable
    @Parameter(name = Repeatable.HEADER, in = ParameterIn.HEADER, description = Repeatable.MEANING)
    @Requires({})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Raise an event, or say that a state holds or is over",
            description =
                    "Kinds of the caller's own, or those marked external. A state ends by itself unless it is said"
                            + " again within holdSeconds.")
    @ApiResponse(
            responseCode = "201",
            description = "It happened, or the state holds",
            content = @Content(schema = @Schema(implementation = EventView.class)))
    @ApiResponse(responseCode = "409", description = "The state that is to be ended is not on")
    public Response raise(EventBody body, @Context SecurityContext context) {
        Objects.requireNonNull(body, "body");
        Caller caller = Caller.of(context);
        EventBus events = bus();
        if (body.source().filter(s -> s.type() == EventSource.Type.CAMERA).isEmpty()) {
            caller.require(Permission.RAISE_EVENTS);
        }
        CompletableFuture<Optional<Event>> outcome = new CompletableFuture<>();
        Said said = new RaisedEvent(events.kinds(), id -> isCamera(id, caller), EventEngine::nowUs)
                .read(body, caller.user(), outcome::complete);
        if (!events.engine().say(said)) {
            throw busy().exception();
        }
        Event event = await(outcome)
                .orElseThrow(() -> said instanceof Said.End
                        ? Problem.conflict("This state is not on: nothing is to be ended.")
                                .exception()
                        : busy().exception());
        return Response.status(said instanceof Said.End ? 200 : 201)
                // Relative to where this application stands.
                .location(URI.create(event.id().toString()))
                .entity(EventView.of(event))
                .build();
    }

    private static Optional<Event> await(CompletableFuture<Optional<Event>> outcome) {
        try {
            return outcome.get(RAISE_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(busy(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ProblemException(busy(), e);
        }
    }

    private static Problem busy() {
        return Problem.tooManyRequests("More events come than the server can take now. Try again in a moment.", 1);
    }

    /** Rights first: who may not raise events of a camera learns nothing about it. */
    private boolean isCamera(UUID id, Caller caller) {
        caller.require(Permission.RAISE_EVENTS, id);
        return Absent.require(cameras.get(), "The camera registry").find(id).isPresent();
    }

    private EventBus bus() {
        return Absent.require(bus.get(), "The events service");
    }
}
