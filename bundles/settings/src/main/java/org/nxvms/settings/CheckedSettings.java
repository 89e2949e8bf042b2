// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts right what one set of settings has wrong, and knows what was. Of one that is there once (a part of the server) a wrong
 * value is replaced by the last right one, or left out so that the default counts; of one of several (a volume, an endpoint)
 * the last right one counts too, but without any it stays wrong: a volume that was meant for something else is no volume.
 */
final class CheckedSettings {
    /** What is wrong in one file. */
    record Fault(String key, String what, String instead) {}

    private final Function<String, Map<String, Setting>> known;
    /** The values that were right last, by PID and key. */
    private final Map<String, Map<String, Object>> right = new HashMap<>();

    CheckedSettings(Function<String, Map<String, Setting>> known) {
        this.known = known;
    }

    /**
     * Changes what is wrong.
     *
     * @param pid of this set
     * @param factoryPid of all of its kind; empty for a part that is there once
     * @return what was wrong
     */
    synchronized List<Fault> put(String pid, Optional<String> factoryPid, Dictionary<String, Object> properties) {
        Map<String, Setting> settings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        settings.putAll(known.apply(factoryPid.orElse(pid)));
        if (settings.isEmpty()) {
            return List.of();
        }
        List<Fault> faults = new ArrayList<>();
        Map<String, Object> before = right.getOrDefault(pid, Map.of());
        Map<String, Object> now = new HashMap<>();
        for (String key : Collections.list(properties.keys())) {
            Setting setting = settings.get(key);
            if (setting == null) {
                if (isForThePart(key)) {
                    faults.add(new Fault(key, "is no setting of " + factoryPid.orElse(pid), "it is passed over"));
                }
                continue;
            }
            Object value = setting.stripped(properties.get(key));
            // Who reads it takes neither another case nor a blank at the end of a line.
            properties.remove(key);
            properties.put(setting.id(), value);
            Optional<String> wrong = setting.fault(value);
            if (wrong.isEmpty()) {
                now.put(setting.id(), value);
                continue;
            }
            Object last = before.get(setting.id());
            if (last != null) {
                properties.put(setting.id(), last);
                now.put(setting.id(), last);
                faults.add(new Fault(setting.id(), wrong.get(), "it stays as it was"));
            } else if (factoryPid.isEmpty()) {
                properties.remove(setting.id());
                faults.add(new Fault(setting.id(), wrong.get(), "the default counts"));
            } else {
                faults.add(new Fault(setting.id(), wrong.get(), "it is given to its part as it is"));
            }
        }
        right.put(pid, now);
        return faults;
    }

    synchronized void forget(String pid) {
        right.remove(pid);
    }

    /** {@return whether a key means something to the part, and not to those who bring it there} */
    private static boolean isForThePart(String key) {
        return !key.startsWith(".")
                && !key.startsWith("service.")
                && !key.startsWith("component.")
                && !key.startsWith("felix.fileinstall.")
                && !key.startsWith("org.apache.karaf.")
                && !key.endsWith(".target");
    }
}
