// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.integration.Connection;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health of webhooks: what is to be sent arrives. */
@Component(service = HealthCheck.class)
public final class WebhooksHealth implements HealthCheck {
    /** More are counted, not named. */
    private static final int NAMED_MAX = 5;

    private final Webhooks webhooks;

    @Activate
    public WebhooksHealth(@Reference Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Override
    public String name() {
        return "webhooks";
    }

    @Override
    public boolean requiredForReadiness() {
        // Another system that is away makes this one no worse.
        return false;
    }

    @Override
    public Result check() {
        List<Connection> all = webhooks.connections();
        List<Connection> unwell = all.stream()
                .filter(one -> one.state() == Connection.State.FAILING || one.state() == Connection.State.MISCONFIGURED)
                .toList();
        Map<String, Object> figures = Map.of("webhooks", all.size(), "unwell", unwell.size());
        if (unwell.isEmpty()) {
            return new Result(Status.UP, "", figures);
        }
        List<String> sentences = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Connection one : unwell.subList(0, Math.min(NAMED_MAX, unwell.size()))) {
            sentences.add("Webhook " + one.name() + ": " + one.detail());
            String code = one.state() == Connection.State.FAILING ? "webhook_failing" : "webhook_misconfigured";
            findings.add(new Finding(code, Map.of("webhook", one.name())));
        }
        return new Result(Status.DEGRADED, String.join(" ", sentences), figures, findings);
    }
}
