// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.osgi.service.jaxrs.runtime.JaxrsServiceRuntime;
import org.osgi.service.jaxrs.runtime.dto.ApplicationDTO;
import org.osgi.service.jaxrs.runtime.dto.RuntimeDTO;

/** A server is ready when all of REST answers, not when the first application does. */
class RestCheckTest {
    private final Map<Long, String> published = new HashMap<>(Map.of(1L, "/api/v1/health", 2L, "/api/v1/cameras"));
    private final Set<Long> served = new LinkedHashSet<>();
    private long nowNs = 5;
    private int asked;
    private final JaxrsServiceRuntime whiteboard = whiteboard();
    private final RestCheck check = new RestCheck(() -> Map.copyOf(published), () -> nowNs);

    @BeforeEach
    void theWhiteboardRuns() {
        check.bindRuntime(whiteboard);
    }

    @Test
    void withoutAWhiteboardNothingIsServed() {
        check.unbindRuntime(whiteboard);
        assertThat(check.check().status()).isEqualTo(Status.DOWN);
    }

    @Test
    void downUntilTheLastApplicationIsServed() {
        served.add(1L);
        assertThat(check.check().status()).isEqualTo(Status.DOWN);
        assertThat(check.check().detail()).contains("/api/v1/cameras").doesNotContain("/api/v1/health");

        served.add(2L);
        assertThat(check.check().status()).isEqualTo(Status.UP);
        assertThat(check.check().figures()).containsEntry("applications", 2).containsEntry("served", 2);
    }

    @Test
    void oneThatIsReplacedLaterMakesTheServerNoLessReady() {
        served.addAll(published.keySet());
        check.check();

        served.remove(2L);
        check.updatedRuntime(whiteboard);
        assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        published.remove(2L);
        assertThat(check.check().status()).as("taken away on purpose").isEqualTo(Status.UP);
    }

    @Test
    void theWhiteboardIsAskedAgainWhenSomethingMayHaveChanged() {
        served.addAll(published.keySet());
        check.check();
        assertThat(check.check().status()).isEqualTo(Status.UP);
        assertThat(asked).as("nothing changed").isEqualTo(1);

        check.updatedRuntime(whiteboard);
        check.check();
        assertThat(asked).as("it told of a change").isEqualTo(2);

        published.put(3L, "/api/v1/users");
        assertThat(check.check().status()).as("published since").isEqualTo(Status.DEGRADED);
        assertThat(check.check().status()).as("as long as it is missing").isEqualTo(Status.DEGRADED);
        assertThat(asked).isEqualTo(4);

        served.add(3L);
        assertThat(check.check().status()).isEqualTo(Status.UP);
        served.remove(3L);
        nowNs += TimeUnit.MINUTES.toNanos(5);
        assertThat(check.check().status()).as("a change that nobody told of").isEqualTo(Status.DEGRADED);
    }

    private JaxrsServiceRuntime whiteboard() {
        return (JaxrsServiceRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JaxrsServiceRuntime.class}, (proxy, method, arguments) -> {
                    asked++;
                    RuntimeDTO runtime = new RuntimeDTO();
                    runtime.applicationDTOs = served.stream()
                            .map(id -> {
                                ApplicationDTO application = new ApplicationDTO();
                                application.serviceId = id;
                                return application;
                            })
                            .toArray(ApplicationDTO[]::new);
                    return runtime;
                });
    }
}
