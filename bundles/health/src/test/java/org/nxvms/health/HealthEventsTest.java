// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Status;

/** A part that stays unwell is said, a part that only starts is not. */
class HealthEventsTest implements EventPublisher {
    private final List<String> said = new ArrayList<>();
    private final Health health = new Health(HealthTest.settings(), new SameThread());
    private final HealthEvents events = new HealthEvents(
            health,
            Neighbours.answering(
                    ServerIdentity.class,
                    Map.of("serverId", new UUID(0, 9), "name", "test-server", "dataFolder", Path.of("target"))));

    @AfterEach
    void stop() {
        events.stop();
        health.deactivate();
    }

    @Override
    public boolean pulse(EventFact fact, long atUs) {
        throw new AssertionError("a part's health is a state");
    }

    @Override
    public boolean past(EventFact fact, long startUs, long endUs) {
        throw new AssertionError("a part's health is said while it lasts");
    }

    @Override
    public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
        fact.attributes()
                .text("finding")
                .ifPresent(code -> said.add(fact.attributes().toString()));
        return said.add(fact.source().part() + " " + fact.severity() + " " + fact.detail());
    }

    @Override
    public boolean end(EventSource source, String kind, long endUs) {
        return said.add(source.part() + " over");
    }

    private void look(String name, Status status) {
        look(name, new HealthCheck.Result(status, "why", Map.of()));
    }

    private void look(String name, HealthCheck.Result result) {
        Status status = result.status();
        HealthReport.Part part = new HealthReport.Part(name, true, result);
        events.look(new HealthReport(status, true, List.of(part)), this);
    }

    @Test
    void whatIsWrongIsSaidInCodesToo() {
        HealthCheck.Result slow = new HealthCheck.Result(Status.DEGRADED, "why", Map.of())
                .found("database_slow", Map.of("writeMs", 1_200L))
                .found("other");
        for (int i = 0; i < HealthEvents.LOOKS_MIN; i++) {
            look("database", slow);
        }
        assertThat(said)
                .containsExactly("{finding=database_slow, status=degraded, writeMs=1200}", "database WARNING why");
    }

    @Test
    void onlyWhatStaysUnwellIsSaidUntilItIsWell() {
        look("database", Status.DOWN);
        look("database", Status.DOWN);
        look("database", Status.UP);
        assertThat(said).isEmpty();
        for (int i = 0; i < HealthEvents.LOOKS_MIN; i++) {
            look("database", Status.DOWN);
        }
        look("database", Status.DEGRADED);
        look("database", Status.UP);
        look("database", Status.UP);
        assertThat(said).containsExactly("database CRITICAL why", "database WARNING why", "database over");
    }

    @Test
    void camerasSpeakForThemselves() {
        for (int i = 0; i < 5; i++) {
            look("cameras", Status.DEGRADED);
        }
        assertThat(said).isEmpty();
    }
}
