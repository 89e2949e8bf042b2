// SPDX-License-Identifier: Apache-2.0
package org.nxvms.test.kit;

import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Settings of one part, where an administrator wrote them, and what the part changed in them. Any thread. */
public final class KeptSettings {
    /** What stands there; an update does not change it. */
    public final Hashtable<String, Object> written = new Hashtable<>();

    /** What was to be written instead, in turn. */
    public final BlockingQueue<Dictionary<String, Object>> updates = new LinkedBlockingQueue<>();

    /** {@return who hands out this configuration, whatever is asked for} */
    @SuppressWarnings("unchecked")
    public ConfigurationAdmin admin() {
        Configuration configuration = proxy(Configuration.class, (method, arguments) -> {
            if (method.equals("update")) {
                updates.add((Dictionary<String, Object>) arguments[0]);
                return null;
            }
            return new Hashtable<>(written);
        });
        return proxy(ConfigurationAdmin.class, (method, arguments) -> configuration);
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                KeptSettings.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
