// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each test that a page of {@code docs/design} or docs/security.md names for a promise or a fault is there, under that name; and
 * where footage and rights are at stake each numbered invariant names one.
 */
class DesignsTest {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root")).normalize();
    private static final Pattern CLASS = Pattern.compile(
            "\\b([A-Z][a-z0-9]\\w*(?:Test|IT|Properties|Fuzz|Stories))\\b(?:\\.([a-z]\\w*)(\\.\\.\\.)?)?");
    /** A method whose class was named before it: nothing else has so many words. */
    private static final Pattern METHOD = Pattern.compile("(?<!\\w)([a-z]+(?:[A-Z][a-z0-9]*){5,})\\b(\\.\\.\\.)?");

    private static final Pattern NUMBERED = Pattern.compile("(\\d+)\\. .*");
    private static final Set<String> PROVEN =
            Set.of("archive.md", "events.md", "identity.md", "ingest.md", "integrations.md", "time.md");

    private static final Set<String> NO_SOURCES = Set.of("target", "node_modules", ".git");

    @Test
    void everyTestThatADesignNamesIsThere() throws IOException {
        Map<String, String> tests = tests();
        String all = String.join("\n", tests.values());
        List<String> missing = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        try (Stream<Path> designs = Files.list(ROOT.resolve("docs/design"))) {
            Stream<Path> pages = Stream.concat(designs, Stream.of(ROOT.resolve("docs/security.md")));
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(page);
                for (Matcher name = CLASS.matcher(text); name.find(); ) {
                    named.add(name.group(1));
                    String source = tests.getOrDefault(name.group(1), "");
                    boolean there = name.group(2) == null
                            ? !source.isEmpty()
                            : hasMethod(source, name.group(2), name.group(3) != null);
                    if (!there) {
                        missing.add(page.getFileName() + ": " + name.group());
                    }
                }
                for (Matcher name = METHOD.matcher(text); name.find(); ) {
                    if (!hasMethod(all, name.group(1), name.group(2) != null)) {
                        missing.add(page.getFileName() + ": " + name.group());
                    }
                }
            }
        }
        assertThat(named).as("tests that designs name").hasSizeGreaterThan(50);
        assertThat(missing).as("tests that designs name and nobody finds").isEmpty();
    }

    @Test
    void eachInvariantIsNumberedInItsTurnAndNamesItsTest() throws IOException {
        List<String> wrong = new ArrayList<>();
        int found = 0;
        for (String page : PROVEN) {
            int last = 0;
            boolean within = false;
            for (String line : Files.readAllLines(ROOT.resolve("docs/design").resolve(page))) {
                Matcher invariant = NUMBERED.matcher(line);
                if (line.startsWith("#")) {
                    within = line.endsWith("Invariants");
                    last = 0;
                } else if (within && invariant.matches()) {
                    found++;
                    if (Integer.parseInt(invariant.group(1)) != ++last) {
                        wrong.add(page + ": where " + last + " is expected stands " + line);
                    } else if (!CLASS.matcher(line).find()
                            && !METHOD.matcher(line).find()) {
                        wrong.add(page + ": no test in " + line);
                    }
                }
            }
        }
        assertThat(found).as("invariants").isGreaterThan(60);
        assertThat(wrong).as("invariants that nobody proves").isEmpty();
    }

    private static boolean hasMethod(String source, String name, boolean abbreviated) {
        return source.contains(" void " + name + (abbreviated ? "" : "("));
    }

    /** {@return the source of each test class, by its simple name} */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> sources = new HashMap<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NO_SOURCES.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().contains("/src/test/") && file.toString().endsWith(".java")) {
                    sources.merge(
                            file.getFileName().toString().replace(".java", ""),
                            text(file),
                            (one, other) -> one + other);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
