// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What tests share is for tests (ADR 116): no room has it in another scope, no jar has its classes, no feature names it. */
class TestKitTest {
    private static final Path ROOT = Path.of(System.getProperty("nxvms.root")).normalize();
    private static final String KIT = "nxvms-test-kit";

    static List<BuiltBundle> bundles() {
        return ManifestLawsTest.all();
    }

    @Test
    void whoHasItHasItInScopeTest() throws Exception {
        List<String> scopes = new ArrayList<>();
        for (Path pom : poms()) {
            NodeList dependencies = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                Element dependency = (Element) dependencies.item(i);
                if (text(dependency, "artifactId").equals(KIT)) {
                    scopes.add(ROOT.relativize(pom) + " " + text(dependency, "scope"));
                }
            }
        }
        assertThat(scopes).hasSizeGreaterThan(5).allMatch(scope -> scope.endsWith(" test"));
    }

    private static String text(Element dependency, String name) {
        NodeList found = dependency.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    }

    /** {@return the project's, and those of its rooms} */
    private static List<Path> poms() throws IOException {
        List<Path> poms = new ArrayList<>(List.of(ROOT.resolve("pom.xml")));
        try (Stream<Path> folders = Files.list(ROOT)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                try (Stream<Path> rooms = Files.list(folder)) {
                    Stream.concat(Stream.of(folder), rooms)
                            .map(room -> room.resolve("pom.xml"))
                            .filter(Files::exists)
                            .forEach(poms::add);
                }
            }
        }
        assertThat(poms).hasSizeGreaterThan(40);
        return poms;
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void noJarHasItsClasses(BuiltBundle bundle) {
        assertThat(bundle.classes()).noneMatch(name -> name.startsWith("org/nxvms/test/"));
    }

    @Test
    void noFeatureNamesIt() throws IOException {
        Path features = ROOT.resolve("features/src/main/feature/features.xml");
        assertThat(Files.readString(features)).contains("nxvms-platform-api").doesNotContain(KIT);
    }
}
