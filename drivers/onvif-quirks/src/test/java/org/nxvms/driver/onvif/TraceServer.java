// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that answers by a trace: {@code > operation}, perhaps with a text that the request holds, then {@code < status}
 * and the body up to the next request; {@code < close} closes the connection without an answer. The first that fits
 * answers, one with {@code once} behind the operation a single time. Lines with # tell where it comes from.
 */
final class TraceServer implements AutoCloseable {
    private static final Pattern OPERATION = Pattern.compile("<s:Body><\\w+:(\\w+)[ />]");
    private static final String MISSING =
            """
            <SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Receiver</SOAP-ENV:Value><SOAP-ENV:Subcode>\
            <SOAP-ENV:Value>ter:ActionNotSupported</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code></SOAP-ENV:Fault>""";
    private static final Pattern STEP = Pattern.compile("(\\w+)( once)?(?: (.*))?\n< (\\w+)\n([\\s\\S]*)");
    private static final String ENVELOPE =
            """
            <?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"\
             xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"\
             xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"\
             xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"\
             xmlns:wsa5="http://www.w3.org/2005/08/addressing" xmlns:ter="http://www.onvif.org/ver10/error"\
             xmlns:tns1="http://www.onvif.org/ver10/topics"><SOAP-ENV:Body>%s</SOAP-ENV:Body></SOAP-ENV:Envelope>""";

    private record Step(String operation, boolean once, String holds, String status, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    TraceServer(String name) throws IOException {
        steps.addAll(read(name));
        steps.addAll(read("common"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private static List<Step> read(String name) throws IOException {
        try (InputStream file = TraceServer.class.getResourceAsStream("/traces/" + name + ".trace")) {
            List<Step> steps = new ArrayList<>();
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^#.*\n", "");
            for (String one : text.split("(?m)^> ")) {
                Matcher step = STEP.matcher(one);
                if (step.matches()) {
                    steps.add(new Step(
                            step.group(1),
                            step.group(2) != null,
                            Optional.ofNullable(step.group(3)).orElse(""),
                            step.group(4),
                            step.group(5)));
                }
            }
            return steps;
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** {@return the requests for an operation that came so far} */
    List<String> asked(String operation) {
        return asked.stream()
                .filter(request -> operation(request).equals(operation))
                .toList();
    }

    private static String operation(String request) {
        Matcher operation = OPERATION.matcher(request);
        return operation.find() ? operation.group(1) : "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(request);
            String name = operation(request);
            Step found = steps.stream()
                    .filter(step -> step.operation().equals(name) && request.contains(step.holds()))
                    .findFirst()
                    .orElse(new Step("", false, "", "500", MISSING));
            if (found.once()) {
                steps.remove(found);
            }
            if (!found.status().equals("close")) {
                byte[] body = ENVELOPE.formatted(
                                found.body().replace("HERE", address()).strip())
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/soap+xml");
                exchange.sendResponseHeaders(Integer.parseInt(found.status()), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
