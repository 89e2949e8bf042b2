// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * {@code docs/settings.md} says what the jars' own metatype says. After a change of a setting: {@code mvn -pl itests/laws -am
 * verify -Dtest=SettingsPageTest -Dnxvms.settings.write=true} writes the page anew.
 */
class SettingsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("nxvms.root"))
            .resolve("docs/settings.md")
            .normalize();

    @Test
    void thePageOfSettingsIsWhatTheServerKnows() throws Exception {
        Map<String, String> sections = new TreeMap<>();
        for (String rooms : List.of("bundles", "integrations", "drivers")) {
            for (BuiltBundle bundle : BuiltBundle.in(rooms)) {
                read(bundle.jar(), sections);
            }
        }
        assertThat(sections).as("parts with settings").containsKey("org.nxvms.archive");
        String page =
                """
                # Settings
                Made from the server's own metatype by `SettingsPageTest`; do not edit by hand. Each heading is a file `NXVMS_DATA/etc/NAME.cfg` (for a volume, a webhook or an OpenID provider `NAME-ANY.cfg`, one each) with lines `key = value`; a file holds only what differs from the default. A change applies within two seconds, without restart, unless a line says otherwise. In the shell: `config:property-set --pid org.nxvms.archive flushSeconds 2`.

                """
                        + String.join("\n", sections.values());

        if (Boolean.getBoolean("nxvms.settings.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("docs/settings.md; after a change of settings write it anew, see this test")
                .hasContent(page);
    }

    private static void read(Path jar, Map<String, String> sections) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream()
                    .filter(e -> e.getName().matches("OSGI-INF/metatype/.*\\.xml"))
                    .toList()) {
                Document metatype = parsed(file, entry);
                Element designate =
                        (Element) metatype.getElementsByTagName("Designate").item(0);
                String factory = designate.getAttribute("factoryPid");
                String pid = factory.isEmpty() ? designate.getAttribute("pid") : factory;
                sections.put(pid, section(pid, metatype));
            }
        }
    }

    private static Document parsed(JarFile file, JarEntry entry) throws Exception {
        try (InputStream in = file.getInputStream(entry)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static String section(String pid, Document metatype) throws IOException {
        StringBuilder section = new StringBuilder("## ").append(pid).append('\n');
        Element part = (Element) metatype.getElementsByTagName("OCD").item(0);
        section.append(part.getAttribute("name"));
        if (!part.getAttribute("description").isEmpty()) {
            section.append(". ").append(part.getAttribute("description").replaceFirst("\\.$", ""));
        }
        section.append(".\n\n| key | default | range | meaning |\n|---|---|---|---|\n");
        NodeList settings = part.getElementsByTagName("AD");
        for (int i = 0; i < settings.getLength(); i++) {
            section.append(row((Element) settings.item(i)));
        }
        return section.toString();
    }

    private static String row(Element setting) {
        String preset = setting.getAttribute("default");
        String min = setting.getAttribute("min");
        String max = setting.getAttribute("max");
        String range = min.isEmpty() && max.isEmpty() ? "" : (max.isEmpty() ? "from " + min : min + " .. " + max);
        String name = setting.getAttribute("name");
        String description = setting.getAttribute("description");
        String meaning = description.isEmpty()
                ? name
                : name.equals(setting.getAttribute("id")) ? description : name + ": " + description;
        return "| `" + setting.getAttribute("id") + "` | " + (preset.isEmpty() ? "" : "`" + preset + "`") + " | "
                + range + " | " + meaning.replace("|", "\\|") + " |\n";
    }
}
