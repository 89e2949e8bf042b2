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
    /** So much more or less there is of anything at any time. */
    private static final int BREATH = 4;

    /** Made at run time, for a while: proxies, accessors, lambdas, forms of method handles. */
    private static final Pattern MADE = Pattern.compile("\\$\\$|\\$Proxy|Generated|GENERATED|Accessor\\d|LambdaForm");

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
    static void addTo(Map<String, Object> figures, List<Part> parts, Holdings before, Holdings after) {
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
        Map<String, Long> loadersOf = new LinkedHashMap<>();
        parts.forEach(part -> loadersOf.put(part.label(), after.loadersOf(part)));
        figures.put("loadersOfPart", loadersOf);
        figures.put("wiringsChanged", after.gone(parts, before));
    }

    /**
     * {@return what exchanges have left behind: versions that are still in memory, and what there is more of for at least
     * every other exchange of a part; pools breathe} Direct memory is not judged, as rings keep theirs for the next time.
     *
     * @param exchanges of each part since before
     */
    List<String> leftBehind(List<Part> parts, Holdings before, int exchanges) {
        List<String> left = new ArrayList<>();
        for (Part part : parts) {
            long gone = loadersOf(part) - 1;
            if (gone > 0) {
                left.add(gone + " versions of " + part.label() + " that have gone");
            }
        }
        long bound = Math.max(BREATH, exchanges / 2);
        threads.forEach((name, count) -> {
            long more = count - before.threads.getOrDefault(name, 0L);
            if (more >= bound) {
                left.add(more + " threads " + name);
            }
        });
        if (openFiles - before.openFiles >= bound) {
            left.add(openFiles - before.openFiles + " files");
        }
        if (sockets - before.sockets >= bound) {
            left.add(sockets - before.sockets + " sockets");
        }
        return left;
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
    List<String> gone(List<Part> parts, Holdings before) {
        List<String> gone = new ArrayList<>();
        new LinkedHashMap<>(before.loaders).forEach((address, classes) -> {
            boolean lasting =
                    classes.stream().noneMatch(name -> MADE.matcher(name).find());
            boolean exchanged = parts.stream().anyMatch(part -> isOf(part, classes));
            if (lasting && !exchanged && !loaders.containsKey(address)) {
                gone.add(classes.iterator().next());
            }
        });
        return gone;
    }
}
