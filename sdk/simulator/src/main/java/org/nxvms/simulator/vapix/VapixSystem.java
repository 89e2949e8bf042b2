// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** Who the device is, whether it is ready, its stream profiles, its time, and how to start it anew. Its time zone is UTC. */
final class VapixSystem {
    private static final DateTimeFormatter DATE_CGI =
            DateTimeFormatter.ofPattern("MMM dd, yyyy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int YEAR_MAX = 2037;

    private final Device device;
    private final VapixParameters parameters;

    VapixSystem(Device device, VapixParameters parameters) {
        this.device = device;
        this.parameters = parameters;
    }

    Map<String, VapixJson.Method> ready() {
        return Map.of("systemready", params -> VapixJson.JSON
                .createObjectNode()
                .put("systemready", "yes")
                .put("needsetup", "no")
                .put("uptime", Long.toString(device.uptimeSeconds()))
                .put("bootid", device.bootId()));
    }

    Map<String, VapixJson.Method> basicDeviceInfo() {
        VapixJson.Method all = params -> {
            ObjectNode data = VapixJson.JSON.createObjectNode();
            data.putObject("propertyList")
                    .put("Brand", parameters.get("Brand.Brand"))
                    .put("ProdFullName", VapixParameters.FULL_NAME)
                    .put("ProdNbr", VapixParameters.MODEL)
                    .put("ProdShortName", parameters.get("Brand.ProdShortName"))
                    .put("ProdType", parameters.get("Brand.ProdType"))
                    .put("SerialNumber", device.serialNumber())
                    .put("Version", VapixParameters.FIRMWARE);
            return data;
        };
        return Map.of("getAllProperties", all, "getAllUnrestrictedProperties", all);
    }

    Map<String, VapixJson.Method> apiDiscovery() {
        return Map.of("getApiList", params -> {
            ObjectNode data = VapixJson.JSON.createObjectNode();
            ArrayNode list = data.putArray("apiList");
            for (String id : List.of(
                    "api-discovery",
                    "basic-device-info",
                    "event-streaming-over-websocket",
                    "fwmgr",
                    "io-port-management",
                    "param-cgi",
                    "stream-profiles",
                    "systemready",
                    "time-service")) {
                list.addObject().put("id", id).put("version", "1.0").put("name", id);
            }
            return data;
        });
    }

    Map<String, VapixJson.Method> streamProfiles() {
        return Map.of("list", params -> {
            ObjectNode data = VapixJson.JSON.createObjectNode().put("maxProfiles", 26);
            ArrayNode list = data.putArray("streamProfile");
            for (int i = 0; i < 2; i++) {
                String group = "StreamProfile.S" + i + ".";
                list.addObject()
                        .put("name", parameters.get(group + "Name"))
                        .put("description", parameters.get(group + "Description"))
                        .put("parameters", parameters.get(group + "Parameters"));
            }
            return data;
        });
    }

    Map<String, VapixJson.Method> time() {
        return Map.of("getDateTimeInfo", params -> dateTimeInfo(), "setDateTime", this::setDateTime);
    }

    private ObjectNode dateTimeInfo() {
        String now = device.time().truncatedTo(ChronoUnit.SECONDS).toString();
        return VapixJson.JSON
                .createObjectNode()
                .put("dateTime", now)
                .put("maxSupportedYear", YEAR_MAX)
                .put("posixTimeZone", "UTC0")
                .put("timeZone", "UTC")
                .put("dstEnabled", false)
                .put("localDateTime", now.replace("Z", ""));
    }

    private JsonNode setDateTime(JsonNode params) throws VapixJson.Refused {
        if (!params.path("dateTime").isTextual()) {
            throw VapixJson.Refused.missing("dateTime");
        }
        try {
            Instant wanted = Instant.parse(params.get("dateTime").textValue());
            int year = wanted.atZone(ZoneOffset.UTC).getYear();
            if (year < 1970 || year > YEAR_MAX) {
                throw VapixJson.Refused.invalid("dateTime", "is not in 1970.." + YEAR_MAX);
            }
            device.setTime(wanted);
            return VapixJson.JSON.createObjectNode();
        } catch (DateTimeParseException notATime) {
            throw VapixJson.Refused.invalid("dateTime", "must look like 2026-01-31T12:00:00Z");
        }
    }

    /** The older interface, to read only. */
    HttpAnswer date(HttpRequest request) {
        return request.parameters().getOrDefault("action", "").equals("get")
                ? HttpAnswer.text(200, DATE_CGI.format(device.time()) + "\r\n")
                : HttpAnswer.text(400, "Request failed: action: use get, or time.cgi to set\r\n");
    }

    HttpAnswer firmware(HttpRequest request) {
        boolean[] reboot = new boolean[1];
        VapixJson.Method rebooting = params -> {
            reboot[0] = true;
            return null;
        };
        VapixJson.Method status =
                params -> VapixJson.JSON.createObjectNode().put("activeFirmwareVersion", VapixParameters.FIRMWARE);
        HttpAnswer answer = VapixJson.answer(request, Map.of("reboot", rebooting, "status", status));
        return reboot[0] ? answer.andThen(device::reboot) : answer;
    }

    HttpAnswer restart() {
        return HttpAnswer.text(200, "Restarting\r\n").andThen(device::reboot);
    }
}
