// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.rest.kit.problem.Page;

/** Each bundle has a copy of the kit and shares Jackson with the others: it goes without a trace all the same. */
class JsonLeavesTest {
    private static final String KIT = "org.nxvms.rest.kit.";

    /** As a bundle sees it: the kit is its own, the libraries are not. */
    private static final class Bundle extends URLClassLoader {
        Bundle() {
            super(
                    new URL[] {Json.class.getProtectionDomain().getCodeSource().getLocation()},
                    Json.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith(KIT)) {
                    return super.loadClass(name, resolve);
                }
                Class<?> known = findLoadedClass(name);
                return known == null ? findClass(name) : known;
            }
        }
    }

    private static WeakReference<ClassLoader> usedAndGone() throws Exception {
        try (Bundle bundle = new Bundle()) {
            ObjectMapper mapper = (ObjectMapper)
                    bundle.loadClass(KIT + "json.Json").getMethod("mapper").invoke(null);
            Class<?> page = bundle.loadClass(Page.class.getName());
            assertThat(page).isNotEqualTo(Page.class);
            Object whole = page.getMethod("whole", List.class).invoke(null, List.of("one"));
            assertThat(mapper.writeValueAsString(whole)).isEqualTo("{\"items\":[\"one\"]}");
            return new WeakReference<>(bundle);
        }
    }

    @Test
    void jacksonKeepsNothingOfABundleThatHasGone() throws Exception {
        WeakReference<ClassLoader> loader = usedAndGone();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (loader.get() != null) {
            assertThat(System.nanoTime()).as("its class loader is still there").isLessThan(end);
            System.gc();
        }
    }
}
