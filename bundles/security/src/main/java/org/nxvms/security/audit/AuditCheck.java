// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.util.Map;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health of the audit: what is done is stored, and nothing found no place. */
@Component(service = HealthCheck.class)
public final class AuditCheck implements HealthCheck {
    private final ChainedTrail trail;

    @Activate
    public AuditCheck(@Reference ChainedTrail trail) {
        this.trail = trail;
    }

    @Override
    public String name() {
        return "audit";
    }

    /** Noting never fails what is noted: the server works on. */
    @Override
    public boolean requiredForReadiness() {
        return false;
    }

    @Override
    public Result check() {
        ChainedTrail.State state = trail.state();
        if (state.isStoring()) {
            return new Result(Status.UP, "", Map.of("waiting", state.waiting()));
        }
        String since = state.failingSince().map(Object::toString).orElse("");
        Map<String, Object> figures = Map.of("waiting", state.waiting(), "lost", state.lost(), "since", since);
        return new Result(
                        Status.DEGRADED,
                        "The audit is not stored" + (since.isEmpty() ? "" : " since " + since) + ": " + state.waiting()
                                + " notes wait, " + state.lost()
                                + " found no place. See the part \"database\" and the log; a restart loses what waits",
                        figures)
                .found("audit_not_stored", figures);
    }
}
