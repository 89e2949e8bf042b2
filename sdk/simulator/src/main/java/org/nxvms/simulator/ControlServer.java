// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.Camera;

/**
 * Sets and clears faults over HTTP, on loopback only; JSON in and out. The module's README lists the requests.
 *
 * <p>A body must be {@code application/json}, so that a web page cannot send one unasked.
 */
final class ControlServer implements AutoCloseable {
    private static final int BODY_MAX = 4096;
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpServer server;
    private final List<Camera> cameras;
    private final ClipSpec spec;

    ControlServer(int port, List<Camera> cameras, ClipSpec spec) throws IOException {
        this.cameras = cameras;
        this.spec = spec;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new IOException("the control port " + port + " cannot be opened: " + e.getMessage(), e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A request that cannot be done, and the status to tell so. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange, 200, route(exchange));
            } catch (Refusal refusal) {
                problem(exchange, refusal.status, refusal.getMessage());
            } catch (IllegalArgumentException | JsonProcessingException badInput) {
                problem(exchange, 400, badInput.getMessage());
            }
        }
    }

    private Body route(HttpExchange exchange) throws IOException, Refusal {
        String method = exchange.getRequestMethod();
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        if (method.equals("GET") && path.length == 1 && path[0].equals("faults")) {
            return this::kinds;
        }
        if (!path[0].equals("cameras") || path.length > 4) {
            throw new Refusal(404, "there is /faults and /cameras/{n}/faults/{kind}");
        }
        if (path.length == 1) {
            requireMethod(method, "GET");
            return this::allCameras;
        }
        Camera camera = camera(path[1]);
        if (path.length == 2) {
            requireMethod(method, "GET");
            return json -> camera(json, camera);
        }
        if (path[2].equals("disconnect") && path.length == 3) {
            requireMethod(method, "POST");
            camera.disconnectAll();
        } else if (!path[2].equals("faults")) {
            throw new Refusal(404, "a camera has /faults and /disconnect");
        } else if (method.equals("POST") && path.length == 3) {
            camera.set(readFault(exchange));
        } else if (method.equals("DELETE") && path.length == 4) {
            camera.clear(FaultKind.of(path[3]));
        } else if (method.equals("DELETE")) {
            camera.clearFaults();
        } else {
            requireMethod(method, "GET");
        }
        return json -> camera(json, camera);
    }

    private static void requireMethod(String method, String wanted) throws Refusal {
        if (!method.equals(wanted)) {
            throw new Refusal(405, method + " is not possible here, " + wanted + " is");
        }
    }

    private Camera camera(String text) throws Refusal {
        return cameras.stream()
                .filter(camera -> text.equals(Integer.toString(camera.number())))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "camera '" + text + "': there are 1.." + cameras.size()));
    }

    private static Fault readFault(HttpExchange exchange) throws IOException, Refusal {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.startsWith("application/json")) {
            throw new Refusal(415, "send application/json: {\"kind\": \"stall\", \"value\": 5}");
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
        if (body.length > BODY_MAX) {
            throw new Refusal(413, "the body is longer than " + BODY_MAX + " bytes");
        }
        FaultKind kind = null;
        Long value = null;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Refusal(400, "the body must be an object: {\"kind\": \"stall\", \"value\": 5}");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "kind" -> kind = FaultKind.of(parser.getText());
                    case "value" -> value = parser.getLongValue();
                    default -> throw new Refusal(400, "field '" + field + "' is neither kind nor value");
                }
            }
        }
        if (kind == null) {
            throw new Refusal(400, "field 'kind' is missing; GET /faults lists them");
        }
        return value == null ? kind.fault() : kind.fault(value);
    }

    private void kinds(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (FaultKind kind : FaultKind.values()) {
            json.writeStartObject();
            json.writeStringField("kind", kind.id());
            if (!kind.unit().isEmpty()) {
                json.writeStringField("unit", kind.unit());
                json.writeNumberField("default", kind.fault().value());
                json.writeNumberField("min", kind.min());
                json.writeNumberField("max", kind.max());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void allCameras(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Camera camera : cameras) {
            camera(json, camera);
        }
        json.writeEndArray();
    }

    private void camera(JsonGenerator json, Camera camera) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", camera.number());
        json.writeStringField("main", camera.uri(Camera.Role.MAIN));
        json.writeStringField("sub", camera.uri(Camera.Role.SUB));
        json.writeStringField("auth", camera.settings().auth().name());
        json.writeStringField("audio", camera.settings().audio().name());
        json.writeNumberField("phaseMs", camera.settings().phaseMs());
        json.writeNumberField("frameMs", spec.frameMs());
        json.writeNumberField("loopFrames", spec.frameCount());
        json.writeArrayFieldStart("faults");
        for (Fault fault : camera.faults()) {
            json.writeStartObject();
            json.writeStringField("kind", fault.kind().id());
            if (!fault.kind().unit().isEmpty()) {
                json.writeNumberField("value", fault.value());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        Camera.Status status = camera.status();
        json.writeObjectFieldStart("status");
        json.writeNumberField("connections", status.connections());
        json.writeNumberField("playing", status.playing());
        json.writeNumberField("requests", status.requests());
        json.writeNumberField("units", status.units());
        json.writeNumberField("packets", status.packets());
        json.writeNumberField("bytes", status.bytes());
        json.writeNumberField("skippedUnits", status.skippedUnits());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void problem(HttpExchange exchange, int status, String message) throws IOException {
        answer(exchange, status, json -> {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeEndObject();
        });
    }

    private static void answer(HttpExchange exchange, int status, Body body) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            body.write(json);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
