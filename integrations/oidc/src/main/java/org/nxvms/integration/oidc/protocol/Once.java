// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What may be used once and was. Any thread. */
final class Once {
    /** More than a provider sends in the time that they are kept; beyond, the oldest are forgotten. */
    private static final int KEPT_MAX = 10_000;

    private final Duration life;
    private final Map<String, Instant> used = new LinkedHashMap<>();

    /** @param life after which it is refused for its age anyway */
    Once(Duration life) {
        this.life = life;
    }

    /** {@return whether this is the first time} */
    synchronized boolean use(String what, Instant now) {
        Iterator<Instant> oldest = used.values().iterator();
        while (oldest.hasNext()) {
            boolean over = oldest.next().plus(life).isBefore(now);
            if (!over && used.size() < KEPT_MAX) {
                break;
            }
            oldest.remove();
        }
        return used.putIfAbsent(what, now) == null;
    }

    synchronized void forget(String what) {
        used.remove(what);
    }
}
