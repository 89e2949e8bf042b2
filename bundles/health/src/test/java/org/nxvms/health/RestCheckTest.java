// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.osgi.service.jaxrs.runtime.JaxrsServiceRuntime;
import org.osgi.service.jaxrs.runtime.dto.ApplicationDTO;
import org.osgi.service.jaxrs.runtime.dto.RuntimeDTO;

/** A server is ready when all of REST answers, not when the first application does. */
class RestCheckTest {
    private final Map<Long, String> published = new HashMap<>(Map.of(1L, "/api/v1/health", 2L, "/api/v1/cameras"));
    private final Set<Long> served = new LinkedHashSet<>();
    private final RestCheck check = new RestCheck(() -> published).withRuntime(whiteboard());

    @Test
    void withoutAWhiteboardNothingIsServed() {
        assertThat(check.withRuntime(null).check().status()).isEqualTo(Status.DOWN);
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
        assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        published.remove(2L);
        assertThat(check.check().status()).as("taken away on purpose").isEqualTo(Status.UP);
    }

    private JaxrsServiceRuntime whiteboard() {
        return (JaxrsServiceRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JaxrsServiceRuntime.class}, (proxy, method, arguments) -> {
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
