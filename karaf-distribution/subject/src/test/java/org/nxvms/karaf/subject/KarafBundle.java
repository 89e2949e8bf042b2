// SPDX-License-Identifier: Apache-2.0
package org.nxvms.karaf.subject;

import java.io.IOException;
import java.io.InputStream;

/** One of Karaf's bundles as its classes are loaded: from its jar, woven, and apart from the same classes of other bundles. */
final class KarafBundle extends ClassLoader {
    KarafBundle() {
        super(KarafBundle.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        // Principals come from the class path, as in the server (bootdelegation).
        if (!name.startsWith("org.apache.karaf.") || name.startsWith("org.apache.karaf.jaas.boot.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = stream.readAllBytes();
            if (SubjectWeaving.CLASSES.contains(name)) {
                bytes = SubjectCalls.exchangedIn(bytes);
            }
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
