// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.live.webrtc.LiveWebRtc;
import org.nxvms.live.webrtc.sdp.Offer;
import org.nxvms.live.webrtc.turn.TurnServers;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.jaxrs.Unaudited;
import org.nxvms.rest.kit.live.LiveStreams;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;

/** WHEP (draft-ietf-wish-whep): an offer comes, an answer goes, pictures follow by UDP, or TCP. */
@Path("/{cameraId}/whep")
@Server(url = WhepResource.BASE)
@Tag(name = "Live")
public final class WhepResource {
    static final String BASE = "/api/v1/live";
    static final String SDP = "application/sdp";

    private static final String OFFER = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
            + "m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:0\r\na=recvonly\r\na=rtcp-mux\r\na=setup:actpass\r\n...";
    private static final String ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
            + "a=ice-lite\r\nm=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:0\r\na=sendonly\r\na=setup:passive\r\n...";

    private final Supplier<LiveWebRtc> live;
    private final Supplier<CameraRegistry> cameras;
    private final Supplier<TurnServers> relays;

    WhepResource(Supplier<LiveWebRtc> live, Supplier<CameraRegistry> cameras, Supplier<TurnServers> relays) {
        this.live = live;
        this.cameras = cameras;
        this.relays = relays;
    }

    @Unaudited("watching live changes nothing")
    @POST
    @Consumes(SDP)
    @Produces(SDP)
    @Requires(value = Permission.VIEW_LIVE, camera = "cameraId")
    @Operation(
            summary = "Live pictures by WebRTC (WHEP)",
            description =
                    "Answers a player's offer to receive H.264, and sound in the same bundle. All candidates are in"
                            + " the answer; the player's are learnt from its checks, so nothing has to be gathered or trickled."
                            + " Sound goes along for those who may listen, when the player knows its codec (G.711, Opus). The"
                            + " view ends by DELETE, when the player closes, when it is not heard for 15 s, and within 5 s after"
                            + " the right or the session.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = SDP,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(value = OFFER)))
    @ApiResponse(
            responseCode = "201",
            description = "The answer",
            headers = {
                @Header(
                        name = "Location",
                        description = "The view, to be ended with DELETE",
                        schema = @Schema(type = "string")),
                @Header(
                        name = "Link",
                        description = "One for each STUN or TURN server of the settings, with what this player may show"
                                + " there for some time: <turn:turn.example.com:3478?transport=udp>; rel=\"ice-server\";"
                                + " username=\"1795752000:...\"; credential=\"...\"; credential-type=\"password\"",
                        schema = @Schema(type = "string"))
            },
            content =
                    @Content(
                            mediaType = SDP,
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(value = ANSWER)))
    @ApiResponse(
            responseCode = "406",
            description = "not-playable: the stream is not H.264, has B-frames, or the player does not take H.264; says"
                    + " the way out")
    public Response watch(
            @PathParam("cameraId") UUID cameraId,
            @Parameter(
                            description = LiveStreams.DESCRIPTION,
                            schema = @Schema(pattern = LiveStreams.PATTERN, defaultValue = "main"))
                    @QueryParam("stream")
                    String stream,
            InputStream body,
            @Context HttpServletRequest request,
            @Context SecurityContext security)
            throws IOException {
        Caller caller = Caller.of(security);
        if (Absent.require(cameras.get(), "The camera registry").find(cameraId).isEmpty()) {
            throw Problem.noCamera(cameraId).exception();
        }
        LiveWebRtc.Answered answered = Absent.require(live.get(), "Live view by WebRTC")
                .watch(new LiveWebRtc.Asked(
                        LiveStreams.of(cameraId, stream),
                        text(body),
                        caller.user(),
                        caller.may(Permission.LISTEN, cameraId),
                        RequestCredentialsFactory.from(request),
                        InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()));
        Response.ResponseBuilder answer = Response.created(URI.create(cameraId + "/whep/" + answered.id()))
                .type(SDP)
                .entity(answered.sdp().getBytes(StandardCharsets.UTF_8));
        TurnServers known = relays.get();
        if (known != null) {
            // They hold what lets its bearer use a relay: not for caches.
            answer.header("Cache-Control", "no-store");
            known.serversFor(caller.user().id()).forEach(server -> answer.header("Link", server.link()));
        }
        return answer.build();
    }

    @Unaudited("watching live changes nothing")
    @DELETE
    @Path("{id}")
    @Requires(value = Permission.VIEW_LIVE, camera = "cameraId")
    @Operation(summary = "Ends a view", description = "Of the caller's own; the player is told by DTLS, too.")
    @ApiResponse(responseCode = "204", description = "It has ended")
    public void end(@PathParam("cameraId") UUID cameraId, @PathParam("id") UUID id, @Context SecurityContext security) {
        Caller caller = Caller.of(security);
        if (!Absent.require(live.get(), "Live view by WebRTC")
                .end(cameraId, id, caller.user().id())) {
            throw Problem.notFound("There is no view " + id + " of yours. It may have ended.")
                    .exception();
        }
    }

    private static String text(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(Offer.CHARS_MAX + 1);
        if (bytes.length > Offer.CHARS_MAX) {
            throw Problem.tooLarge("An offer has at most " + Offer.CHARS_MAX + " bytes. Send less.")
                    .exception();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
