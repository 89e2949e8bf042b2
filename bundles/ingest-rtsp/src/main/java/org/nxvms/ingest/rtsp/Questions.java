// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.Optional;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;

/**
 * What a camera is asked and what it answers: one question at a time, by a deadline, and once more with a login where it wants
 * one. Beside it the signs of life, which nobody waits for. Loop thread only.
 */
final class Questions {
    /** Who asks. */
    interface Asker {
        /** The camera answered, be it with success or not: it asks for no login and sends nobody elsewhere. */
        void answered(RtspResponse response);

        void redirect(String location);

        /** The session is over. */
        void refused(Failure failure);
    }

    private static final int NO_LOGIN = 401;

    private final IoLoop loop;
    private final String peer;
    private final RtspRequests requests;
    private final KeepAlive keepAlive;
    private final Asker asker;
    private Optional<RtspRequest> open = Optional.empty();
    private int number;
    private long deadlineNs;

    Questions(IoLoop loop, String peer, RtspRequests requests, KeepAlive keepAlive, Asker asker) {
        this.loop = loop;
        this.peer = peer;
        this.requests = requests;
        this.keepAlive = keepAlive;
        this.asker = asker;
    }

    /** Asks; the question before it was answered. */
    void ask(String method, String uri, RtspHeaders extra) {
        RtspRequest question = new RtspRequest(method, uri, extra);
        open = Optional.of(question);
        deadlineNs = loop.nowNs() + loop.settings().answerTimeoutNs();
        number = requests.send(question);
    }

    /** {@return whether an answer is waited for} */
    boolean isOpen() {
        return open.isPresent();
    }

    /** {@return whether the camera had its time for the newest answer} */
    boolean isLate(long nowNs) {
        return nowNs - deadlineNs > 0;
    }

    void take(RtspResponse response) {
        if (open.isEmpty() || response.cseq() >= 0 && response.cseq() != number) {
            if (keepAlive.isAnswer(response) || open.isEmpty() && response.cseq() < 0) {
                keepAlive.answered(response, requests, peer, loop.nowNs()).ifPresent(asker::refused);
            }
            return;
        }
        RtspRequest asked = open.get();
        open = Optional.empty();
        if (response.status() == NO_LOGIN) {
            requests.challenged(response, peer)
                    .ifPresentOrElse(asker::refused, () -> ask(asked.method(), asked.uri(), asked.headers()));
        } else if (response.status() >= 300 && response.status() < 400) {
            response.headers()
                    .first("Location")
                    .ifPresentOrElse(
                            asker::redirect,
                            () -> asker.refused(Failure.protocol(peer + " redirects without saying where to")));
        } else {
            if (response.ok()) {
                requests.accepted(response);
            }
            asker.answered(response);
        }
    }
}
