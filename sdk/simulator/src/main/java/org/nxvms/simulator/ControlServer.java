// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.fault.BadInputException;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;
import org.nxvms.simulator.rtsp.Camera;

/**
 * Sets and clears faults and scripts over HTTP, on loopback only; JSON in and out. The module's README lists the
 * requests.
 *
 * <p>A body must be {@code application/json}, so that a web page cannot send one unasked.
 */
final class ControlServer implements AutoCloseable {
    private static final int BODY_MAX = 256 << 10;

    private final HttpServer server;
    private final List<Rig> rigs;
    private final ClipSpec spec;

    ControlServer(int port, List<Rig> rigs, ClipSpec spec) throws IOException {
        this.rigs = rigs;
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
        private final transient BadInputException problem;

        Refusal(int status, String field, String reason, String remedy) {
            super(reason);
            this.status = status;
            this.problem = new BadInputException(field, reason, remedy);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange, 200, route(exchange));
            } catch (Refusal refusal) {
                answer(exchange, refusal.status, ControlView.problem(refusal.problem));
            } catch (BadInputException badInput) {
                answer(exchange, 400, ControlView.problem(badInput));
            }
        }
    }

    private JsonNode route(HttpExchange exchange) throws IOException, Refusal {
        String method = exchange.getRequestMethod();
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        if (path.length == 1 && path[0].equals("faults")) {
            requireMethod(method, "GET");
            return ControlView.kinds();
        }
        if (!path[0].equals("cameras") || path.length > 4) {
            throw new Refusal(404, "path", "there is nothing here", "use /faults or /cameras");
        }
        if (path.length == 1) {
            requireMethod(method, "GET");
            return ControlView.cameras(rigs, spec);
        }
        Rig rig = rig(path[1]);
        Camera camera = rig.camera();
        if (path.length == 2) {
            requireMethod(method, "GET");
        } else if (path[2].equals("disconnect") && path.length == 3) {
            requireMethod(method, "POST");
            camera.disconnectAll();
        } else if (path[2].equals("script") && path.length == 3) {
            script(exchange, method, camera);
        } else if (path[2].equals("events") && path.length == 3) {
            requireMethod(method, "POST");
            events(exchange, rig);
        } else if (path[2].equals("faults")) {
            faults(exchange, method, path, camera);
        } else {
            throw new Refusal(
                    404, "path", "a camera has no '" + path[2] + "'", "use faults, script, events or disconnect");
        }
        return ControlView.camera(rig, spec);
    }

    private static void faults(HttpExchange exchange, String method, String[] path, Camera camera)
            throws IOException, Refusal {
        if (method.equals("POST") && path.length == 3) {
            camera.set(ScriptReader.fault(body(exchange, ScriptReader.FAULT)));
        } else if (method.equals("DELETE") && path.length == 4) {
            camera.clear(FaultKind.of(path[3]));
        } else if (method.equals("DELETE")) {
            camera.clearFaults();
        } else {
            requireMethod(method, "GET");
        }
    }

    private static void script(HttpExchange exchange, String method, Camera camera) throws IOException, Refusal {
        if (method.equals("POST")) {
            camera.follow(ScriptReader.script(body(exchange, ScriptReader.SCRIPT)));
        } else if (method.equals("DELETE")) {
            camera.follow(FaultScript.NONE);
        } else {
            requireMethod(method, "GET");
        }
    }

    private static void requireMethod(String method, String wanted) throws Refusal {
        if (!method.equals(wanted)) {
            throw new Refusal(405, "method", method + " is not possible here", "use " + wanted);
        }
    }

    private static void events(HttpExchange exchange, Rig rig) throws IOException, Refusal {
        Rig.Outfit outfit = rig.outfit()
                .orElseThrow(() -> new Refusal(
                        404,
                        "path",
                        "the cameras speak no dialect that tells events",
                        "start them with --device vapix"));
        EventInput.read(body(exchange, EventInput.EXAMPLE)).apply(outfit.device());
    }

    private Rig rig(String text) throws Refusal {
        return rigs.stream()
                .filter(rig -> text.equals(Integer.toString(rig.camera().number())))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        404, "path", "there is no camera '" + text + "'", "give a number in 1.." + rigs.size()));
    }

    private static byte[] body(HttpExchange exchange, String example) throws IOException, Refusal {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.startsWith("application/json")) {
            throw new Refusal(415, "Content-Type", "this is '" + type + "'", "send application/json, like " + example);
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
        if (body.length > BODY_MAX) {
            throw new Refusal(413, "body", "it is too long", "send at most " + BODY_MAX + " bytes");
        }
        return body;
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
