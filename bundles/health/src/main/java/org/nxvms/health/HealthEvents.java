// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says as an event which part of the server is not well. */
@Component(
        immediate = true,
        service = {})
public final class HealthEvents {
    private static final Logger LOG = LoggerFactory.getLogger(HealthEvents.class);
    private static final long LOOK_SECONDS = 5;
    /** Unwell this many times in a row: a part that starts, or is replaced, is no news. */
    static final int LOOKS_MIN = 3;

    private static final int HOLD_SECONDS = 30;
    /** Each camera says for itself how it fares; to ask all of them takes longer than the rest. */
    private static final String CAMERAS = "cameras";

    private final Health health;
    private final ServerIdentity server;
    private final Map<String, Integer> unwell = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "nxvms-health-events");
        made.setDaemon(true);
        return made;
    });

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventPublisher publisher;

    @Activate
    public HealthEvents(@Reference Health health, @Reference ServerIdentity server) {
        this.health = health;
        this.server = server;
        thread.scheduleWithFixedDelay(this::attempt, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
    }

    private void attempt() {
        EventPublisher now = publisher;
        try {
            if (now != null) {
                look(health.report(part -> !part.equals(CAMERAS)), now);
            }
        } catch (RuntimeException e) {
            LOG.error("The server's health could not be told as events, tried again", e);
        }
    }

    void look(HealthReport report, EventPublisher events) {
        Instant instant = Instant.now();
        long nowUs = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
        for (HealthReport.Part part : report.parts()) {
            if (part.name().equals(CAMERAS)) {
                continue;
            }
            EventSource source = EventSource.server(server.serverId(), part.name());
            if (part.status() == Status.UP) {
                boolean said = unwell.getOrDefault(part.name(), 0) >= LOOKS_MIN;
                unwell.remove(part.name());
                if (said) {
                    events.end(source, EventKinds.SERVER_PART_UNWELL, nowUs);
                }
            } else if (unwell.merge(part.name(), 1, Integer::sum) >= LOOKS_MIN) {
                events.hold(fact(source, part), nowUs, HOLD_SECONDS);
            }
        }
    }

    private static EventFact fact(EventSource source, HealthReport.Part part) {
        return EventFact.of(
                source,
                EventKinds.SERVER_PART_UNWELL,
                part.status() == Status.DOWN ? EventSeverity.CRITICAL : EventSeverity.WARNING,
                part.result().detail(),
                attributes(part));
    }

    /** The first finding in codes, so that the event too can be worded in another language. */
    private static EventAttributes attributes(HealthReport.Part part) {
        Map<String, Object> attributes = new HashMap<>();
        part.result().findings().stream().findFirst().ifPresent(finding -> {
            attributes.putAll(finding.parameters());
            attributes.put("finding", finding.code());
        });
        attributes.put("status", Health.word(part.status()));
        return EventAttributes.of(attributes);
    }
}
