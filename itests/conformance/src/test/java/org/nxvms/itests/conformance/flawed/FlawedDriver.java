// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.driver.axis.AxisDriver;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.PushEndpoints;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The bundle of a bad driver. Which flaw it has stands in its manifest. */
public final class FlawedDriver implements BundleActivator {
    static final String HEADER = "Nxvms-Flaw";

    private static final List<Class<?>> SEEN_THROUGH = List.of(
            CameraSession.class,
            DeviceEvents.AsyncFeed.class,
            DeviceEvents.Feed.class,
            AudioOut.Talk.class,
            DeviceSearch.class);

    private static final Map<String, Flaw> FLAWS = new HashMap<>();

    static {
        FLAWS.putAll(LifeFlaws.BY_RULE);
        FLAWS.putAll(DataFlaws.BY_RULE);
        FLAWS.putAll(ErrorFlaws.BY_RULE);
        FLAWS.putAll(LimitFlaws.BY_RULE);
        FLAWS.putAll(ControlFlaws.BY_RULE);
        FLAWS.putAll(EncoderFlaws.BY_RULE);
        FLAWS.putAll(MaskFlaws.BY_RULE);
        FLAWS.putAll(AudioFlaws.BY_RULE);
        FLAWS.putAll(EventFlaws.BY_RULE);
        FLAWS.putAll(AsyncFlaws.BY_RULE);
        FLAWS.putAll(PushFlaws.BY_RULE);
        FLAWS.putAll(SwapFlaws.BY_RULE);
    }

    /** What flaws keep between calls, by names of their own. */
    final Map<String, Object> memory = new ConcurrentHashMap<>();

    private final AxisDriver good = new AxisDriver();
    private Flaw flaw;
    private String rule;
    private String version;
    private Optional<PushEndpoints> push = Optional.empty();

    /** {@return whether there is a bad driver for a rule} */
    public static boolean breaks(String rule) {
        return FLAWS.containsKey(rule);
    }

    String version() {
        return version;
    }

    /** {@return where devices may deliver; only of drivers whose flaw is about that} */
    Optional<PushEndpoints> push() {
        return push;
    }

    @Override
    public void start(BundleContext context) throws Exception {
        rule = String.valueOf(context.getBundle().getHeaders().get(HEADER));
        version = context.getBundle().getVersion().toString();
        flaw = FLAWS.getOrDefault(rule, Flaw.NONE);
        memory.clear();
        if (rule.startsWith("push.")) {
            push = Optional.ofNullable(context.getServiceReference(PushEndpoints.class))
                    .map(context::getService);
        }
        if (rule.equals("swap.start-at-once")) {
            SwapFlaws.pause(1_500);
        }
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(CameraDriver.PROPERTY_ID, good.info().id());
        properties.put(
                CameraDriver.PROPERTY_NAME,
                rule.equals("swap.service") ? "Another" : good.info().name());
        context.registerService(CameraDriver.class, seen(CameraDriver.class, good), properties);
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        memory.put("stopped", true);
        if (rule.equals("swap.stop-while-opening")) {
            while (memory.containsKey("opening")) {
                SwapFlaws.pause(50);
            }
        }
        if (!rule.equals("swap.collected")) {
            Method close = AxisDriver.class.getDeclaredMethod("close");
            close.setAccessible(true);
            close.invoke(good);
        }
    }

    /** {@return an object of the good driver, with the flaw before it} */
    <T> T seen(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                FlawedDriver.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(target, arguments);
                    }
                    Object[] given = arguments == null ? new Object[0] : arguments;
                    return through(flaw.around(new Visit(this, target, method, given)));
                }));
    }

    /** {@return whether feeds are waited for without a thread} Flaws of events stand in what is waited for with one. */
    private boolean isAsync() {
        return !FLAWS.containsKey(rule) || rule.startsWith("events.async-");
    }

    private Object through(Object answer) {
        if (answer instanceof Optional<?> optional && optional.isPresent()) {
            return Optional.of(through(optional.get()));
        }
        if (answer == null || Proxy.isProxyClass(answer.getClass())) {
            return answer;
        }
        for (Class<?> type : SEEN_THROUGH) {
            if (type.isInstance(answer) && (type != DeviceEvents.AsyncFeed.class || isAsync())) {
                return seen(type, answer);
            }
        }
        if (answer instanceof Capability) {
            for (Class<?> type : answer.getClass().getInterfaces()) {
                if (Capability.class.isAssignableFrom(type)) {
                    return seen(type, answer);
                }
            }
        }
        return answer;
    }
}
