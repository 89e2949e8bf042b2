// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.nxvms.simulator.device.Optics;

/** {@code clearviewcontrol.cgi}, which cleans the window, and {@code opticscontrol.cgi}, which focuses. */
final class VapixOptics {
    private static final int DURATION_S_MAX = 120;

    private final Optics optics;

    VapixOptics(Optics optics) {
        this.optics = optics;
    }

    Map<String, VapixJson.Method> clearView() {
        return Map.of("getServiceInfo", params -> services(), "start", this::wipe, "stop", params -> null);
    }

    private static ObjectNode services() {
        ObjectNode data = VapixJson.JSON.createObjectNode();
        data.putArray("services")
                .addObject()
                .put("id", 0)
                .put("type", "wiper")
                .put("durationVariable", true)
                .put("durationMin", 5)
                .put("durationMax", DURATION_S_MAX)
                .put("durationDefault", 5)
                .put("idleTimeMin", 0)
                .put("stoppable", true);
        return data;
    }

    private JsonNode wipe(JsonNode params) throws VapixJson.Refused {
        if (!params.path("id").isInt() || params.get("id").intValue() != 0) {
            throw VapixJson.Refused.invalid("id", "there is service 0 only");
        }
        optics.wipe();
        return VapixJson.JSON.createObjectNode();
    }

    Map<String, VapixJson.Method> optics() {
        return Map.of("getOptics", params -> lenses(), "performAutofocus", this::focus);
    }

    private static ObjectNode lenses() {
        ObjectNode data = VapixJson.JSON.createObjectNode();
        data.putArray("optics").addObject().put("opticsId", "0").put("focusable", true);
        return data;
    }

    private JsonNode focus(JsonNode params) throws VapixJson.Refused {
        JsonNode wanted = params.path("optics");
        if (!wanted.isArray() || wanted.isEmpty()) {
            throw VapixJson.Refused.missing("optics");
        }
        if (!wanted.get(0).path("opticsId").asText("").equals("0")) {
            throw VapixJson.Refused.invalid("opticsId", "there is lens 0 only");
        }
        optics.focus();
        return VapixJson.JSON.createObjectNode();
    }
}
