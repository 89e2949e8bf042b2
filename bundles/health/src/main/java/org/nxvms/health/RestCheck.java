// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.runtime.JaxrsServiceRuntime;
import org.osgi.service.jaxrs.runtime.dto.ApplicationDTO;
import org.osgi.service.jaxrs.whiteboard.JaxrsWhiteboardConstants;

/**
 * Whether every REST application that a bundle published is being served. At start the whiteboard takes them into use
 * one after the other; until it has all of them, one that is asked for answers 404 although this server says that it
 * lives. Later an application that is replaced is away for a moment, which makes the server no less ready.
 */
@Component
public final class RestCheck implements HealthCheck {
    /** The whiteboard publishes one itself, for resources without an application; it does not list it among the others. */
    private static final String APPLICATIONS = "(&(" + JaxrsWhiteboardConstants.JAX_RS_APPLICATION_BASE + "=*)(!("
            + JaxrsWhiteboardConstants.JAX_RS_NAME + "=" + JaxrsWhiteboardConstants.JAX_RS_DEFAULT_APPLICATION + ")))";

    /** What was found whole is not looked at again for so long, unless the whiteboard tells of a change. */
    private static final long WHOLE_NS_MAX = TimeUnit.MINUTES.toNanos(5);

    /** A look that found every application served. */
    private record Whole(Map<Long, String> published, int changes, long atNs) {}

    private final Supplier<Map<Long, String>> published;
    private final LongSupplier nowNs;
    private volatile boolean wasComplete;
    private volatile JaxrsServiceRuntime runtime;
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Optional<Whole> whole = Optional.empty();

    @Activate
    public RestCheck(BundleContext bundle) {
        this(() -> published(bundle), System::nanoTime);
    }

    /** @param published paths of the published applications by the id of their service */
    RestCheck(Supplier<Map<Long, String>> published, LongSupplier nowNs) {
        this.published = published;
        this.nowNs = nowNs;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void bindRuntime(JaxrsServiceRuntime now) {
        runtime = now;
        changes.incrementAndGet();
    }

    /** The whiteboard counts its changes in a property of its service (service.changecount). */
    void updatedRuntime(JaxrsServiceRuntime now) {
        changes.incrementAndGet();
    }

    void unbindRuntime(JaxrsServiceRuntime gone) {
        // The next one may have been bound before the last one goes.
        if (runtime == gone) {
            runtime = null;
        }
    }

    @Override
    public String name() {
        return "rest";
    }

    @Override
    public Result check() {
        JaxrsServiceRuntime now = runtime;
        if (now == null) {
            return Result.down("The REST whiteboard does not run.").found("rest_absent");
        }
        Map<Long, String> paths = published.get();
        int all = paths.size();
        if (isKnownWhole(paths)) {
            return new Result(Status.UP, "", Map.of("applications", all, "served", all));
        }
        Map<Long, String> missing = missing(now, paths);
        Map<String, Object> figures = Map.of("applications", all, "served", all - missing.size());
        if (missing.isEmpty()) {
            wasComplete = true;
            return new Result(Status.UP, "", figures);
        }
        String unserved = String.join(", ", new TreeSet<>(missing.values()));
        return new Result(
                        wasComplete ? Status.DEGRADED : Status.DOWN,
                        "Not served: " + unserved
                                + ". If this lasts, the log says why; updating the bundle behind it publishes it again.",
                        figures)
                .found("not_served", Map.of("paths", unserved));
    }

    private boolean isKnownWhole(Map<Long, String> paths) {
        return whole.filter(known -> known.changes() == changes.get()
                        && known.published().equals(paths)
                        && nowNs.getAsLong() - known.atNs() < WHOLE_NS_MAX)
                .isPresent();
    }

    /** {@return what is not served; for that the whiteboard builds a picture of all its parts} */
    private Map<Long, String> missing(JaxrsServiceRuntime now, Map<Long, String> paths) {
        // As of before the look: what changes meanwhile is looked at again.
        Whole looked = new Whole(paths, changes.get(), nowNs.getAsLong());
        Map<Long, String> missing = new TreeMap<>(paths);
        for (ApplicationDTO application : now.getRuntimeDTO().applicationDTOs) {
            missing.remove(application.serviceId);
        }
        if (missing.isEmpty()) {
            whole = Optional.of(looked);
        }
        return missing;
    }

    private static Map<Long, String> published(BundleContext bundle) {
        try {
            Map<Long, String> paths = new HashMap<>();
            for (ServiceReference<Application> application :
                    bundle.getServiceReferences(Application.class, APPLICATIONS)) {
                paths.put(
                        (Long) application.getProperty(Constants.SERVICE_ID),
                        String.valueOf(application.getProperty(JaxrsWhiteboardConstants.JAX_RS_APPLICATION_BASE)));
            }
            return paths;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
