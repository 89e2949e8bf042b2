// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** {@code --name value} pairs; what a benchmark does not know is refused, not ignored. */
final class Options {
    private final Map<String, String> values = new LinkedHashMap<>();

    Options(String[] arguments, int from, Set<String> known) {
        for (int i = from; i < arguments.length; i += 2) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            if (!known.contains(name)) {
                throw new IllegalArgumentException("there is no option \"" + arguments[i] + "\"");
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException("--" + name + " wants a value");
            }
            values.put(name, arguments[i + 1]);
        }
    }

    String text(String name, String byDefault) {
        return values.getOrDefault(name, byDefault);
    }

    int number(String name, int byDefault, int min, int max) {
        String text = values.get(name);
        if (text == null) {
            return byDefault;
        }
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("--" + name + " wants a number, not \"" + text + "\"", notANumber);
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException("--" + name + ": " + min + ".." + max + ", not " + value);
        }
        return value;
    }
}
