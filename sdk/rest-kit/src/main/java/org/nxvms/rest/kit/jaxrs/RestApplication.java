// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.ws.rs.HttpMethod;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;

/**
 * Base of a capability's REST application. It owns its resources as singletons and is published once;
 * services come and go behind dynamic references without the application being rebuilt (a rebuild
 * answers 404 for a moment).
 *
 * <p>A subclass is a DS component of service {@code Application} with {@code @JaxrsApplicationBase} and
 * {@code @JaxrsName}; it holds its references as volatile, optional, dynamic, greedy fields.
 */
public abstract class RestApplication extends Application {
    private volatile Set<Object> singletons;

    /** {@return the guard now, null while it is absent} Read from a dynamic reference. */
    protected abstract AccessGuard guard();

    /** {@return the resources, each with {@code @Path}; called once} They read services when asked, not here. */
    protected abstract List<Object> resources();

    /** {@return where {@link Audited} methods are noted, null while it is absent} */
    protected AuditTrail audit() {
        return null;
    }

    /** {@return more JAX-RS providers, such as mappers of exceptions of this capability; called once} */
    protected List<Object> providers() {
        return List.of();
    }

    @Override
    public final synchronized Set<Object> getSingletons() {
        if (singletons == null) {
            List<Object> resources = resources();
            Set<Object> all = new LinkedHashSet<>(resources);
            all.forEach(resource -> checkMarks(resource.getClass()));
            all.addAll(providers());
            all.add(new MethodFilter());
            IdempotencyKeys keys = new IdempotencyKeys(System::nanoTime);
            all.add(new AuthFilter(this::guard, keys));
            all.add(keys);
            all.add(new RequestChecks());
            all.add(new AuditFilter(this::audit));
            all.add(new AnswerFilter());
            all.add(new UnchangedAnswers());
            all.add(new PacedBodies(nanoClock()));
            all.add(new JsonBodies());
            all.add(new Parameters());
            all.add(new ErrorMapper());
            all.add(new ErrorMapper.Web(this::guard, OperationTypes.of(resources)));
            singletons = Set.copyOf(all);
        }
        return singletons;
    }

    /** {@return what paces bodies} For tests of this package. */
    LongSupplier nanoClock() {
        return System::nanoTime;
    }

    /** A forgotten mark is found when the application starts, not when someone calls. */
    private static void checkMarks(Class<?> resource) {
        for (Method method : resource.getMethods()) {
            boolean open = method.isAnnotationPresent(Open.class);
            boolean guarded =
                    method.isAnnotationPresent(Requires.class) || resource.isAnnotationPresent(Requires.class);
            if (isResourceMethod(method) && !open && !guarded) {
                throw new IllegalStateException(method + " needs @Requires or @Open");
            }
        }
    }

    private static boolean isResourceMethod(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            if (annotation.annotationType().isAnnotationPresent(HttpMethod.class)) {
                return true;
            }
        }
        return false;
    }
}
