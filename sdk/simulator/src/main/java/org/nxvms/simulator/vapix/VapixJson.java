// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** The JSON style of newer VAPIX interfaces: one path, a method by name, and an envelope around data or an error. */
final class VapixJson {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final int VERSION_NOT_SUPPORTED = 2100;
    private static final int INVALID_JSON = 2101;
    private static final int METHOD_NOT_SUPPORTED = 2102;
    private static final int PARAMETER_MISSING = 2103;
    private static final int INVALID_VALUE = 2104;

    private VapixJson() {}

    /** A call that is refused, with a code of Axis' list. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int code;

        private Refused(int code, String message) {
            super(message);
            this.code = code;
        }

        static Refused missing(String parameter) {
            return new Refused(PARAMETER_MISSING, "Required parameter missing: " + parameter);
        }

        static Refused invalid(String parameter, String why) {
            return new Refused(INVALID_VALUE, "Invalid parameter value specified: " + parameter + " " + why);
        }
    }

    /** One method of an interface; what it returns is the {@code data}, null for none. */
    @FunctionalInterface
    interface Method {
        JsonNode call(JsonNode params) throws Refused;
    }

    static HttpAnswer answer(HttpRequest request, Map<String, Method> methods) {
        if (!request.method().equals("POST")) {
            return HttpAnswer.text(405, "use POST\r\n").with("Allow", "POST");
        }
        byte[] text = answer(request.body(), methods).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return HttpAnswer.of(200, "application/json", text);
    }

    /** {@return the whole envelope of an answer} */
    static String answer(byte[] body, Map<String, Method> methods) {
        ObjectNode envelope = JSON.createObjectNode().put("apiVersion", "1.0");
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (IOException notJson) {
            return error(envelope, new Refused(INVALID_JSON, "Invalid JSON")).toString();
        }
        if (!request.isObject()) {
            return error(envelope, new Refused(INVALID_JSON, "Invalid JSON")).toString();
        }
        if (request.path("context").isTextual()) {
            envelope.set("context", request.get("context"));
        }
        String name = request.path("method").asText("");
        envelope.put("method", name);
        try {
            if (!request.path("apiVersion").asText("1.0").matches("1(\\.\\d+)?")) {
                throw new Refused(VERSION_NOT_SUPPORTED, "The requested API version is not supported");
            }
            Method method = methods.get(name);
            if (method == null) {
                throw new Refused(METHOD_NOT_SUPPORTED, "Method not supported");
            }
            JsonNode data = method.call(request.path("params"));
            if (data != null) {
                envelope.set("data", data);
            }
            return envelope.toString();
        } catch (Refused refused) {
            return error(envelope, refused).toString();
        }
    }

    private static ObjectNode error(ObjectNode envelope, Refused refused) {
        envelope.putObject("error").put("code", refused.code).put("message", refused.getMessage());
        return envelope;
    }
}
