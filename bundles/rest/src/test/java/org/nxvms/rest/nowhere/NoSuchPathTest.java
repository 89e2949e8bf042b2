// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.nowhere;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.AccessGuard;

/** What is said where nobody serves, on the distribution's own web server. */
class NoSuchPathTest {
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final ContextHandlerCollection contexts = new ContextHandlerCollection();

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler root = new ServletContextHandler();
        root.setContextPath("/");
        root.addServlet(new ServletHolder(new Root()), "/");
        contexts.addHandler(root);
        server.setHandler(contexts);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private void serveApi(AccessGuard guard) throws Exception {
        ServletContextHandler api = new ServletContextHandler();
        api.setContextPath("/api");
        api.addServlet(new ServletHolder(new NoSuchPath(guard)), "/*");
        contexts.addHandler(api);
        api.start();
    }

    private HttpResponse<String> ask(String method, String path, String token) throws Exception {
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofString());
    }

    private void assertAway(String method, String path, String token) throws Exception {
        HttpResponse<String> answer = ask(method, path, token);
        assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).as(path).contains("1");
        assertProblem(answer, "unavailable");
    }

    private static void assertProblem(HttpResponse<String> answer, String name) {
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"/problems/" + name + "\"");
    }

    @Test
    void beforeAnythingOfItIsThereTheServerIsToBeAskedAgain() throws Exception {
        for (String path : List.of("/api", "/api/v1/cameras", "/media/v1/live/x/index.m3u8", "/metrics", "/console/")) {
            assertAway("GET", path, "good");
            assertAway("POST", path, "bad");
        }
        serveApi(null);
        assertAway("GET", "/api/v1/cameras", "good");
        assertAway("POST", "/api/v1/auth/login", "bad");
    }

    @Test
    void whatBelongsToTheServerComesBackAndWhatDoesNotIsNotThere() throws Exception {
        serveApi(Nowhere.GUARD);
        assertAway("GET", "/api/v1/cameras", "good");
        assertAway("DELETE", "/api/v1/archive/x/segments", "good");
        assertProblem(ask("GET", "/api/v1/webhooks", "good"), "no-such-path");
        assertProblem(ask("GET", "/api/v1/camerasx", "good"), "no-such-path");
        assertProblem(ask("GET", "/api/v2/cameras", "good"), "no-such-path");
        assertThat(ask("GET", "/api/", "good").statusCode()).isEqualTo(404);
    }

    /** Else they take it for a wrong password. */
    @Test
    void whoSignsInWhileThatIsAwayIsToldToComeAgainAndOtherStrangersNothing() throws Exception {
        serveApi(Nowhere.GUARD);
        assertAway("POST", "/api/v1/auth/login", "bad");
        assertAway("GET", "/api/v1/health", "bad");
        assertThat(ask("GET", "/api/v1/cameras", "bad").statusCode()).isEqualTo(401);
        assertThat(ask("GET", "/api/v1/authx", "bad").statusCode()).isEqualTo(401);
    }

    @Test
    void theRootLeadsToTheConsoleAndNowhereElse() throws Exception {
        HttpResponse<String> root = ask("GET", "/", "bad");
        assertThat(root.statusCode()).isEqualTo(302);
        assertThat(root.headers().firstValue("Location").orElseThrow()).endsWith("/console/");
        HttpResponse<String> posted = ask("POST", "/", "bad");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD");
        assertProblem(posted, "method-not-allowed");
        for (String path : List.of("/nothing", "/mediax", "/index.html", "/apix/v1")) {
            HttpResponse<String> answer = ask("GET", path, "bad");
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertProblem(answer, "no-such-path");
        }
    }
}
