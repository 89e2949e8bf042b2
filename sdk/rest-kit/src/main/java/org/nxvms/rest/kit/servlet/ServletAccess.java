// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.json.ProblemJson;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * Credentials, rights and problems for servlets of media, WebSockets and the console. Stateless.
 *
 * <p>In {@code service()} of a servlet: {@code ServletAccess.require(guard, request, VIEW_ARCHIVE,
 * Optional.of(cameraId))} in a try, and {@code catch (ProblemException e) { ServletAccess.write(response,
 * e.problem()); }}.
 */
public final class ServletAccess {
    private ServletAccess() {}

    /**
     * Who is calling.
     *
     * @param guard a dynamic reference; null answers 503
     * @throws ProblemException 401, 403 or 503
     */
    public static AuthenticatedUser authenticate(AccessGuard guard, HttpServletRequest request) {
        try {
            return Absent.require(guard, "The access guard").authenticate(RequestCredentialsFactory.from(request));
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
    }

    /**
     * Who is calling, who must have a right.
     *
     * @param cameraId the camera concerned, empty for rights on the server
     * @throws ProblemException 401, 403 or 503
     */
    public static AuthenticatedUser require(
            AccessGuard guard, HttpServletRequest request, Permission permission, Optional<UUID> cameraId) {
        AuthenticatedUser user = authenticate(guard, request);
        try {
            Absent.require(guard, "The access guard").require(user, permission, cameraId);
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
        return user;
    }

    /**
     * Who is calling, who must have a right at some place; each camera is asked for afterwards.
     *
     * @throws ProblemException 401, 403 or 503
     */
    public static AuthenticatedUser requireAnywhere(
            AccessGuard guard, HttpServletRequest request, Permission permission) {
        AuthenticatedUser user = authenticate(guard, request);
        try {
            Absent.require(guard, "The access guard").requireAnywhere(user, permission);
        } catch (AccessDeniedException e) {
            throw new ProblemException(AccessProblems.of(e), e);
        }
        return user;
    }

    /** Answers with a problem. Does nothing but end the answer when it has begun already. */
    public static void write(HttpServletResponse response, Problem problem) throws IOException {
        write(response, problem, Map.of());
    }

    /**
     * Answers that a representation has nothing of the range that was asked for (RFC 9110 15.5.17).
     *
     * @param asked the Range header
     * @param size bytes of the representation
     */
    public static void refuseRange(HttpServletResponse response, String asked, long size) throws IOException {
        Problem problem = Problem.of(
                "range-not-satisfiable",
                "There is nothing in this range",
                HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE,
                "There is nothing in the range \"" + asked + "\": "
                        + (size == 0
                                ? "there are no bytes yet. Ask without a range, or later."
                                : "there are " + size + " bytes, the last one is " + (size - 1)
                                        + ". Ask for a range that begins before the end."));
        write(response, problem, Map.of("Content-Range", "bytes */" + size, "Accept-Ranges", "bytes"));
    }

    /**
     * As the other.
     *
     * @param headers that the answer has too; those that were set before are gone
     */
    public static void write(HttpServletResponse response, Problem problem, Map<String, String> headers)
            throws IOException {
        if (response.isCommitted()) {
            response.flushBuffer();
            return;
        }
        response.reset();
        headers.forEach(response::setHeader);
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (problem.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"nxvms\"");
        }
        if (problem.retryAfterSeconds().isPresent()) {
            response.setIntHeader("Retry-After", problem.retryAfterSeconds().getAsInt());
        }
        byte[] body = ProblemJson.bytes(problem);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
