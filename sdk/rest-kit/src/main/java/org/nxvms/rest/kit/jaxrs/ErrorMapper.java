// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import javax.ws.rs.ext.ExceptionMapper;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StaleVersionException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure becomes a problem. What we did not foresee is 500 with an id that stands in the log, and no internals. */
final class ErrorMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

    private static final int STORE_RETRY_SECONDS = 2;

    @Context
    private HttpServletResponse servletResponse;

    /**
     * CXF hands WebApplicationException to a mapper of its own unless there is one for just that type. What is matched by
     * no resource method has not met {@link AuthFilter}: strangers are told to sign in there too.
     */
    static final class Web implements ExceptionMapper<WebApplicationException> {
        private static final Set<Integer> UNMATCHED = Set.of(404, 405);

        private final Supplier<AccessGuard> guards;
        private final OperationTypes types;

        @Context
        private HttpServletRequest request;

        @Context
        private UriInfo uri;

        Web(Supplier<AccessGuard> guards, OperationTypes types) {
            this.guards = guards;
            this.types = types;
        }

        @Override
        public Response toResponse(WebApplicationException e) {
            if (UNMATCHED.contains(e.getResponse().getStatus())) {
                try {
                    ServletAccess.authenticate(guards.get(), request);
                } catch (ProblemException stranger) {
                    return Problems.response(stranger.problem());
                }
            }
            return web(e, () -> types.at(request.getMethod(), uri.getPath()));
        }
    }

    @Override
    public Response toResponse(Throwable e) {
        if (e instanceof WebApplicationException web) {
            return web(web, Optional::empty);
        }
        if (callerGone(e)) {
            LOG.debug("A caller's connection failed: {}", e.toString());
            // Nobody reads this; without a body it is not tried to be written either.
            return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
        }
        return Problems.response(problem(e));
    }

    /** While an answer is on its way the only input and output is its caller's. */
    private boolean callerGone(Throwable e) {
        boolean broken = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CallerGoneException) {
                return true;
            }
            broken |= cause instanceof IOException;
        }
        return broken && servletResponse != null && servletResponse.isCommitted();
    }

    private static Problem problem(Throwable e) {
        if (e instanceof ProblemException problem) {
            return problem.problem();
        }
        if (e instanceof AccessDeniedException denied) {
            return AccessProblems.of(denied);
        }
        if (e instanceof StoreException) {
            LOG.warn("Database failed during a request, answered 503: {}", e.getMessage(), e);
            return Problem.unavailable("The database does not answer now. Try again in a moment.", STORE_RETRY_SECONDS);
        }
        if (e instanceof NoSuchResourceException) {
            return Problem.notFound("There is no such thing, or no longer. List the collection to see what is there.");
        }
        if (e instanceof StaleVersionException) {
            return Problem.preconditionFailed("It was changed in the meantime. Read it again and repeat the change.");
        }
        String instance = "urn:uuid:" + UUID.randomUUID();
        LOG.error("Request failed, answered 500 with {}", instance, e);
        return Problem.internal(instance);
    }

    private static Response web(WebApplicationException e, Supplier<Optional<OperationTypes.Types>> asked) {
        Response own = e.getResponse();
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return Problems.response(problem.problem());
            }
        }
        MediaType type = own.getMediaType();
        if (type != null && Problem.MEDIA_TYPE.equals(type.getType() + "/" + type.getSubtype())
                || own.getStatus() < 400) {
            return own;
        }
        Response response = Problems.response(problem(e, own, asked));
        String allow = own.getHeaderString(HttpHeaders.ALLOW);
        String retry = own.getHeaderString(HttpHeaders.RETRY_AFTER);
        Response.ResponseBuilder builder = Response.fromResponse(response);
        if (allow != null) {
            builder.header(HttpHeaders.ALLOW, allow);
        }
        if (retry != null) {
            builder.header(HttpHeaders.RETRY_AFTER, retry);
        }
        return builder.build();
    }

    private static Problem problem(
            WebApplicationException e, Response own, Supplier<Optional<OperationTypes.Types>> asked) {
        return switch (own.getStatus()) {
            case 400 -> Problem.malformed("The request cannot be read. Check its address, parameters and body.");
            case 401 -> Problem.unauthenticated("Sign in first: POST /api/v1/auth/login.");
            case 403 -> Problem.forbidden("You may not do this. Ask an administrator.");
            case 404 ->
                Problem.notFound("There is nothing at this address. GET /api/v1/openapi.json lists what there is.");
            case 405 ->
                Problem.of(
                        "method-not-allowed",
                        "Method not allowed",
                        405,
                        "This address does not serve this method. The Allow header says which it does.");
            case 406 ->
                Problem.of(
                        "not-acceptable",
                        "Not acceptable",
                        406,
                        named(asked.get().map(OperationTypes.Types::answered))
                                .map(types -> "This address answers " + types + ". Accept that.")
                                .orElse("This address answers no type that you accept. GET /api/v1/openapi.json names"
                                        + " what it answers."));
            case 415 ->
                Problem.of(
                        "unsupported-media-type",
                        "Unsupported media type",
                        415,
                        named(asked.get().map(OperationTypes.Types::taken))
                                .map(types -> "Send the body as Content-Type: " + types + ".")
                                .orElse("The body is of a type that this address does not take. GET"
                                        + " /api/v1/openapi.json names what it takes."));
            case 503 -> Problem.of("unavailable", "Not available now", 503, "Try again in a moment.");
            default ->
                own.getStatus() >= 500
                        ? problem((Throwable) new IllegalStateException("Unforeseen answer " + own.getStatus(), e))
                        : Problem.of("malformed", "Request cannot be served", own.getStatus(), "Check the request.");
        };
    }

    private static Optional<String> named(Optional<List<String>> types) {
        return types.filter(known -> !known.isEmpty()).map(known -> String.join(" or ", known));
    }
}
