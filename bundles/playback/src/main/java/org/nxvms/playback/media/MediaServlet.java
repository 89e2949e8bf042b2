// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.played.StreamWish;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the servlets of {@code /media/v1} share: methods, rights, failures as problems. */
abstract class MediaServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(MediaServlet.class);
    /** What never changes is kept for so long. */
    static final int YEAR_SECONDS = 31_536_000;

    private static final String SUFFIX = ".mp4";
    private static final Problem METHOD_NOT_ALLOWED = Problem.of(
            "method-not-allowed",
            "Method not allowed",
            HttpServletResponse.SC_METHOD_NOT_ALLOWED,
            "Media can be read only: use GET or HEAD.");

    /** {@return the archive now, null while it is absent} */
    abstract Archive archive();

    /** {@return the guard now, null while it is absent} */
    abstract AccessGuard guard();

    /** {@return where it is noted who saw what, null while it is absent or where nothing is to be noted} */
    AuditTrail trail() {
        return null;
    }

    /**
     * Answers GET and HEAD.
     *
     * @param path what follows the servlet's pattern, without the leading slash
     */
    abstract void answer(String path, HttpServletRequest request, HttpServletResponse response) throws IOException;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!isGet(request) && !isHead(request)) {
                response.setHeader("Allow", "GET, HEAD");
                ServletAccess.write(new KeptHeaders(response), METHOD_NOT_ALLOWED);
                return;
            }
            String path = request.getPathInfo();
            answer(path == null || path.isEmpty() ? "" : path.substring(1), request, response);
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        } catch (NoSuchFileException e) {
            ServletAccess.write(response, gone());
        } catch (FootageKeyMissingException e) {
            ServletAccess.write(response, keyMissing(e));
        } catch (FootageBusyException e) {
            ServletAccess.write(response, Problem.unavailable(e.getMessage(), Transfers.RETRY_AFTER_SECONDS));
        } catch (FootageDamagedException e) {
            LOG.error("{}", e.getMessage());
            ServletAccess.write(response, damaged(e));
        } catch (StoreException e) {
            LOG.warn("Database failed during {}, answered 503: {}", request.getRequestURI(), e.getMessage());
            ServletAccess.write(
                    response, Problem.unavailable("The database does not answer now. Try again in a moment.", 2));
        }
    }

    /** Notes that footage is given out; nobody waits for that. */
    final void seen(HttpServletRequest request, UUID camera, String way, long fromUs, long toUs) {
        AuditTrail notes = trail();
        if (notes != null) {
            notes.noteOften(AuditNote.footageViewed(
                    actor(request), camera, way, Times.instant(fromUs), Optional.of(Times.instant(toUs))));
        }
    }

    private void refused(HttpServletRequest request, UUID camera, String way) {
        AuditTrail notes = trail();
        if (notes != null) {
            notes.note(AuditNote.footageRefused(actor(request), camera, way));
        }
    }

    private static AuditNote.Actor actor(HttpServletRequest request) {
        return AuditNote.Actor.of(GuardedContext.user(request), request.getRemoteAddr());
    }

    static boolean isGet(HttpServletRequest request) {
        return "GET".equals(request.getMethod());
    }

    static boolean isHead(HttpServletRequest request) {
        return "HEAD".equals(request.getMethod());
    }

    final Archive presentArchive() {
        return Absent.require(archive(), "The archive");
    }

    /**
     * Who may see the camera's footage.
     *
     * @param way by which it is asked for, as it is noted
     * @throws ProblemException 403 or 503 for others
     */
    final AuthenticatedUser requireFootage(HttpServletRequest request, UUID camera, String way) {
        AuthenticatedUser user = GuardedContext.user(request);
        try {
            Absent.require(guard(), "The access guard").require(user, Permission.VIEW_ARCHIVE, Optional.of(camera));
        } catch (AccessDeniedException e) {
            refused(request, camera, way);
            throw new ProblemException(AccessProblems.of(e), e);
        }
        return user;
    }

    /** {@return whether the caller may hear the camera} */
    final boolean mayListen(AuthenticatedUser user, UUID camera) {
        try {
            Absent.require(guard(), "The access guard").require(user, Permission.LISTEN, Optional.of(camera));
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    /** @throws ProblemException 403 or 503 unless the caller may see footage of some camera */
    final void requireSomeFootage(HttpServletRequest request) {
        try {
            Absent.require(guard(), "The access guard")
                    .requireAnywhere(GuardedContext.user(request), Permission.VIEW_ARCHIVE);
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    /**
     * As {@link #requireFootage}, for a segment: of a camera that the caller may not know of there is none. With sound it
     * is for who may listen, since it is sent as it lies on the disk.
     */
    final AuthenticatedUser requireSegment(HttpServletRequest request, Segment segment, String way) {
        return requireSegment(request, segment, way, rights(segment));
    }

    /** As above, for what of a segment needs these rights only. */
    final AuthenticatedUser requireSegment(
            HttpServletRequest request, Segment segment, String way, Set<Permission> rights) {
        UUID camera = segment.stream().cameraId();
        AuthenticatedUser user = GuardedContext.user(request);
        AccessGuard guard = Absent.require(guard(), "The access guard");
        try {
            for (Permission right : rights) {
                guard.require(user, right, Optional.of(camera));
            }
        } catch (AccessDeniedException e) {
            refused(request, camera, way);
            boolean hidden = e.kind() == AccessDeniedException.Kind.NOT_FOUND;
            throw new ProblemException(hidden ? gone() : AccessProblems.of(e), e);
        }
        return user;
    }

    /** {@return what one needs to be sent a segment} */
    static Set<Permission> rights(Segment segment) {
        return segment.hasAudio()
                ? Set.of(Permission.VIEW_ARCHIVE, Permission.LISTEN)
                : Set.of(Permission.VIEW_ARCHIVE);
    }

    /** {@return the role, main when absent} */
    static StreamRole role(String text) {
        try {
            return text == null ? StreamRole.MAIN : StreamRole.of(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.malformed("stream", e.getMessage() + "."), e);
        }
    }

    /** {@return the wish, main when absent} */
    static StreamWish wish(String text) {
        if (text == null) {
            return StreamWish.MAIN;
        }
        return Stream.of(StreamWish.values())
                .filter(wish -> wish.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> Problem.malformed(
                                "stream",
                                "stream must be \"main\", \"sub\", \"auto\" or \"small\", not \"" + text + "\".")
                        .exception());
    }

    /** @throws ProblemException 400 naming a query parameter that is not known, or stands twice */
    static void checkParameters(Map<String, String[]> parameters, Set<String> known) {
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw Problem.malformed(
                                name,
                                "\"" + name + "\" is not a query parameter here. Known are: " + String.join(", ", known)
                                        + ".")
                        .exception();
            }
            if (values.length > 1) {
                throw Problem.malformed(name, "\"" + name + "\" stands twice. Give it once.")
                        .exception();
            }
        });
    }

    /** {@return the name without {@code .mp4}, which some players want to see in an address} */
    static String withoutSuffix(String name) {
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }

    /** @throws ProblemException 404 when the text is not a UUID */
    static UUID id(String text, String what) {
        try {
            if (text.length() == 36) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ProblemException(noSuch(what), e);
        }
        throw noSuch(what).exception();
    }

    private static Problem noSuch(String what) {
        return Problem.notFound("There is no such " + what + ": its id in the path must be a UUID.");
    }

    static Problem gone() {
        return Problem.notFound("There is no such segment, or retention has removed it."
                + " GET /api/v1/archive/{cameraId}/segments lists what there is.");
    }

    private static Problem keyMissing(FootageKeyMissingException why) {
        return Problem.of(
                "footage-key-missing",
                "Encrypted, and its key is not here",
                HttpServletResponse.SC_CONFLICT,
                why.getMessage());
    }

    private static Problem damaged(FootageDamagedException why) {
        return Problem.of(
                "footage-damaged",
                "Not what was recorded",
                HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                why.getMessage());
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
