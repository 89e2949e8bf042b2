// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;

/**
 * A device that answers each operation as a test says, in XML without any namespaces, and looks at no login. What it does not
 * know it answers with 400 and no fault.
 */
final class ScriptedDevice implements AutoCloseable {
    private static final Pattern OPERATION = Pattern.compile("<s:Body><o:(\\w+)[ />]");
    private static final String MEDIA = "http://www.onvif.org/ver10/media/wsdl";

    /** @param status 0: none, the connection is closed */
    private record Answer(String asked, int status, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
    /** Statuses of paths at which there is a page and no service. */
    private final Map<String, Integer> pages = new ConcurrentHashMap<>();

    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** One with a media profile, of before {@code GetServices}. */
    ScriptedDevice() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
        answers("GetSystemDateAndTime", "<GetSystemDateAndTimeResponse/>");
        answers(
                "GetCapabilities",
                "<GetCapabilitiesResponse><Capabilities><Media><XAddr>/onvif/media</XAddr></Media>"
                        + "</Capabilities></GetCapabilitiesResponse>");
        answers(
                "GetDeviceInformation",
                "<GetDeviceInformationResponse><Manufacturer>Scripted</Manufacturer><Model>M</Model>"
                        + "</GetDeviceInformationResponse>");
        answers(
                "GetProfiles",
                "<GetProfilesResponse><Profiles token=\"p\"><Name>main</Name><VideoEncoderConfiguration token=\"e\">"
                        + "<Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>1080</Height></Resolution>"
                        + "</VideoEncoderConfiguration></Profiles></GetProfilesResponse>");
    }

    /** Has a service more, told by {@code GetServices}. */
    ScriptedDevice has(Service service, String path) {
        return answers(
                "GetServices",
                "<GetServicesResponse><Service><Namespace>" + MEDIA
                        + "</Namespace><XAddr>/onvif/media</XAddr></Service>"
                        + "<Service><Namespace>" + service.namespace() + "</Namespace><XAddr>" + path
                        + "</XAddr></Service></GetServicesResponse>");
    }

    ScriptedDevice answers(String operation, String body) {
        answers.put(operation, List.of(new Answer("", 200, body)));
        return this;
    }

    /** Answers with a fault unless a request, or the path before it, holds a text. */
    ScriptedDevice refusesWithout(String operation, String text, String body) {
        String fault = "<Fault><Code><Value>Sender</Value></Code><Reason><Text>no</Text></Reason></Fault>";
        answers.put(operation, List.of(new Answer(text, 200, body), new Answer("", 400, fault)));
        return this;
    }

    /** Answers with a bare 400 unless a request, or the path before it, holds a text. */
    ScriptedDevice knowsOnlyWith(String operation, String text, String body) {
        answers.put(operation, List.of(new Answer(text, 200, body)));
        return this;
    }

    /** Has nothing at a path. */
    ScriptedDevice lacks(String path) {
        return shows(path, 404);
    }

    /** Has a page at a path, which is shown with a status whatever is asked. */
    ScriptedDevice shows(String path, int status) {
        pages.put(path, status);
        return this;
    }

    int port() {
        return server.getAddress().getPort();
    }

    ScriptedDevice doesNotAnswer(String operation) {
        answers.put(operation, List.of(new Answer("", 0, "")));
        return this;
    }

    DeviceTarget target() {
        return target(Map.of());
    }

    DeviceTarget target(Map<String, String> settings) {
        return new DeviceTarget(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                Optional.empty(),
                Optional.of(new Credentials("root", "pass")),
                settings,
                30_000);
    }

    /** {@return the requests so far that hold a text, each with its path before it} */
    List<String> asked(String text) {
        return requests.stream().filter(request -> request.contains(text)).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String whole = exchange.getRequestURI() + " " + request;
        requests.add(whole);
        Matcher operation = OPERATION.matcher(request);
        String name = operation.find() ? operation.group(1) : "";
        Optional<Answer> said = answers.getOrDefault(name, List.of()).stream()
                .filter(one -> whole.contains(one.asked()))
                .findFirst();
        Optional<Integer> page =
                Optional.ofNullable(pages.get(exchange.getRequestURI().getPath()));
        int status = page.orElseGet(() -> said.map(Answer::status).orElse(400));
        if (status > 0) {
            String body = said.filter(one -> page.isEmpty())
                    .map(one -> "<Envelope><Body>" + one.body() + "</Body></Envelope>")
                    .orElse("<html>A page</html>");
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
