// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import javax.ws.rs.core.Application;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.nxvms.rest.kit.json.Json;

/** Applications on the engine and web server of the distribution, on a loopback port of their own. */
final class TestServer {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
    private final int port;

    TestServer(Map<String, Application> applications) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        applications.forEach((path, application) ->
                context.addServlet(new ServletHolder(new CXFNonSpringJaxrsServlet(application)), path + "/*"));
        server.setHandler(context);
        server.start();
        port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    String authority() {
        return "127.0.0.1:" + port;
    }

    /** An answer with its body as JSON. */
    record Answer(int status, JsonNode json, String body, HttpHeaders headers) {
        /** {@return the cookies that were set} */
        List<String> cookies() {
            return headers.allValues("Set-Cookie");
        }

        /** {@return a header that must be there} */
        String header(String name) {
            return headers.firstValue(name).orElseThrow();
        }

        String text(String pointer) {
            return json.at(pointer).asText();
        }

        /** {@return the value of a cookie that was set} */
        String cookie(String name) {
            return cookies().stream()
                    .filter(cookie -> cookie.startsWith(name + "="))
                    .map(cookie -> cookie.substring(name.length() + 1, cookie.indexOf(';')))
                    .findFirst()
                    .orElseThrow();
        }
    }

    Answer send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + authority() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        JsonNode json = response.body().isEmpty()
                        || !response.headers()
                                .firstValue("Content-Type")
                                .orElse("")
                                .contains("json")
                ? Json.mapper().createObjectNode()
                : Json.mapper().readTree(response.body());
        return new Answer(response.statusCode(), json, response.body(), response.headers());
    }

    void close() throws Exception {
        server.stop();
    }
}
