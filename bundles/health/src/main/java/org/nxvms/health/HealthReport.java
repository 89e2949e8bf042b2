// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.util.List;
import java.util.Map;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Status;

/**
 * How the server is at one moment.
 *
 * @param status UP, DEGRADED (ready, but a part is not well) or DOWN (not ready)
 * @param ready whether every part that is needed is there and not DOWN
 * @param parts by name
 */
record HealthReport(Status status, boolean ready, List<Part> parts) {
    /**
     * A part of the server.
     *
     * @param required whether the server is not ready while this part is DOWN
     */
    record Part(String name, boolean required, HealthCheck.Result result) {
        Status status() {
            return result.status();
        }

        String detail() {
            return result.detail();
        }

        Map<String, Object> figures() {
            return result.figures();
        }
    }
}
