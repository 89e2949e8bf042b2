// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.nxvms.cameras.drivers.Places;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health of drivers: they return from what they are asked. Names those that do not, and how many cameras it is about. */
@Component(service = HealthCheck.class)
public final class DriversHealth implements HealthCheck {
    private final Cameras cameras;

    @Activate
    public DriversHealth(@Reference Cameras cameras) {
        this.cameras = cameras;
    }

    @Override
    public String name() {
        return "drivers";
    }

    @Override
    public boolean requiredForReadiness() {
        // Recording goes on, and so does every other driver.
        return false;
    }

    @Override
    public Result check() {
        return of(cameras.hangingDrivers());
    }

    static Result of(List<Places.Hanging> hanging) {
        Map<String, Integer> calls = new TreeMap<>();
        Map<String, Long> about = new LinkedHashMap<>();
        hanging.forEach(one -> calls.merge(one.driver(), one.calls(), Integer::sum));
        calls.keySet()
                .forEach(driver -> about.put(
                        driver,
                        hanging.stream()
                                .filter(one -> one.driver().equals(driver))
                                .flatMap(one -> one.cameras().stream())
                                .distinct()
                                .count()));
        if (calls.isEmpty()) {
            return new Result(Status.UP, "", Map.of("hangingCalls", 0));
        }
        String detail = calls.entrySet().stream()
                .map(driver -> "The driver " + driver.getKey() + " does not return from " + driver.getValue()
                        + " calls about " + about.get(driver.getKey())
                        + " cameras: control of these waits. Install another version of it; if it stays so, restart the"
                        + " server.")
                .collect(Collectors.joining(" "));
        List<Finding> findings = new ArrayList<>();
        calls.forEach((driver, count) -> findings.add(
                new Finding("driver_hangs", Map.of("driver", driver, "calls", count, "cameras", about.get(driver)))));
        int sum = calls.values().stream().mapToInt(Integer::intValue).sum();
        return new Result(Status.DEGRADED, detail, Map.of("hangingCalls", sum), findings);
    }
}
