// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.EventHub;
import org.nxvms.simulator.device.Ports;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/**
 * Digital ports, in the older text interface ({@code io/port.cgi}, ports from 1 on) and the newer in JSON ({@code
 * io/portmanagement.cgi}, from 0 on), and virtual inputs. An open circuit is the normal state of every port.
 */
final class VapixPorts {
    private static final Pattern ACTION = Pattern.compile("(\\d{1,2}):([/\\\\])");
    private static final int VIRTUAL_INPUTS = 1;

    private final Ports ports;
    private final EventHub events;

    VapixPorts(Ports ports, EventHub events) {
        this.ports = ports;
        this.events = events;
    }

    /** {@code check=1,2}: port1=0; {@code checkactive=1}: port1=inactive; {@code action=3:/}: on, {@code 3:\}: off. */
    HttpAnswer text(HttpRequest request) {
        Map<String, String> given = request.parameters();
        StringBuilder answer = new StringBuilder();
        if (given.containsKey("action")) {
            Matcher action = ACTION.matcher(given.get("action"));
            if (!action.matches() || !ports.isOutput(Integer.parseInt(action.group(1)) - 1)) {
                return HttpAnswer.text(400, "Error: action: use n:/ or n:\\ with n an output, 3 or 4\r\n");
            }
            ports.set(Integer.parseInt(action.group(1)) - 1, action.group(2).equals("/"));
            return HttpAnswer.empty(204);
        }
        boolean active = given.containsKey("checkactive");
        for (String number :
                given.getOrDefault(active ? "checkactive" : "check", "").split(",")) {
            int index = number.matches("[1-9]\\d?") ? Integer.parseInt(number) - 1 : -1;
            if (index < 0 || index >= ports.list().size()) {
                return HttpAnswer.text(
                        400, "Error: use check=n, checkactive=n or action=n:/ with n a port, 1 to 4\r\n");
            }
            boolean on = ports.list().get(index).active();
            answer.append("port").append(number).append('=');
            answer.append(active ? on ? "active" : "inactive" : on ? "1" : "0").append("\r\n");
        }
        return HttpAnswer.text(200, answer.toString());
    }

    Map<String, VapixJson.Method> methods() {
        return Map.of("getPorts", params -> list(), "setPorts", this::set);
    }

    private ObjectNode list() {
        ObjectNode data = VapixJson.JSON
                .createObjectNode()
                .put("numberOfPorts", ports.list().size());
        ArrayNode items = data.putArray("items");
        for (Ports.Port port : ports.list()) {
            items.addObject()
                    .put("port", Integer.toString(port.index()))
                    .put("configurable", false)
                    .put("usage", "")
                    .put("name", port.name())
                    .put("direction", port.output() ? "output" : "input")
                    .put("state", port.active() ? "closed" : "open")
                    .put("normalState", "open");
        }
        return data;
    }

    /** All or nothing. */
    private ObjectNode set(JsonNode params) throws VapixJson.Refused {
        JsonNode wanted = params.path("ports");
        if (!wanted.isArray() || wanted.isEmpty()) {
            throw VapixJson.Refused.missing("ports");
        }
        for (JsonNode each : wanted) {
            String port = each.path("port").asText("");
            if (!port.matches("\\d{1,2}") || !ports.isOutput(Integer.parseInt(port))) {
                throw VapixJson.Refused.invalid("port", "'" + port + "' is no output");
            }
            if (!each.path("state").asText("").matches("open|closed")) {
                throw VapixJson.Refused.invalid("state", "is neither open nor closed");
            }
        }
        ObjectNode data = VapixJson.JSON.createObjectNode();
        ArrayNode changed = data.putArray("ports");
        for (JsonNode each : wanted) {
            ports.set(
                    Integer.parseInt(each.path("port").asText()),
                    each.path("state").asText().equals("closed"));
            changed.add(each.path("port").asText());
        }
        return data;
    }

    /** {@code virtualinput/activate.cgi} and {@code deactivate.cgi}, in XML. */
    HttpAnswer virtualInput(HttpRequest request, boolean active) {
        String port = request.parameters().getOrDefault("port", "");
        if (!port.matches("\\d{1,2}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > VIRTUAL_INPUTS) {
            return xml("<Error><GeneralError><ErrorCode>40</ErrorCode><ErrorDescription>port: use 1</ErrorDescription>"
                    + "</GeneralError></Error>");
        }
        int part = Integer.parseInt(port) - 1;
        boolean changed = events.states().stream()
                .anyMatch(state -> state.kind() == DeviceState.Kind.VIRTUAL_INPUT
                        && state.part() == part
                        && state.active() != active);
        events.set(DeviceState.Kind.VIRTUAL_INPUT, part, active);
        String name = active ? "ActivateSuccess" : "DeactivateSuccess";
        return xml("<Success><" + name + "><StateChanged>" + changed + "</StateChanged></" + name + "></Success>");
    }

    private static HttpAnswer xml(String inner) {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VirtualInputResponse SchemaVersion=\"1.0\">" + inner
                + "</VirtualInputResponse>\n";
        return HttpAnswer.of(200, "text/xml", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
