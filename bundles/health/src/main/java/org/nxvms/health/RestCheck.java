// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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

    private final Supplier<Map<Long, String>> published;
    private volatile boolean wasComplete;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile JaxrsServiceRuntime runtime;

    @Activate
    public RestCheck(BundleContext bundle) {
        this(() -> published(bundle));
    }

    /** @param published paths of the published applications by the id of their service */
    RestCheck(Supplier<Map<Long, String>> published) {
        this.published = published;
    }

    /** For tests: the whiteboard, or null. */
    RestCheck withRuntime(JaxrsServiceRuntime now) {
        runtime = now;
        return this;
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
        Map<Long, String> missing = new TreeMap<>(published.get());
        int all = missing.size();
        for (ApplicationDTO application : now.getRuntimeDTO().applicationDTOs) {
            missing.remove(application.serviceId);
        }
        Map<String, Object> figures = Map.of("applications", all, "served", all - missing.size());
        if (missing.isEmpty()) {
            wasComplete = true;
            return new Result(Status.UP, "", figures);
        }
        String paths = String.join(", ", new TreeSet<>(missing.values()));
        return new Result(
                        wasComplete ? Status.DEGRADED : Status.DOWN,
                        "Not served: " + paths
                                + ". If this lasts, the log says why; updating the bundle behind it publishes it again.",
                        figures)
                .found("not_served", Map.of("paths", paths));
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
