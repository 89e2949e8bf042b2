// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.weaving.WeavingHook;

final class SubjectActivatorTest {
    /** The first Java that refuses when no security manager is allowed. */
    private static final int REFUSING = 23;

    @Test
    void whereJavaAnswersTheFrameworkIsLeftAlone() {
        List<Object> registered = new ArrayList<>();
        BundleContext framework = (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    registered.add(method.getName());
                    registered.add(arguments[0]);
                    return null;
                });
        new SubjectActivator().start(framework);
        assertThat(registered)
                .isEqualTo(
                        Runtime.version().feature() < REFUSING
                                ? List.of()
                                : List.of("registerService", WeavingHook.class));
    }
}
