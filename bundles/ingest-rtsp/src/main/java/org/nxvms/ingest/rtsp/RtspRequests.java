// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;

/** Numbers the requests of one connection and gives each its session and its login. Loop thread only. */
final class RtspRequests {
    private static final String USER_AGENT = "NXvms";

    private final Consumer<ByteBuffer> connection;
    private final Optional<RtspAuthenticator> credentials;
    private String session = "";
    private int number;
    private RepeatedRequest repeated;

    /** @param connection sends bytes to the camera and keeps none of them */
    RtspRequests(Consumer<ByteBuffer> connection, Optional<RtspAuthenticator> credentials) {
        this.connection = connection;
        this.credentials = credentials;
    }

    void session(String id) {
        session = id;
    }

    /** The camera has heard requests up to this number already. */
    void goOn(String id, int last) {
        session = id;
        number = last;
    }

    /** {@return the number of the newest request} */
    int number() {
        return number;
    }

    /** {@return the session's id; empty before the first SETUP} */
    String session() {
        return session;
    }

    /** {@return the request's number} */
    int send(RtspRequest request) {
        connection.accept(written(request));
        return number;
    }

    /** {@return the next request as it is sent} */
    ByteBuffer written(RtspRequest request) {
        RtspHeaders headers = RtspHeaders.of("CSeq", String.valueOf(++number)).with("User-Agent", USER_AGENT);
        for (RtspHeaders.Line line : request.headers().lines()) {
            headers = headers.with(line.name(), line.value());
        }
        if (!session.isEmpty()) {
            headers = headers.with("Session", session);
        }
        Optional<String> login = credentials.flatMap(known -> known.authorization(request.method(), request.uri()));
        if (login.isPresent()) {
            headers = headers.with("Authorization", login.get());
        }
        return ByteBuffer.wrap(new RtspRequest(request.method(), request.uri(), headers).toBytes());
    }

    /**
     * Sends a request without headers of its own, as often before: without garbage, unless a login must be computed for it.
     *
     * @return the request's number
     */
    int again(String method, String uri) {
        if (credentials.isPresent() && credentials.get().isAsked()) {
            return send(new RtspRequest(method, uri, RtspHeaders.EMPTY));
        }
        if (repeated == null || !repeated.is(method, uri, session)) {
            RtspHeaders rest = RtspHeaders.of("User-Agent", USER_AGENT);
            repeated =
                    new RepeatedRequest(method, uri, session, session.isEmpty() ? rest : rest.with("Session", session));
        }
        connection.accept(repeated.numbered(++number));
        return number;
    }

    /** {@return the answer to a request of the camera} */
    static ByteBuffer answer(RtspRequest request) {
        boolean known =
                switch (request.method()) {
                    case "OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE" -> true;
                    default -> false;
                };
        RtspHeaders headers = RtspHeaders.of("CSeq", String.valueOf(Math.max(0, request.cseq())));
        RtspResponse answer = new RtspResponse(known ? 200 : 501, known ? "OK" : "Not Implemented", headers);
        return ByteBuffer.wrap(answer.toBytes());
    }

    void accepted(RtspResponse response) {
        credentials.ifPresent(known -> known.accepted(response.headers()));
    }

    /** As {@link #accepted(RtspResponse)}, by an answer that says nothing else. */
    void accepted() {
        if (credentials.isPresent()) {
            credentials.get().accepted();
        }
    }

    /** A 401 came. {@return why it is of no use to ask again; empty when it is} */
    Optional<Failure> challenged(RtspResponse response, String peer) {
        if (credentials.isEmpty()) {
            return Optional.of(Failure.auth(peer + " asks for a user name and password; none are set for this camera"));
        }
        return credentials.get().challenged(response.headers())
                ? Optional.empty()
                : Optional.of(Failure.wrongLogin(peer + " refuses the user name or password"));
    }
}
