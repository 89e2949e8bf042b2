// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.live.LiveStreams;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * {@code GET /media/v1/live/{cameraId}/index.m3u8?stream=}, the other playlists there, and the media that they name, see {@link
 * Address}. Rights are asked for with each request, and again when one was held.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.nxvms.live.hls")
@Designate(ocd = HlsSettings.class)
public final class HlsServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient HlsContext context;

    private static final long serialVersionUID = 1L;
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Problem METHOD_NOT_ALLOWED = Problem.of(
            "method-not-allowed",
            "Method not allowed",
            HttpServletResponse.SC_METHOD_NOT_ALLOWED,
            "Live streams can be read only: use GET or HEAD.");
    /** A camera that is asked for the first time shows two key frames within that. */
    private static final long START_MS_MAX = 10_000;
    /** A part that was announced and does not come in so many target durations is not waited for (RFC 8216bis 6.2.5.2). */
    private static final int TARGETS_MAX = 3;

    /** The first part of the next segment is there a part's time after the end of the one before, and a picture's. */
    private static final int PARTS_AWAITED = 2;
    /** A manifest is not held up for longer, however seldom pictures come. */
    private static final long GROWING_MS_MAX = 3_000;

    static final int RETRY_AFTER_SECONDS = 2;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Renditions renditions;

    private final transient Pump pump;
    private transient Runnable away;

    /** For the component runtime. */
    @Activate
    public HlsServlet(HlsSettings settings) {
        pump = new Pump(() -> hub, limits(settings), () -> System.nanoTime() / 1_000_000, System::currentTimeMillis);
        pump.start();
    }

    /** For tests. */
    HlsServlet(StreamHub hub, AccessGuard guard, CameraRegistry cameras, Pump.Limits limits, LongSupplier nowMs) {
        this.hub = hub;
        this.guard = guard;
        this.cameras = cameras;
        pump = new Pump(() -> this.hub, limits, nowMs, System::currentTimeMillis);
        pump.start();
    }

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle) {
        away = context.serve(bundle, this, HlsContext.ALL);
    }

    @Modified
    void configure(HlsSettings settings) {
        pump.limit(limits(settings));
    }

    @Deactivate
    void stop() {
        away.run();
        close();
    }

    /** Ends what is answered. */
    void close() {
        pump.close();
    }

    Pump pump() {
        return pump;
    }

    private static Pump.Limits limits(HlsSettings settings) {
        return new Pump.Limits(
                new Feed.Shape(
                        clamp(settings.partMs(), 100, 2_000) * 1_000L,
                        clamp(settings.segmentMs(), 1_000, 10_000) * 1_000L,
                        clamp(settings.windowSeconds(), 4, 60) * 1_000_000L,
                        (long) clamp(settings.streamMebibytesMax(), 2, 256) << 20),
                (long) clamp(settings.memoryMebibytesMax(), 8, 4096) << 20,
                clamp(settings.waitingMax(), 1, 4096),
                clamp(settings.waitingPerUserMax(), 1, 4096),
                clamp(settings.lingerSeconds(), 5, 600) * 1_000L,
                clamp(settings.tickMs(), 1, 100));
    }

    private static int clamp(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!METHODS.contains(request.getMethod())) {
                response.setHeader("Allow", "GET, HEAD");
                ServletAccess.write(new KeptHeaders(response), METHOD_NOT_ALLOWED);
                return;
            }
            Address address = Address.of(request);
            AuthenticatedUser user = GuardedContext.user(request);
            require(user, Permission.VIEW_LIVE, address.cameraId());
            if (address instanceof Address.Playlist playlist) {
                playlist(request, user, playlist);
            } else if (address instanceof Address.KeyFrames keyFrames) {
                keyFrames(request, user, keyFrames);
            } else if (address instanceof Address.Variants variants) {
                variants(request, response, user, variants);
            } else if (address instanceof Address.Manifest manifest) {
                manifest(request, user, manifest);
            } else if (address instanceof Address.Media media) {
                media(request, response, user, media);
            } else if (address instanceof Address.Timed timed) {
                timed(request, response, user, timed);
            } else if (address instanceof Address.Init init) {
                init(request, user, init);
            }
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        }
    }

    private void require(AuthenticatedUser user, Permission permission, UUID camera) {
        try {
            Absent.require(guard, "The access guard").require(user, permission, Optional.of(camera));
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    private boolean mayListen(AuthenticatedUser user, UUID camera) {
        try {
            Absent.require(guard, "The access guard").require(user, Permission.LISTEN, Optional.of(camera));
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    private void playlist(HttpServletRequest request, AuthenticatedUser user, Address.Playlist wanted) {
        Feed feed = watch(user, wanted.stream());
        hold(request, user, feed, Wishes.playlist(wanted, feed.key(), () -> others(feed.key())));
    }

    /** {@return the camera's other streams that are watched, too, with sound or without as this one} */
    private List<MediaPlaylist.Rendition> others(Feed.Key key) {
        List<MediaPlaylist.Rendition> others = new ArrayList<>();
        for (StreamRole role : StreamRole.values()) {
            if (role != key.stream().role()) {
                pump.peek(new Feed.Key(new StreamId(key.stream().cameraId(), role), key.sound()))
                        .map(Feed::timeline)
                        .filter(Timeline::isReady)
                        .ifPresent(timeline ->
                                others.add(new MediaPlaylist.Rendition("index.m3u8?stream=" + role.id(), timeline)));
            }
        }
        return others;
    }

    private void keyFrames(HttpServletRequest request, AuthenticatedUser user, Address.KeyFrames wanted) {
        Feed feed = watch(user, wanted.stream());
        hold(request, user, feed, Wishes.keyFrames(wanted, feed.key()));
    }

    private void variants(
            HttpServletRequest request, HttpServletResponse response, AuthenticatedUser user, Address.Variants wanted)
            throws IOException {
        Cameras.requireKnown(cameras, wanted.cameraId());
        byte[] text = Variants.text(
                        Absent.require(hub, "The stream hub"), wanted.cameraId(), mayListen(user, wanted.cameraId()))
                .getBytes(StandardCharsets.US_ASCII);
        response.setContentType(Wishes.PLAYLIST);
        response.setHeader("Cache-Control", HeldRequest.NOT_KEPT);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(text.length);
        if ("GET".equals(request.getMethod())) {
            response.getOutputStream().write(text);
        }
    }

    private void manifest(HttpServletRequest request, AuthenticatedUser user, Address.Manifest wanted) {
        Feed feed = watch(user, wanted.stream());
        Timeline now = feed.timeline();
        long limitMs = now.isReady() ? Math.min(PARTS_AWAITED * now.partUs() / 1_000, GROWING_MS_MAX) : START_MS_MAX;
        hold(request, user, feed, Wishes.manifest(feed.key()), limitMs);
    }

    /** {@return the stream, with its sound for who may listen} It is cut from now on if it was not. */
    private Feed watch(AuthenticatedUser user, StreamId stream) {
        Cameras.requireKnown(cameras, stream.cameraId());
        LiveStreams.open(renditions, stream, user.id());
        return pump.watch(new Feed.Key(stream, mayListen(user, stream.cameraId())))
                .orElseThrow(() -> Problem.unavailable(
                                "The memory of live streams is used up: watch fewer cameras, or raise"
                                        + " memoryMebibytesMax of org.nxvms.live.hls.",
                                RETRY_AFTER_SECONDS)
                        .exception());
    }

    private Feed watched(AuthenticatedUser user, UUID camera, Feed.Key key) {
        if (key.sound()) {
            require(user, Permission.LISTEN, camera);
        }
        return pump.find(key).orElseThrow(() -> Wishes.gone().exception());
    }

    private void media(
            HttpServletRequest request, HttpServletResponse response, AuthenticatedUser user, Address.Media wanted)
            throws IOException {
        Feed feed = watched(user, wanted.cameraId(), wanted.key());
        if (wanted.part() == Timeline.WHOLE) {
            segment(request, response, user, new Piece(feed, wanted.number(), Track.ALL));
        } else {
            hold(request, user, feed, Wishes.part(new PartName(wanted.number(), wanted.part())));
        }
    }

    private void timed(
            HttpServletRequest request, HttpServletResponse response, AuthenticatedUser user, Address.Timed wanted)
            throws IOException {
        Feed feed = watched(user, wanted.cameraId(), wanted.key());
        Segment segment = feed.timeline()
                .beginning(wanted.track(), wanted.ticks())
                .orElseThrow(() -> Wishes.gone().exception());
        segment(request, response, user, new Piece(feed, segment.number(), wanted.track()));
    }

    /** A segment, or one track of it. */
    private record Piece(Feed feed, long number, Track track) {}

    private void segment(HttpServletRequest request, HttpServletResponse response, AuthenticatedUser user, Piece wanted)
            throws IOException {
        Timeline now = wanted.feed().timeline();
        boolean grows = now.isReady() && wanted.number() == now.nextNumber();
        if (grows && "GET".equals(request.getMethod())) {
            Wishes.requireIn(now.last(), wanted.track());
            follow(request, response, user, wanted);
            return;
        }
        hold(request, user, wanted.feed(), Wishes.segment(wanted.number(), wanted.track()));
    }

    /** Sends a segment while it grows. */
    private void follow(HttpServletRequest request, HttpServletResponse response, AuthenticatedUser user, Piece wanted)
            throws IOException {
        Feed feed = wanted.feed();
        Places.Place place = place(user);
        Timeline now = feed.timeline();
        response.setContentType(wanted.track().type(now.last().format()));
        response.setHeader("Cache-Control", HeldRequest.NOT_KEPT);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // For proxies that would wait for the whole of it.
        response.setHeader("X-Accel-Buffering", "no");
        Following following = new Following(
                begin(request, place),
                new Following.Wanted(
                        feed,
                        wanted.track(),
                        wanted.number(),
                        place,
                        access(request, feed),
                        pump.nowMs() + TARGETS_MAX * now.seconds() * 1_000L));
        pump.await(following);
        following.start();
    }

    /** {@return a place, given back when the answer is over} */
    private Places.Place place(AuthenticatedUser user) {
        return pump.place(user.id()).orElseThrow(() -> Problem.unavailable(
                        "As many players wait for live streams as the server or your account allows."
                                + " Close some and try again.",
                        RETRY_AFTER_SECONDS)
                .exception());
    }

    private static AsyncContext begin(HttpServletRequest request, Places.Place place) {
        try {
            return request.startAsync();
        } catch (IllegalStateException e) {
            place.close();
            throw e;
        }
    }

    private void init(HttpServletRequest request, AuthenticatedUser user, Address.Init wanted) {
        hold(request, user, watched(user, wanted.cameraId(), wanted.key()), Wishes.init(wanted));
    }

    /** Answers now if that is possible, or lets the request wait. */
    private void hold(HttpServletRequest request, AuthenticatedUser user, Feed feed, HeldRequest.Wish wish) {
        Timeline now = feed.timeline();
        hold(request, user, feed, wish, now.isReady() ? TARGETS_MAX * now.seconds() * 1_000L : START_MS_MAX);
    }

    private void hold(
            HttpServletRequest request, AuthenticatedUser user, Feed feed, HeldRequest.Wish wish, long limitMs) {
        Places.Place place = place(user);
        HeldRequest held = new HeldRequest(
                begin(request, place),
                "GET".equals(request.getMethod()),
                // There is no entity tag that a condition could name.
                Optional.ofNullable(request.getHeader("If-Range") == null ? request.getHeader("Range") : null),
                access(request, feed),
                new HeldRequest.Wanted(
                        feed,
                        place,
                        wish,
                        pump.nowMs() + limitMs,
                        late -> Problem.unavailable(Cameras.why(cameras, renditions, late), RETRY_AFTER_SECONDS)));
        held.look(pump.nowMs());
        if (!held.isOver()) {
            pump.await(held);
        }
    }

    /** What must hold as long as an answer goes on. */
    private StandingAccess access(HttpServletRequest request, Feed feed) {
        Set<Permission> rights = feed.key().sound()
                ? EnumSet.of(Permission.VIEW_LIVE, Permission.LISTEN)
                : EnumSet.of(Permission.VIEW_LIVE);
        return new StandingAccess(
                () -> guard,
                RequestCredentialsFactory.from(request),
                rights,
                Optional.of(feed.key().stream().cameraId()),
                () -> TimeUnit.MILLISECONDS.toNanos(pump.nowMs()));
    }

    /** An answer that keeps the headers set so far when a problem is written. */
    private static final class KeptHeaders extends HttpServletResponseWrapper {
        KeptHeaders(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void reset() {
            resetBuffer();
        }
    }
}
