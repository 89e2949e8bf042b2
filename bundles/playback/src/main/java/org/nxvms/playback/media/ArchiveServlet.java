// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.playback.thumbnail.Thumbnails;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.passage.PassageContext;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * {@code GET /media/v1/archive/{cameraId}/index.m3u8}, a playlist of a range, and others of it ({@link Playlists}), and {@code .../thumbnail.jpg}, the picture of a
 * moment, {@code .../sheet.jpg}, those of many: what there is of a camera's footage whatever segments it lies in.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = ArchiveServlet.PID)
@Designate(ocd = ArchiveServlet.Config.class)
public final class ArchiveServlet extends MediaServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient MediaContext context;

    private transient Runnable away;

    static final String PID = "org.nxvms.playback.thumbnails";

    /** As it is noted that somebody was sent a picture. */
    private static final String THUMBNAIL = "thumbnail";

    /** As it is noted that somebody was refused one. */
    private static final String PLAYLIST = "playlist";

    private static final long serialVersionUID = 1L;

    /** How much pictures of the archive may cost. */
    @ObjectClassDefinition(
            name = "NXvms thumbnails",
            description = "What pictures of the archive's moments may cost. Applied at once.")
    @interface Config {
        @AttributeDefinition(
                name = "Memory (MiB)",
                description =
                        "Of the heap, for pictures that were made; the one that nobody asked for longest goes first",
                min = "1",
                max = "1024")
        int cacheMebibytes() default 32;

        @AttributeDefinition(
                name = "Duty (%)",
                description = "Of the time, how much pictures are made, one at a time; recording has the rest of that"
                        + " processor to itself",
                min = "1",
                max = "100")
        int dutyPercent() default 50;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile MediaWorker worker;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AuditTrail trail;

    /** For tests, too. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    transient volatile CameraRegistry cameras;

    private final transient NamedCameras named = new NamedCameras(new KnownCameras(() -> cameras, this::archive));
    private final transient Playlists playlists = new Playlists();
    private final transient LongSupplier nanoTime;
    private final transient Thumbnails thumbnails;
    private final transient ThumbnailAnswers pictures;
    private final transient SheetAnswers sheets;

    /** For the component runtime. */
    @Activate
    public ArchiveServlet(Config config) {
        nanoTime = System::nanoTime;
        thumbnails = new Thumbnails(bytes(config), duty(config));
        pictures = new ThumbnailAnswers(thumbnails);
        sheets = new SheetAnswers(thumbnails);
    }

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle) {
        away = context.serve(bundle, this, MediaContext.ARCHIVE);
    }

    @Deactivate
    void stop() {
        away.run();
    }

    /** For tests. */
    ArchiveServlet(Archive archive, AccessGuard guard, AuditTrail trail, MediaWorker worker, Thumbnails thumbnails) {
        this(archive, guard, trail, worker, thumbnails, System::nanoTime);
    }

    /** For tests. */
    ArchiveServlet(
            Archive archive,
            AccessGuard guard,
            AuditTrail trail,
            MediaWorker worker,
            Thumbnails thumbnails,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.trail = trail;
        this.archive = archive;
        this.guard = guard;
        this.worker = worker;
        this.thumbnails = thumbnails;
        this.pictures = new ThumbnailAnswers(thumbnails);
        this.sheets = new SheetAnswers(thumbnails);
    }

    @Modified
    void modified(Config config) {
        thumbnails.limit(bytes(config), duty(config));
    }

    private static long bytes(Config config) {
        return (long) Math.max(1, Math.min(1024, config.cacheMebibytes())) << 20;
    }

    private static int duty(Config config) {
        return Math.max(1, Math.min(100, config.dutyPercent()));
    }

    /** {@return playlists that are being written or sent} */
    int playlistsSent() {
        return playlists.active();
    }

    @Override
    Archive archive() {
        return archive;
    }

    @Override
    AccessGuard guard() {
        return guard;
    }

    @Override
    AuditTrail trail() {
        return trail;
    }

    /** As {@link #requireFootage}, of a camera that is there or has left something. */
    private AuthenticatedUser requireCamera(HttpServletRequest request, UUID camera, String way) {
        AuthenticatedUser user = requireFootage(request, camera, way);
        named.require(camera);
        return user;
    }

    @Override
    void answer(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Playlists.isOne(path)) {
            UUID camera = id(path.substring(0, path.lastIndexOf('/')), "camera");
            // What it names is noted when it is fetched.
            AuthenticatedUser user = requireCamera(request, camera, PLAYLIST);
            StandingAccess access = new StandingAccess(
                    () -> guard,
                    RequestCredentialsFactory.from(request),
                    Set.of(Permission.VIEW_ARCHIVE),
                    Optional.of(camera),
                    nanoTime);
            Playlists.Asked asked = new Playlists.Asked(
                    presentArchive(),
                    camera,
                    user.id(),
                    mayListen(user, camera),
                    access,
                    segment -> requireSegment(request, segment, PLAYLIST));
            playlists.answer(path, asked, request, response);
        } else if (path.endsWith(ThumbnailAnswers.FILE)) {
            PassageContext.arrived(request);
            UUID camera = id(path.substring(0, path.lastIndexOf('/')), "camera");
            AuthenticatedUser user = requireCamera(request, camera, THUMBNAIL);
            LongConsumer seen = atUs -> seen(request, camera, THUMBNAIL, atUs, atUs);
            pictures.answer(
                    new ThumbnailAnswers.Scene(presentArchive(), worker, camera, user, seen), request, response);
        } else if (path.endsWith(SheetAnswers.FILE)) {
            PassageContext.arrived(request);
            UUID camera = id(path.substring(0, path.lastIndexOf('/')), "camera");
            AuthenticatedUser user = requireCamera(request, camera, THUMBNAIL);
            ThumbnailAnswers.Scene scene =
                    new ThumbnailAnswers.Scene(presentArchive(), worker, camera, user, atUs -> {});
            sheets.answer(scene, (fromUs, toUs) -> seen(request, camera, THUMBNAIL, fromUs, toUs), request, response);
        } else {
            throw Problem.notFound("There is nothing here. Ask for /media/v1/archive/{cameraId}" + Playlists.FILE
                            + ", variants.m3u8, keyframes.m3u8, manifest.mpd, thumbnails.vtt, sheet.jpg or "
                            + ThumbnailAnswers.FILE.substring(1)
                            + ".")
                    .exception();
        }
    }
}
