// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Jar;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/**
 * The API of one package as bnd sees it, with its version; written down as text, one line an element, so that a change of a
 * contract is read in a review: {@code type, delta when added, delta when removed, name}.
 */
record RecordedApi(Version version, Tree api) {
    private static final String VERSION = "version ";

    /** {@return the exported packages of a built bundle, by name} */
    static Map<String, RecordedApi> of(BuiltBundle bundle) {
        Map<String, RecordedApi> packages = new HashMap<>();
        try (Jar jar = new Jar(bundle.jar().toFile())) {
            Tree api = new DiffPluginImpl().tree(jar).get("<api>");
            bundle.clauses("Export-Package")
                    .forEach((name, attributes) -> packages.put(
                            name,
                            new RecordedApi(
                                    Version.parseVersion(attributes.getVersion()),
                                    tree(declared(api.get(name).serialize())))));
        } catch (Exception e) {
            throw new IllegalStateException("The API of " + bundle + " cannot be read", e);
        }
        return packages;
    }

    /** Leaves out what a type has from the JDK: that changes with the JDK that builds. */
    private static Tree.Data declared(Tree.Data element) {
        boolean isType = element.type == Type.CLASS
                || element.type == Type.INTERFACE
                || element.type == Type.ENUM
                || element.type == Type.ANNOTATION;
        Set<String> own = isType ? ownMethods(element.name) : Set.of();
        element.children = Arrays.stream(children(element))
                .filter(child -> !isType || child.type != Type.METHOD || own.contains(key(child.name)))
                .map(RecordedApi::declared)
                .toArray(Tree.Data[]::new);
        return element;
    }

    private static Set<String> ownMethods(String type) {
        try {
            Class<?> loaded = Class.forName(type, false, RecordedApi.class.getClassLoader());
            return Stream.concat(
                            Arrays.stream(loaded.getDeclaredMethods())
                                    .map(method -> method.getName() + "/" + method.getParameterCount()),
                            Arrays.stream(loaded.getDeclaredConstructors())
                                    .map(made -> "<init>/" + made.getParameterCount()))
                    .collect(Collectors.toSet());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(type + " is in the jar but not on the class path", e);
        }
    }

    /** {@return name and number of parameters of {@code name(type,type)}} */
    private static String key(String method) {
        int open = method.indexOf('(');
        String parameters = method.substring(open + 1, method.length() - 1);
        long count = parameters.isEmpty()
                ? 0
                : 1 + parameters.chars().filter(c -> c == ',').count();
        return method.substring(0, open) + "/" + count;
    }

    /** {@return what was written down; empty when nothing was} */
    static Optional<RecordedApi> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file);
            Version version = Version.parseVersion(lines.get(0).substring(VERSION.length()));
            return Optional.of(new RecordedApi(version, tree(parse(lines.subList(1, lines.size())))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path file) {
        StringBuilder text = new StringBuilder(VERSION).append(version).append('\n');
        append(text, api.serialize(), 0);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Tree tree(Tree.Data data) {
        try {
            return new DiffPluginImpl().deserialize(data);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void append(StringBuilder text, Tree.Data element, int depth) {
        text.append(" ".repeat(depth))
                .append(element.type)
                .append(' ')
                .append(element.add)
                .append(' ')
                .append(element.rem)
                .append(' ')
                .append(element.name)
                .append('\n');
        for (Tree.Data child : children(element)) {
            append(text, child, depth + 1);
        }
    }

    static Tree.Data[] children(Tree.Data element) {
        return element.children == null ? new Tree.Data[0] : element.children;
    }

    private static Tree.Data parse(List<String> lines) {
        Deque<Tree.Data> path = new ArrayDeque<>();
        for (String line : lines) {
            int depth = 0;
            while (line.charAt(depth) == ' ') {
                depth++;
            }
            String[] words = line.substring(depth).split(" ", 4);
            Tree.Data element = new Tree.Data();
            element.type = Type.valueOf(words[0]);
            element.add = Delta.valueOf(words[1]);
            element.rem = Delta.valueOf(words[2]);
            element.name = words[3];
            while (path.size() > depth) {
                path.pop();
            }
            if (!path.isEmpty()) {
                Tree.Data parent = path.peek();
                List<Tree.Data> more = new ArrayList<>(Arrays.asList(children(parent)));
                more.add(element);
                parent.children = more.toArray(Tree.Data[]::new);
            }
            path.push(element);
        }
        return path.getLast();
    }

    /** {@return the least version that this package must have with such an API} (OSGi semantic versioning) */
    Version leastFor(Tree newer) {
        Delta delta = newer.diff(api).getDelta();
        return switch (delta) {
            case MAJOR, REMOVED -> new Version(version.getMajor() + 1, 0, 0);
            case MINOR, ADDED -> new Version(version.getMajor(), version.getMinor() + 1, 0);
            default -> version;
        };
    }

    /** {@return what differs, a line each, with the delta it makes} */
    List<String> differences(Tree newer) {
        List<String> lines = new ArrayList<>();
        collect(newer.diff(api), "", lines);
        return lines;
    }

    private static void collect(aQute.bnd.service.diff.Diff diff, String where, List<String> lines) {
        Delta delta = diff.getDelta();
        if (delta == Delta.UNCHANGED || delta == Delta.IGNORED) {
            return;
        }
        String name = where + "/" + diff.getName();
        if (delta == Delta.ADDED || delta == Delta.REMOVED || diff.getChildren().isEmpty()) {
            lines.add(delta + " " + name);
            return;
        }
        diff.getChildren().forEach(child -> collect(child, name, lines));
    }
}
