// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.live.webrtc.WhepScene;
import org.nxvms.live.webrtc.turn.TurnScene;

/** WHEP as players speak it. */
class WhepRestTest {
    private final WhepScene scene = new WhepScene();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final HttpClient client = HttpClient.newHttpClient();
    private URI base;

    @BeforeEach
    void start() throws Exception {
        WhepApplication application = new WhepApplication();
        application.services(scene.guard(), scene.cameras(), scene.live(), TurnScene.relays());
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), WhepResource.BASE + "/*");
        server.setHandler(context);
        server.start();
        base = URI.create("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        scene.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        return client.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", WhepResource.SDP)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(UUID camera, String query, String body) throws Exception {
        return send("POST", WhepResource.BASE + "/" + camera + "/whep" + query, body, "good");
    }

    @Test
    void anOfferIsAnsweredAndTheViewEndsByItsAddress() throws Exception {
        HttpResponse<String> answer = post(WhepScene.CAMERA, "", WhepScene.offer());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Content-Type")).contains(WhepResource.SDP);
        assertThat(answer.body()).startsWith("v=0\r\n").contains("a=candidate:");
        String view = URI.create(answer.headers().firstValue("Location").orElseThrow())
                .getPath();
        assertThat(view).startsWith(WhepResource.BASE + "/" + WhepScene.CAMERA + "/whep/");
        assertThat(send("DELETE", view, "", "other").statusCode())
                .as("another's")
                .isEqualTo(404);
        assertThat(send("DELETE", view, "", "good").statusCode()).isEqualTo(204);
        assertThat(send("DELETE", view, "", "good").statusCode()).isEqualTo(404);
    }

    @Test
    void relaysAreToldWithWhatOpensThemForThisPlayer() throws Exception {
        HttpResponse<String> answer = post(WhepScene.CAMERA, "", WhepScene.offer());
        assertThat(answer.headers().allValues("Link"))
                .containsExactly(
                        "<stun:stun.example.com>; rel=\"ice-server\"",
                        "<turn:turn.example.com:3478?transport=udp>; rel=\"ice-server\"; username=\""
                                + TurnScene.USERNAME + "\"; credential=\"" + TurnScene.CREDENTIAL
                                + "\"; credential-type=\"password\"");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(post(WhepScene.CAMERA, "", "hello").headers().allValues("Link"))
                .as("who may not watch, or asks nothing sensible, gets none")
                .isEmpty();
    }

    @Test
    void whatIsWrongIsToldWithFieldAndCause() throws Exception {
        HttpResponse<String> none = post(WhepScene.CAMERA, "", "hello");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(none.body()).contains("\"field\":\"offer\"", "v=0");
        assertThat(post(WhepScene.CAMERA, "?stream=large", WhepScene.offer()).body())
                .contains("\"field\":\"stream\"");
        assertThat(post(WhepScene.CAMERA, "", "v=0".repeat(30_000)).statusCode())
                .isEqualTo(413);
        HttpResponse<String> waiting = post(WhepScene.CAMERA, "?stream=sub", WhepScene.offer());
        assertThat(waiting.statusCode()).isEqualTo(503);
        assertThat(waiting.headers().firstValue("Retry-After")).contains("5");
        HttpResponse<String> refused =
                post(WhepScene.CAMERA, "", WhepScene.offer().replace("H264", "VP9"));
        assertThat(refused.statusCode()).isEqualTo(406);
        assertThat(refused.body()).contains("/problems/not-playable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    m=video 9 UDP      | m=audio 9 UDP          | 406 | no m=video section
                    m=video 9          | m=video 0              | 406 | port 0
                    UDP/TLS/RTP/SAVPF  | RTP/AVP                | 406 | UDP/TLS/RTP/SAVPF
                    a=group:BUNDLE 0   | a=group:BUNDLE 7       | 406 | a=group:BUNDLE
                    a=recvonly         | a=sendonly             | 406 | is a=sendonly
                    a=recvonly         | a=inactive             | 406 | is a=inactive
                    packetization-mode=1 | packetization-mode=0 | 406 | offer packetization-mode=1
                    H264/90000         | VP9/90000              | 406 | does not take H.264
                    a=ice-ufrag:play   | a=x                    | 400 | a=ice-ufrag
                    a=ice-pwd:         | a=y:                   | 400 | a=ice-pwd
                    """)
    void whatAnOfferLacksIsNamed(String good, String bad, int status, String named) throws Exception {
        HttpResponse<String> refused =
                post(WhepScene.CAMERA, "", WhepScene.offer().replace(good, bad));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(refused.body()).contains(named);
    }

    /** There is nothing to trickle, nor to begin anew: all candidates are in the answer. */
    @Test
    void aViewIsEndedAndNothingElse() throws Exception {
        String view = URI.create(post(WhepScene.CAMERA, "", WhepScene.offer())
                        .headers()
                        .firstValue("Location")
                        .orElseThrow())
                .getPath();
        for (String method : List.of("PATCH", "PUT", "GET", "POST")) {
            HttpResponse<String> refused = send(method, view, "a=candidate:" + "9".repeat(10_000), "good");
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(refused.headers().firstValue("Allow").orElse("")).contains("DELETE");
        }
        assertThat(send("DELETE", view, "", "good").statusCode())
                .as("it goes on")
                .isEqualTo(204);
        assertThat(send("DELETE", WhepResource.BASE + "/" + WhepScene.CAMERA + "/whep/no-id", "", "good")
                        .statusCode())
                .isBetween(400, 404);
    }

    /** As large as may be, of what costs most to read. */
    @ParameterizedTest
    @ValueSource(
            strings = {"m=video 9 UDP/TLS/RTP/SAVPF 102\r\n", "a=rtpmap:102 H264/90000\r\n", "a=\r\n", "\r\n", "x"})
    void anOfferThatIsAllOneThingIsRefusedWithItsFault(String line) throws Exception {
        HttpResponse<String> refused = post(WhepScene.CAMERA, "", "v=0\r\n" + line.repeat(65_000 / line.length()));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("\"field\":\"offer\"");
    }

    @Test
    void whoMayNotWatchGetsNothing() throws Exception {
        scene.closeToAll();
        assertThat(post(WhepScene.CAMERA, "", WhepScene.offer()).statusCode()).isEqualTo(403);
    }

    @Test
    void aBodyOfAnotherTypeIsNotTaken() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(base.resolve(WhepResource.BASE + "/" + WhepScene.CAMERA + "/whep"))
                        .header("Authorization", "Bearer good")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("Send the body as Content-Type: application/sdp.");
    }
}
