// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Hosts that settings name, the database's among them, by what stands for each: in a network at home they have no dots. */
final class SetHosts {
    /** The database's address, where it is not the embedded one. */
    static final String DATABASE = "NXVMS_DB_URL";

    private static final String OURS = "(service.pid=org.nxvms.*)";
    /** Of an address, which may have a login and name several hosts; of a TURN server, too. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:[a-z][a-z0-9+.:-]*://|\\b(?:turns?|stuns?):)(?:[^@/\\s]*@)?([^/?#\\s]+)");
    /** An address of four numbers is found by its form. */
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");

    private SetHosts() {}

    /** @param admin null while it is absent */
    static Map<String, String> of(ConfigurationAdmin admin, Map<String, String> environment) {
        Map<String, String> hosts = new HashMap<>();
        add(hosts, "database", environment.getOrDefault(DATABASE, ""));
        Configuration[] found = admin == null ? null : ours(admin);
        for (Configuration one : found == null ? new Configuration[0] : found) {
            Dictionary<String, Object> values = one.getProperties();
            String pid = one.getFactoryPid() == null ? one.getPid() : one.getFactoryPid();
            for (String key : values == null ? List.<String>of() : Collections.list(values.keys())) {
                texts(values.get(key)).forEach(text -> add(hosts, pid.substring(pid.lastIndexOf('.') + 1), text));
            }
        }
        return hosts;
    }

    private static Configuration[] ours(ConfigurationAdmin admin) {
        try {
            return admin.listConfigurations(OURS);
        } catch (IOException e) {
            throw new IllegalStateException("The settings cannot be read.", e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("The filter is ours.", e);
        }
    }

    private static Stream<String> texts(Object value) {
        return value instanceof Collection<?> several
                ? several.stream().map(String::valueOf)
                : value instanceof Object[] some
                        ? Arrays.stream(some).map(String::valueOf)
                        : Stream.of(String.valueOf(value));
    }

    private static void add(Map<String, String> hosts, String whose, String text) {
        Matcher found = ADDRESS.matcher(text);
        while (found.find()) {
            for (String host : found.group(1).split(",")) {
                String name = host.replaceFirst(":\\d*$", "");
                if (NAME.matcher(name).matches()) {
                    hosts.putIfAbsent(name, "[" + whose + "-host-" + (hosts.size() + 1) + "]");
                }
            }
        }
    }
}
