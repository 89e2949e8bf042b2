// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.nxvms.itests.harness.Api;

/**
 * What a server's process holds after a full collection: what is more of it after many exchanges is left of them. And which
 * class loaders there are: a bundle has one as long as its wiring lasts, so that those of all bundles but one must still be
 * the same.
 *
 * @param threads by name, numbers left out
 * @param directBytes memory outside of the heap
 * @param loaders by the JVM's address of each, with its classes
 */
record Holdings(
        Map<String, Long> threads, long openFiles, long sockets, long directBytes, Map<String, Set<String>> loaders) {
    private static final String DIRECT = "jvm_buffer_pool_used_bytes{pool=\"direct\"}";
    private static final String SHELL_THREAD = "session-#-thread-#";

    /** Made at run time, for a while: proxies, accessors, lambdas. */
    private static final Pattern MADE = Pattern.compile("\\$\\$|\\$Proxy|Generated|GENERATED|Accessor\\d");

    static Holdings of(long pid, Api api) throws IOException, InterruptedException {
        JvmProbe jvm = new JvmProbe(pid);
        jvm.collect();
        String metrics = new String(api.get("/metrics").expect(200).bytes(), StandardCharsets.UTF_8);
        long direct = metrics.lines()
                .filter(line -> line.startsWith(DIRECT))
                .mapToLong(line ->
                        Double.valueOf(line.substring(DIRECT.length()).strip()).longValue())
                .sum();
        Map<String, Long> threads = new TreeMap<>();
        for (String name : jvm.nativeIds().keySet()) {
            String kind = name.replaceAll("\\d+", "#");
            // Of the shell that the exchanges are ordered in: they wait a while for another command.
            if (!kind.equals(SHELL_THREAD)) {
                threads.merge(kind, 1L, Long::sum);
            }
        }
        return new Holdings(threads, Load.openFiles(pid), Load.sockets(pid), direct, jvm.loaders());
    }

    /** Adds what is more than before, and what of it belongs to the exchanged part. */
    static void addTo(Map<String, Object> figures, Part part, Holdings before, Holdings after) {
        Map<String, Long> more = new TreeMap<>();
        Set<String> names = new TreeSet<>(before.threads.keySet());
        names.addAll(after.threads.keySet());
        for (String name : names) {
            long difference = after.threads.getOrDefault(name, 0L) - before.threads.getOrDefault(name, 0L);
            if (difference != 0) {
                more.put(name, difference);
            }
        }
        figures.put(
                "threadsMore", more.values().stream().mapToLong(Long::longValue).sum());
        figures.put("threadsMoreByName", more);
        figures.put("openFilesMore", after.openFiles - before.openFiles);
        figures.put("socketsMore", after.sockets - before.sockets);
        figures.put("directMemoryMoreBytes", after.directBytes - before.directBytes);
        figures.put("loadersOfPart", after.loadersOf(part));
        figures.put("wiringsChanged", after.gone(part, before));
    }

    /** {@return how many versions of the part there still are, gone ones included} */
    long loadersOf(Part part) {
        return loaders.values().stream().filter(classes -> isOf(part, classes)).count();
    }

    private static boolean isOf(Part part, Set<String> classes) {
        String prefix = part.bundle + ".";
        return classes.stream()
                .anyMatch(name -> name.startsWith(prefix) && Character.isUpperCase(name.charAt(prefix.length())));
    }

    /** {@return for each class loader of another part that is not there any more one of its classes} */
    List<String> gone(Part part, Holdings before) {
        List<String> gone = new ArrayList<>();
        new LinkedHashMap<>(before.loaders).forEach((address, classes) -> {
            boolean lasting =
                    classes.stream().noneMatch(name -> MADE.matcher(name).find());
            if (lasting && !isOf(part, classes) && !loaders.containsKey(address)) {
                gone.add(classes.iterator().next());
            }
        });
        return gone;
    }
}
