// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.problem.AccessProblems;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.KeptAnswers;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that is answered as soon as its stream has what it asks for: at once by its own thread, or later by the pump, which
 * then asks again whether it may be. First the one, then the other: never at the same time.
 */
final class HeldRequest implements Waiting, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRequest.class);
    /** What is another thing at every moment, and for every user. */
    static final String NOT_KEPT = "private, no-store";
    /** The container's own limit, should the pump be gone. */
    private static final long TIME_MS_MAX = 120_000;

    /**
     * What is sent.
     *
     * @param keptSeconds how long it may be kept, 0 for what is another thing at every moment
     */
    record Answer(String contentType, int keptSeconds, List<ByteBuffer> bodies) {}

    /** Looks whether there is an answer yet; throws a {@link ProblemException} when there never will be. */
    @FunctionalInterface
    interface Wish {
        Optional<Answer> answer(Timeline timeline);

        /** {@return what is sent when it is not waited for any longer; empty to refuse} */
        default Optional<Answer> late(Timeline timeline) {
            return Optional.empty();
        }
    }

    /**
     * What is waited for.
     *
     * @param place taken, given back when all is over
     * @param late what is answered when it does not come
     */
    record Wanted(Feed feed, Places.Place place, Wish wish, long deadlineMs, Function<Feed, Problem> late) {}

    private final AsyncContext async;
    private final HttpServletResponse response;
    private final boolean body;
    private final Optional<String> range;
    private final StandingAccess access;
    private final Wanted wanted;
    private Timeline seen;
    private volatile boolean over;

    /**
     * @param async begun
     * @param body whether the answer has one; not for HEAD
     * @param range the Range header
     */
    HeldRequest(AsyncContext async, boolean body, Optional<String> range, StandingAccess access, Wanted wanted) {
        this.async = async;
        this.response = (HttpServletResponse) async.getResponse();
        this.body = body;
        this.range = range;
        this.access = access;
        this.wanted = wanted;
        async.setTimeout(TIME_MS_MAX);
        async.addListener(this);
    }

    @Override
    public Feed feed() {
        return wanted.feed();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void look(long nowMs) {
        try {
            String refusal = wanted.feed().refusal();
            if (!refusal.isEmpty()) {
                refuse(Problem.of("not-playable", "Cannot be played", 409, refusal + "."));
                return;
            }
            Timeline timeline = wanted.feed().timeline();
            if (timeline != seen) {
                seen = timeline;
                Optional<Answer> answer = wanted.wish().answer(timeline);
                if (answer.isPresent()) {
                    access.check();
                    send(answer.get());
                    return;
                }
            }
            if (wanted.feed().isOver()) {
                refuse(Problem.unavailable("The stream begins anew. Try again in a second.", 1));
            } else if (nowMs >= wanted.deadlineMs()) {
                Optional<Answer> late = wanted.wish().late(timeline);
                if (late.isPresent()) {
                    access.check();
                    send(late.get());
                } else {
                    refuse(wanted.late().apply(wanted.feed()));
                }
            }
        } catch (ProblemException e) {
            refuse(e.problem());
        } catch (AccessDeniedException e) {
            refuse(AccessProblems.of(e));
        } catch (IOException | IllegalStateException e) {
            LOG.debug("A player went away: {}", e.toString());
            complete();
        }
    }

    private void send(Answer answer) throws IOException {
        if (!claim()) {
            return;
        }
        long length = 0;
        for (ByteBuffer part : answer.bodies()) {
            length += part.remaining();
        }
        ByteRange part = ByteRange.of(body && answer.keptSeconds() > 0 ? range.orElse(null) : null, length);
        if (part.kind() == ByteRange.Kind.UNSATISFIABLE) {
            ServletAccess.refuseRange(response, range.orElseThrow(), length);
            complete();
            return;
        }
        response.setContentType(answer.contentType());
        if (answer.keptSeconds() > 0) {
            KeptAnswers.immutable(response, answer.keptSeconds());
        } else {
            response.setHeader("Cache-Control", NOT_KEPT);
        }
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (answer.keptSeconds() > 0) {
            response.setHeader("Accept-Ranges", "bytes");
        }
        if (part.kind() == ByteRange.Kind.PART) {
            response.setHeader("Content-Range", part.contentRange(length));
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        }
        response.setContentLengthLong(part.length());
        if (body && part.length() > 0) {
            Sending.start(async, cut(answer.bodies(), part), access, wanted.place()::close);
        } else {
            complete();
        }
    }

    /** {@return the range of what stands one after the other} */
    private static List<ByteBuffer> cut(List<ByteBuffer> bodies, ByteRange range) {
        List<ByteBuffer> cut = new ArrayList<>();
        long at = 0;
        for (ByteBuffer body : bodies) {
            int from = (int) Math.max(0, Math.min(body.remaining(), range.first() - at));
            int to = (int) Math.max(0, Math.min(body.remaining(), range.first() + range.length() - at));
            if (from < to) {
                cut.add(body.slice(body.position() + from, to - from));
            }
            at += body.remaining();
        }
        return cut;
    }

    /** {@return whether nobody has answered yet; from now on somebody has} */
    private synchronized boolean claim() {
        boolean first = !over;
        over = true;
        return first;
    }

    /** Answers with a problem. */
    private void refuse(Problem problem) {
        if (!claim()) {
            return;
        }
        try {
            ServletAccess.write(response, problem);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("A player went away before it was told \"{}\": {}", problem.detail(), e.toString());
        }
        complete();
    }

    @Override
    public void stop() {
        refuse(Problem.unavailable("Live streams are being stopped or replaced. Try again in a second.", 1));
    }

    private void complete() {
        over();
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("A player was gone before its answer: {}", e.toString());
        }
    }

    /** Not left to the container alone: where a connection breaks in the moment its answer ends, Jetty tells nobody. */
    private void over() {
        over = true;
        wanted.place().close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        over();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        if (!over) {
            complete();
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        over = true;
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Not started twice.
    }
}
