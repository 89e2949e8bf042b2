// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Of the bundle that goes, in each way that the JDK remembers it. */
record Link(String name, Link before) {}

/** The last record that was compared goes with its bundle. */
class LastRecordTest {
    /** As a bundle is: with classes of its own. */
    private static final class Bundle extends ClassLoader {
        Bundle() {
            super(LastRecordTest.class.getClassLoader());
        }

        Class<?> link() throws IOException {
            String name = Link.class.getName();
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = in.readAllBytes();
                return defineClass(name, code, 0, code.length);
            }
        }
    }

    private static WeakReference<ClassLoader> comparedAndGone() throws Exception {
        Bundle bundle = new Bundle();
        Class<?> link = bundle.link();
        assertThat(link).isNotEqualTo(Link.class);
        Constructor<?> made = link.getDeclaredConstructor(String.class, link);
        made.setAccessible(true);
        Object first = made.newInstance("first", null);
        Object second = made.newInstance("second", first);
        assertThat(second).isEqualTo(made.newInstance("second", first)).isNotEqualTo(first);
        assertThat(second.hashCode()).isNotEqualTo(first.hashCode());
        assertThat(second).hasToString("Link[name=second, before=Link[name=first, before=null]]");
        return new WeakReference<>(bundle);
    }

    @Test
    void theJdkForgetsARecordWhoseBundleHasGone() throws Exception {
        WeakReference<ClassLoader> loader = comparedAndGone();
        LastRecord.forget();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (loader.get() != null) {
            assertThat(System.nanoTime()).as("its class loader is still there").isLessThan(end);
            System.gc();
        }
    }
}
