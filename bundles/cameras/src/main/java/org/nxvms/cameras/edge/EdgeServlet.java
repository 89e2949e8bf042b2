// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.edge;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.cameras.rest.CameraProblems;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.EdgeMedia;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.passage.PassageContext;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code /media/v1/edge/{cameraId}/{recording}?from&to}: sends on what a camera has recorded itself, as it comes. With
 * {@code try=true} only whether it would.
 */
@Component(
        service = {},
        immediate = true)
public final class EdgeServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient EdgeContext context;

    private transient Runnable away;

    private static final long serialVersionUID = 1L;
    private static final Pattern PATH = Pattern.compile("/([0-9a-f-]{36})/([A-Za-z0-9._-]{1,128})");
    /** What is longer is fetched in parts. */
    private static final long FETCH_US_MAX = 24L * 3_600 * 1_000_000;

    /** What is on the card may have sound, and is sent as it lies there. */
    private static final Set<Permission> RIGHTS = Set.of(Permission.VIEW_ARCHIVE, Permission.LISTEN);

    /** As it is noted that somebody was sent it. */
    private static final String WAY = "edge";

    private static final int PIECE_BYTES = 32 << 10;
    private static final int RETRY_AFTER_SECONDS = 5;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile CameraControl control;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AuditTrail trail;

    private final transient LongSupplier nanoTime;

    /** For the component runtime. */
    @Activate
    public EdgeServlet() {
        nanoTime = System::nanoTime;
    }

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle) {
        away = context.serve(bundle, this, EdgeContext.ALL);
    }

    @Deactivate
    void stop() {
        away.run();
    }

    /** For tests. */
    EdgeServlet(AccessGuard guard, CameraControl control, AuditTrail trail, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.trail = trail;
        this.guard = guard;
        this.control = control;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // For as long as a camera sends.
        PassageContext.arrived(request);
        try {
            Wish wish = wish(request);
            AuthenticatedUser user = admit(wish, request);
            StandingAccess access = new StandingAccess(
                    () -> guard, RequestCredentialsFactory.from(request), RIGHTS, Optional.of(wish.camera()), nanoTime);
            try (EdgeMedia media = fetch(wish, request)) {
                if (Boolean.parseBoolean(request.getParameter("try"))) {
                    // A browser that saves a file shows nobody the reason why there is none: it asks first.
                    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                    return;
                }
                noted(notes -> notes.noteOften(viewed(user, wish, request)));
                response.setContentType(media.mediaType());
                response.setHeader("Cache-Control", "no-store");
                response.setHeader("X-Content-Type-Options", "nosniff");
                send(media, response, access);
            }
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        }
    }

    private AuthenticatedUser admit(Wish wish, HttpServletRequest request) {
        AuthenticatedUser user = ServletAccess.authenticate(guard, request);
        try {
            for (Permission right : RIGHTS) {
                Absent.require(guard, "The access guard").require(user, right, Optional.of(wish.camera()));
            }
        } catch (AccessDeniedException e) {
            AuditNote.Actor actor = AuditNote.Actor.of(user, request.getRemoteAddr());
            noted(notes -> notes.note(AuditNote.footageRefused(actor, wish.camera(), WAY)));
            throw new ProblemException(AccessProblems.of(e), e);
        }
        return user;
    }

    private void noted(Consumer<AuditTrail> note) {
        AuditTrail notes = trail;
        if (notes != null) {
            note.accept(notes);
        }
    }

    private static AuditNote viewed(AuthenticatedUser user, Wish wish, HttpServletRequest request) {
        Times.Range range = Times.range(request.getParameter("from"), request.getParameter("to"));
        return AuditNote.footageViewed(
                AuditNote.Actor.of(user, request.getRemoteAddr()),
                wish.camera(),
                WAY,
                Times.instant(range.fromUs()),
                Optional.of(Times.instant(range.toUs())));
    }

    /** What the address asks for. */
    private record Wish(UUID camera, String recording) {}

    private static Wish wish(HttpServletRequest request) {
        Matcher path = PATH.matcher(Optional.ofNullable(request.getPathInfo()).orElse(""));
        if (!path.matches()) {
            throw Problem.notFound("There is nothing here. Get " + EdgeContext.PATH + "/{cameraId}/{recording}?from&to;"
                            + " /api/v1/cameras/{cameraId}/edge-recordings lists recordings.")
                    .exception();
        }
        return new Wish(camera(path.group(1)), path.group(2));
    }

    private EdgeMedia fetch(Wish wish, HttpServletRequest request) {
        Times.Range range = Times.range(request.getParameter("from"), request.getParameter("to"));
        if (range.toUs() - range.fromUs() > FETCH_US_MAX) {
            throw Problem.malformed("to", "\"to\" must be at most 24 h after \"from\". Fetch longer times in parts.")
                    .exception();
        }
        try {
            return Absent.require(control, "The control of cameras")
                    .fetch(wish.camera(), wish.recording(), Times.instant(range.fromUs()), Times.instant(range.toUs()));
        } catch (DriverException e) {
            throw new ProblemException(CameraProblems.of(e), e);
        } catch (DriverMissingException e) {
            throw new ProblemException(CameraProblems.of(e), e);
        } catch (NoSuchResourceException e) {
            throw new ProblemException(Problem.notFound(e.getMessage()), e);
        } catch (StoreException e) {
            throw new ProblemException(Problem.unavailable(e.getMessage(), RETRY_AFTER_SECONDS), e);
        }
    }

    private static UUID camera(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.notFound("There is no camera " + text + "."), e);
        }
    }

    /** What breaks off within is thrown on: the server then breaks the answer off, so that no half file looks whole. */
    private static void send(EdgeMedia media, HttpServletResponse response, StandingAccess access) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int count = media.bytes().read(piece);
                count >= 0;
                count = media.bytes().read(piece)) {
            try {
                access.check();
            } catch (AccessDeniedException e) {
                throw new IOException("The recording is not for this user any more: " + e.getMessage(), e);
            }
            response.getOutputStream().write(piece, 0, count);
            // Committed with the first bytes: from then on the status says that it is the file.
            response.flushBuffer();
        }
    }
}
