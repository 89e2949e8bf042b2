// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.export.job.ExportRights;
import org.nxvms.export.job.ExportService;
import org.nxvms.export.job.Exports;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.Conditions;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /media/v1/exports/{id}}: a package, whole or one range (RFC 9110 14), so that a download that breaks off goes
 * on; by {@code POST} within a ZIP that a password opens. Who asks needs the rights on every camera in it, now and while it is sent. Each download is noted in the audit; where
 * that cannot be, nothing is sent.
 */
@Component(
        service = {},
        immediate = true)
public final class ExportServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient ExportContext context;

    private transient Runnable away;

    private static final long serialVersionUID = 1L;
    private static final int SENDING_MAX = 32;
    /** So that who reads slowly, or not at all, leaves places for others. */
    private static final int SENDING_OF_ONE_MAX = 8;

    /** Each takes a thread, and computes. */
    private static final int LOCKED_MAX = 4;

    private static final int LOCKED_OF_ONE_MAX = 2;
    private static final char[] NO_PASSWORD = {};
    private static final int RETRY_AFTER_SECONDS = 5;
    /** A hundred gigabytes over a line of 20 Mbit/s; who is slower goes on with a range. Least of all is {@link Pace}. */
    private static final long SENDING_MS_MAX = 12L * 60 * 60 * 1_000;

    private static final String SUFFIX = ".zip";
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final transient Supplier<Exports> exports;
    private final transient LongSupplier nanoTime;
    private final transient SendingPlaces places = new SendingPlaces(SENDING_MAX, SENDING_OF_ONE_MAX);

    private final transient SendingPlaces lockedPlaces = new SendingPlaces(LOCKED_MAX, LOCKED_OF_ONE_MAX);

    private final transient Pace pace = new Pace();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AuditTrail trail;

    /** For the component runtime. */
    @Activate
    public ExportServlet(@Reference ExportService service) {
        exports = service::exports;
        nanoTime = System::nanoTime;
    }

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle) {
        pace.open();
        away = context.serve(bundle, this, ExportContext.ALL);
    }

    @Deactivate
    void stop() {
        away.run();
        pace.close();
    }

    /** {@return packages that are sent now} */
    int sending() {
        return places.taken() + lockedPlaces.taken();
    }

    /** For tests: what looks after downloads. */
    Pace pace() {
        return pace;
    }

    /** For tests. */
    ExportServlet(Exports exports, AccessGuard guard, AuditTrail trail, LongSupplier nanoTime) {
        this.exports = () -> exports;
        this.guard = guard;
        this.trail = trail;
        this.nanoTime = nanoTime;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!isGet(request) && !isPost(request) && !"HEAD".equals(request.getMethod())) {
                response.setHeader("Allow", "GET, HEAD, POST");
                throw Problem.of(
                                "method-not-allowed",
                                "Method not allowed",
                                HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                                "Packages can be read only: use GET or HEAD, or POST for one with a password; DELETE"
                                        + " /api/v1/exports/{id} removes one.")
                        .exception();
            }
            answer(request, response);
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        } catch (NoSuchFileException removed) {
            ServletAccess.write(response, none());
        }
    }

    private static boolean isGet(HttpServletRequest request) {
        return "GET".equals(request.getMethod());
    }

    private static boolean isPost(HttpServletRequest request) {
        return "POST".equals(request.getMethod());
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        UUID id = id(request.getPathInfo());
        Optional<ExportJob> known = exports.get().find(id).map(Exports.View::job);
        AuthenticatedUser user = GuardedContext.user(request);
        requireSome(user, known, request);
        ExportJob job = known.orElseThrow(() -> none().exception());
        requireAll(user, job, request);
        Path path = exports.get().whole(id).orElseThrow(() -> notThere(job).exception());
        char[] password = isPost(request) ? PackagePassword.of(request) : NO_PASSWORD;
        Optional<Runnable> release = (isPost(request) ? lockedPlaces : places).take(user.id());
        if (release.isEmpty()) {
            throw Problem.unavailable(
                            "As many packages are being sent now, or to you, as may be. Try again in a moment.",
                            RETRY_AFTER_SECONDS)
                    .exception();
        }
        boolean handedOver = false;
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.READ);
            Opened opened = new Opened(file, release.get());
            handedOver = isPost(request)
                    ? sendLocked(job, user, opened, password, request, response)
                    : send(job, user, opened, request, response);
        } finally {
            if (!handedOver) {
                release.get().run();
                if (file != null) {
                    file.close();
                }
            }
        }
    }

    /** A package that is to be sent, and its place among what is sent. */
    private record Opened(FileChannel file, Runnable release) {}

    private static Problem notThere(ExportJob job) {
        return job.state() == ExportJob.State.DONE
                ? Problem.notFound("The package of this export is not on the disk any more. Order it again.")
                : Problem.conflict("The export is " + job.state().name().toLowerCase(Locale.ROOT)
                        + ", not done. GET /api/v1/exports/" + job.id() + " tells how far it is.");
    }

    /** {@return whether file and place now belong to the sending} */
    private boolean send(
            ExportJob job,
            AuthenticatedUser user,
            Opened opened,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        long size = opened.file().size();
        String etag = "\"" + job.id() + "\"";
        response.setHeader("ETag", etag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Rights are asked for each time.
        response.setHeader("Cache-Control", "private, no-cache");
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return false;
        }
        String range = isGet(request) && Conditions.rangeApplies(request.getHeader("If-Range"), etag)
                ? request.getHeader("Range")
                : null;
        ByteRange part = ByteRange.of(range, size);
        if (part.kind() == ByteRange.Kind.UNSATISFIABLE) {
            ServletAccess.refuseRange(response, range, size);
            return false;
        }
        response.setContentType("application/zip");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name(job) + SUFFIX + "\"");
        response.setContentLengthLong(part.length());
        if (part.kind() == ByteRange.Kind.PART) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader("Content-Range", part.contentRange(size));
        }
        if (!isGet(request)) {
            return false;
        }
        note(job, user, part, true, request);
        pace.watch(Sending.start(
                request, response, opened.file(), part, standing(job, request), SENDING_MS_MAX, opened.release()));
        return true;
    }

    /** {@return whether file and place now belong to the sending} */
    private boolean sendLocked(
            ExportJob job,
            AuthenticatedUser user,
            Opened opened,
            char[] password,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/zip");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name(job) + "-locked" + SUFFIX + "\"");
        note(job, user, new ByteRange(ByteRange.Kind.WHOLE, 0, opened.file().size()), true, request);
        pace.watch(LockedSending.start(
                request,
                response,
                new LockedSending.Wanted(
                        opened.file(), name(job) + SUFFIX, password, standing(job, request), opened.release()),
                SENDING_MS_MAX));
        return true;
    }

    private static String name(ExportJob job) {
        return "nxvms-export-" + DAY.format(job.created()) + "-"
                + job.id().toString().substring(0, 8);
    }

    private List<StandingAccess> standing(ExportJob job, HttpServletRequest request) {
        List<StandingAccess> standing = new ArrayList<>();
        for (UUID camera : job.order().cameraIds()) {
            standing.add(new StandingAccess(
                    () -> guard,
                    RequestCredentialsFactory.from(request),
                    ExportRights.of(job, camera),
                    Optional.of(camera),
                    nanoTime));
        }
        return standing;
    }

    /** Who may export nothing is told so, whatever is asked for. */
    private void requireSome(AuthenticatedUser user, Optional<ExportJob> known, HttpServletRequest request) {
        try {
            Absent.require(guard, "The access guard").requireAnywhere(user, Permission.EXPORT);
        } catch (AccessDeniedException e) {
            known.ifPresent(job -> noteRefused(job, user, request));
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    /** Of a package of which the caller may not have all there is none, as in the list of exports. */
    private void requireAll(AuthenticatedUser user, ExportJob job, HttpServletRequest request) {
        AccessGuard asked = Absent.require(guard, "The access guard");
        try {
            for (UUID camera : job.order().cameraIds()) {
                for (Permission right : ExportRights.of(job, camera)) {
                    asked.require(user, right, Optional.of(camera));
                }
            }
        } catch (AccessDeniedException e) {
            noteRefused(job, user, request);
            throw new ProblemException(none(), e);
        }
    }

    private void noteRefused(ExportJob job, AuthenticatedUser user, HttpServletRequest request) {
        note(job, user, new ByteRange(ByteRange.Kind.WHOLE, 0, 0), false, request);
    }

    private void note(ExportJob job, AuthenticatedUser user, ByteRange part, boolean done, HttpServletRequest request) {
        Absent.require(trail, "The audit")
                .note(new AuditNote(
                        "export.downloaded",
                        done,
                        AuditNote.Actor.of(user, request.getRemoteAddr()),
                        "export/" + job.id(),
                        Map.of(),
                        done
                                ? Map.of(
                                        "fromByte", Long.toString(part.first()),
                                        "bytes", Long.toString(part.length()),
                                        "locked", Boolean.toString(isPost(request)))
                                : Map.of("refused", "right missing")));
    }

    private static UUID id(String path) {
        String text = path == null || path.isEmpty() ? "" : path.substring(1);
        String plain = text.endsWith(SUFFIX) ? text.substring(0, text.length() - SUFFIX.length()) : text;
        try {
            if (plain.length() == 36) {
                return UUID.fromString(plain);
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(none(), e);
        }
        throw none().exception();
    }

    private static Problem none() {
        return Problem.notFound("There is no such export, or it has expired. GET /api/v1/exports lists what there is.");
    }
}
