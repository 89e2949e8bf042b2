// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A jar as the build made it, seen through its manifest. */
record BuiltBundle(String room, Path jar, Manifest manifest) {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root")).normalize();

    /** {@return the bundles in the rooms below {@code folder}, e.g. {@code bundles}} */
    static List<BuiltBundle> in(String folder) {
        List<BuiltBundle> found = new ArrayList<>();
        try (Stream<Path> rooms = Files.list(ROOT.resolve(folder))) {
            for (Path room : rooms.filter(r -> Files.exists(r.resolve("bnd.bnd")))
                    .sorted()
                    .toList()) {
                found.add(read(folder + "/" + room.getFileName(), room));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static BuiltBundle read(String name, Path room) throws IOException {
        try (Stream<Path> jars = Files.list(room.resolve("target"))) {
            Path jar = jars.filter(j -> j.getFileName().toString().matches("nxvms-.*[0-9]\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(name + " has no built jar; build it first"));
            try (JarFile file = new JarFile(jar.toFile())) {
                return new BuiltBundle(name, jar, file.getManifest());
            }
        }
    }

    String header(String name) {
        String value = manifest.getMainAttributes().getValue(name);
        return value == null ? "" : value;
    }

    Map<String, Attrs> clauses(String name) {
        Parameters parameters = OSGiHeader.parseHeader(header(name));
        return parameters.asMapMap().keySet().stream()
                .collect(java.util.stream.Collectors.toMap(k -> k, parameters::get));
    }

    List<String> classes() {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(e -> e.getName())
                    .filter(n -> n.endsWith(".class"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return room;
    }
}
