// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;

/** What is said of a device, wrongly; settings that are not looked at. */
final class DataFlaws {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    static final Map<String, Flaw> BY_RULE = Map.ofEntries(
            Map.entry("data.identity", DataFlaws::otherDevice),
            Map.entry("data.streams", visit -> visit.is("streams") ? List.of() : visit.go()),
            Map.entry(
                    "data.equal-endpoints", visit -> quirk(visit, "token", String.valueOf(COUNTER.incrementAndGet()))),
            Map.entry("data.no-secrets", DataFlaws::tellingName),
            Map.entry("data.playable", DataFlaws::nowhere),
            Map.entry("data.functions-at-once", DataFlaws::slowFunctions),
            Map.entry("data.unknown-function", DataFlaws::anyFunction),
            Map.entry("settings.described", DataFlaws::twice),
            Map.entry("settings.wrong-value", DataFlaws::takesAnyValue),
            Map.entry("settings.unknown-name", DataFlaws::takesAnyName),
            Map.entry("settings.default-is-absent", DataFlaws::asTyped));

    private DataFlaws() {}

    private static Object otherDevice(Visit visit) throws Throwable {
        if (visit.is("identity")) {
            DeviceIdentity its = (DeviceIdentity) visit.go();
            return new DeviceIdentity(
                    its.manufacturer(),
                    its.model(),
                    its.firmware(),
                    "serial " + COUNTER.incrementAndGet(),
                    its.macAddress());
        }
        return visit.go();
    }

    @SuppressWarnings("unchecked")
    private static Object each(Visit visit, UnaryOperator<StreamOffer> change) throws Throwable {
        return visit.is("streams")
                ? ((List<StreamOffer>) visit.go()).stream().map(change).toList()
                : visit.go();
    }

    static Object quirk(Visit visit, String name, String value) throws Throwable {
        return each(
                visit,
                offer -> new StreamOffer(
                        offer.role(),
                        offer.name(),
                        new StreamEndpoint(
                                offer.endpoint().uri(),
                                offer.endpoint().credentials(),
                                offer.endpoint().transports(),
                                Map.of(name, value))));
    }

    private static Object tellingName(Visit visit) throws Throwable {
        return each(
                visit,
                offer -> new StreamOffer(
                        offer.role(),
                        "with " + offer.endpoint().credentials().orElseThrow().password(),
                        offer.endpoint()));
    }

    private static Object nowhere(Visit visit) throws Throwable {
        return each(
                visit,
                offer -> new StreamOffer(
                        offer.role(),
                        offer.name(),
                        new StreamEndpoint(
                                URI.create(offer.endpoint().uri().toString().replace("media.amp", "nowhere")),
                                offer.endpoint().credentials(),
                                offer.endpoint().transports(),
                                Map.of())));
    }

    private static Object slowFunctions(Visit visit) throws Throwable {
        if (visit.is("capability")) {
            SwapFlaws.pause(1_000);
        }
        return visit.go();
    }

    private static Object anyFunction(Visit visit) throws Throwable {
        Object answer = visit.go();
        return visit.is("capability") && ((Optional<?>) answer).isEmpty() ? Optional.of("here") : answer;
    }

    @SuppressWarnings("unchecked")
    private static Object twice(Visit visit) throws Throwable {
        if (visit.is("settings")) {
            List<DriverSetting> twice = new ArrayList<>(((Optional<List<DriverSetting>>) visit.go()).orElseThrow());
            twice.add(twice.get(0));
            return Optional.of(twice);
        }
        return visit.go();
    }

    private static Object takesAnyValue(Visit visit) throws Throwable {
        return visit.is("open") ? visit.with(without(visit.argument(0), false)) : visit.go();
    }

    private static Object takesAnyName(Visit visit) throws Throwable {
        return visit.is("open") ? visit.with(without(visit.argument(0), true)) : visit.go();
    }

    private static DeviceTarget without(DeviceTarget target, boolean unknown) {
        Map<String, String> kept = new TreeMap<>(target.settings());
        kept.keySet().removeIf(name -> unknown == name.startsWith("no-such"));
        return new DeviceTarget(target.address(), target.subAddress(), target.credentials(), kept, target.timeoutMs());
    }

    private static Object asTyped(Visit visit) throws Throwable {
        if (visit.is("open")) {
            visit.driver()
                    .memory
                    .put("typed", visit.<DeviceTarget>argument(0).settings().toString());
        }
        return quirk(visit, "typed", String.valueOf(visit.driver().memory.get("typed")));
    }
}
