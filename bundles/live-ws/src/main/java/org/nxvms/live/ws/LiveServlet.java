// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.servlet.Servlet;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.live.LiveStreams;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * {@code /ws/v1/live/{cameraId}?stream=main|sub|main~480p&sound=true|false}: upgrades to a WebSocket and hands the viewer to the pump; {@code /ws/v1/live}: the
 * same for several cameras over one socket.
 * What a browser's script must be able to read (no right, no such camera) is a close code after the upgrade,
 * because a refused upgrade looks to it like a broken network.
 */
@Component(service = Servlet.class, configurationPid = "org.nxvms.live.ws")
@Designate(ocd = LiveServlet.Config.class)
@HttpWhiteboardContextSelect(LiveContext.SELECT)
@HttpWhiteboardServletName("nxvms-ws-live")
@HttpWhiteboardServletPattern("/live/*")
public final class LiveServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private LiveContext context;

    private static final long serialVersionUID = 1L;
    /** Control messages are short. */
    private static final int TEXT_BYTES_MAX = 1_024;

    private static final int RETRY_AFTER_SECONDS = 5;

    /** Limits on live viewing. */
    @ObjectClassDefinition(
            name = "NXvms live view",
            description = "Limits on live pictures over WebSocket. Applied at once, to viewers that come.")
    @interface Config {
        @AttributeDefinition(
                name = "Viewers",
                description = "Pictures watched at the same time by all users. Beyond, 503 with Retry-After. 1..4096",
                min = "1",
                max = "4096")
        int viewersMax() default 512;

        @AttributeDefinition(
                name = "Viewers per user",
                description = "Pictures watched at the same time by one user. 1..4096",
                min = "1",
                max = "4096")
        int viewersPerUserMax() default 128;

        @AttributeDefinition(
                name = "Memory per stream in MiB",
                description = "Holds the newest two groups of pictures of each watched stream. 2..256",
                min = "2",
                max = "256")
        int streamMebibytesMax() default 16;

        @AttributeDefinition(
                name = "Memory of all in MiB",
                description =
                        "Pictures held on the heap for all watched streams and viewers together. Beyond, streams give"
                                + " up their older pictures, and viewers of further streams are told to try again. 8..4096",
                min = "8",
                max = "4096")
        int memoryMebibytesMax() default 128;

        @AttributeDefinition(
                name = "Tick in ms",
                description =
                        "Pictures are sent as soon as they are there; where very many come, those of a tick together. 1..100",
                min = "1",
                max = "100")
        int tickMs() default 8;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Renditions renditions;

    private final transient LivePump pump;
    private final transient SocketUpgrades upgrades = new SocketUpgrades();

    /** For the component runtime. */
    @Activate
    public LiveServlet(Config config) {
        LivePump.Services services = new LivePump.Services(() -> hub, () -> guard, () -> cameras, () -> renditions);
        pump = new LivePump(services, limits(config), () -> System.nanoTime() / 1_000_000);
        pump.start();
    }

    /** For tests. */
    LiveServlet(StreamHub hub, AccessGuard guard, CameraRegistry cameras, LivePump.Limits limits, LongSupplier nowMs) {
        this.hub = hub;
        this.guard = guard;
        this.cameras = cameras;
        LivePump.Services services = new LivePump.Services(() -> this.hub, () -> this.guard, () -> this.cameras);
        pump = new LivePump(services, limits, nowMs);
        pump.start();
    }

    @Modified
    void configure(Config config) {
        pump.limit(limits(config));
    }

    @Deactivate
    void stop() {
        pump.close();
    }

    LivePump pump() {
        return pump;
    }

    private static LivePump.Limits limits(Config config) {
        return new LivePump.Limits(
                clamp(config.viewersMax(), 1, 4096),
                clamp(config.viewersPerUserMax(), 1, 4096),
                (long) clamp(config.streamMebibytesMax(), 2, 256) << 20,
                (long) clamp(config.memoryMebibytesMax(), 8, 4096) << 20,
                clamp(config.tickMs(), 1, 100));
    }

    private static int clamp(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }

    @Override
    public void init() throws ServletException {
        upgrades.start(getServletContext(), TEXT_BYTES_MAX, TEXT_BYTES_MAX);
    }

    @Override
    public void destroy() {
        upgrades.stop();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (upgrades.isUpgrade(request, response, "Live pictures come")) {
                upgrade(request, response);
            }
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        }
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Wish> wish = Wish.of(request);
        Entrance.Guest guest =
                new Entrance.Guest(GuardedContext.user(request), RequestCredentialsFactory.from(request));
        UUID userId = guest.user().id();
        Absent.require(guard, "The access guard");
        if (!pump.reserve(userId)) {
            throw Problem.unavailable(
                            "As many live pictures are watched as the server or your account allows."
                                    + " Close some and try again.",
                            RETRY_AFTER_SECONDS)
                    .exception();
        }
        boolean upgraded = false;
        try {
            WebSocketListener socket = wish.<WebSocketListener>map(one -> new ViewerSocket(
                            opened -> begin(one.stream(), one.sound(), guest, opened), () -> pump.release(userId)))
                    .orElseGet(() -> new WallSocket(new Door(), guest));
            upgraded = upgrades.accept(request, response, socket);
        } finally {
            if (!upgraded) {
                pump.release(userId);
            }
        }
    }

    private Viewer begin(StreamId stream, boolean wantsSound, Entrance.Guest guest, Outlet outlet) {
        UUID camera = stream.cameraId();
        UUID userId = guest.user().id();
        // Rights first: who may not know of a camera is told what is told of one that is not there.
        boolean sound = checkRights(camera, guest.user(), outlet) && wantsSound;
        if (outlet.isOpen() && KnownCameras.isNotConfigured(cameras, camera)) {
            outlet.close(CloseCode.NO_SUCH_CAMERA, CloseCode.NO_SUCH_CAMERA_REASON);
        }
        Viewer viewer = new Viewer(stream, sound, userId, guest.credentials(), outlet);
        if (outlet.isOpen()) {
            pump.admit(viewer);
        } else {
            pump.release(userId);
        }
        return viewer;
    }

    /** {@return whether sound goes with the pictures}; closes the outlet of who may not see them */
    private boolean checkRights(UUID camera, AuthenticatedUser user, Outlet outlet) {
        AccessGuard now = guard;
        if (now == null) {
            outlet.close(CloseCode.TRY_AGAIN, CloseCode.NO_GUARD_REASON);
            return false;
        }
        try {
            now.require(user, Permission.VIEW_LIVE, Optional.of(camera));
        } catch (AccessDeniedException e) {
            outlet.close(CloseCode.of(e), CloseCode.reason(e));
            return false;
        }
        return LivePump.mayListen(now, user, camera);
    }

    /** For sockets that several cameras come over, one after the other. */
    private final class Door implements Entrance {
        @Override
        public LivePump pump() {
            return pump;
        }

        @Override
        public Viewer begin(StreamId stream, Guest guest, Outlet outlet) {
            return LiveServlet.this.begin(stream, true, guest, outlet);
        }

        @Override
        public Optional<Guest> again(Guest guest) throws AccessDeniedException {
            AccessGuard now = guard;
            return now == null
                    ? Optional.empty()
                    : Optional.of(new Guest(now.reauthenticate(guest.credentials()), guest.credentials()));
        }
    }

    /** What the address asks for. */
    private record Wish(StreamId stream, boolean sound) {
        /** {@return what one camera's address asks for; empty for the address of a socket for several} */
        static Optional<Wish> of(HttpServletRequest request) {
            if (request.getPathInfo() == null) {
                SocketUpgrades.requireOnly(request, List.of());
                return Optional.empty();
            }
            SocketUpgrades.requireOnly(request, List.of("stream", "sound"));
            StreamId stream = LiveStreams.of(
                    SocketUpgrades.camera(request, "/ws/v1/live/{cameraId}"), request.getParameter("stream"));
            LiveStreams.requireForm(stream);
            String sound = Optional.ofNullable(request.getParameter("sound")).orElse("true");
            if (!List.of("true", "false").contains(sound)) {
                throw Problem.malformed("sound", "\"sound\" is true or false.").exception();
            }
            return Optional.of(new Wish(stream, Boolean.parseBoolean(sound)));
        }
    }
}
