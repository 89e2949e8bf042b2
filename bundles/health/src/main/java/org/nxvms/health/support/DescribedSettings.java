// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which settings of which parts are numbers, switches or choices, as installed bundles say (OSGi Compendium 105.8). */
final class DescribedSettings {
    private static final Logger LOG = LoggerFactory.getLogger(DescribedSettings.class);

    /**
     * What may be shown of a setting.
     *
     * @param type as described: {@code Integer}, {@code Boolean}, {@code String}, ...
     * @param options what it can be; empty when that is not said
     */
    record Described(String type, Set<String> options) {
        /** {@return what is told of a value: itself, when it is a number, a switch or one of the choices; else whether it is set} */
        Object told(Object value) {
            String text = String.valueOf(value).strip();
            boolean plain =
                    switch (type) {
                        case "Boolean" -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
                        case "Byte", "Short", "Integer", "Long", "Float", "Double" ->
                            text.matches("[+-]?\\d{1,19}(?:\\.\\d{1,19})?");
                        case "Password" -> false;
                        default -> options.contains(text);
                    };
            return plain ? text : text.isEmpty() ? "[empty]" : "[set]";
        }
    }

    private final Map<String, Map<String, Described>> byPid = new HashMap<>();

    private final List<String> unreadable = new ArrayList<>();

    /** Reads what these bundles say; one that says nothing understandable, or goes meanwhile, leaves the others readable. */
    DescribedSettings(Bundle... bundles) {
        for (Bundle bundle : bundles) {
            try {
                read(bundle);
            } catch (IOException | XMLStreamException | RuntimeException e) {
                LOG.warn("Settings of {} cannot be told in the support bundle", bundle.getSymbolicName(), e);
                unreadable.add(String.valueOf(bundle.getSymbolicName()));
            }
        }
    }

    private void read(Bundle bundle) throws IOException, XMLStreamException {
        // Not findEntries, which would resolve a bundle that is only just being installed.
        Enumeration<String> found = bundle.getEntryPaths("OSGI-INF/metatype");
        for (String one : found == null ? Collections.<String>emptyList() : Collections.list(found)) {
            URL entry = one.endsWith(".xml") ? bundle.getEntry(one) : null;
            if (entry != null) {
                try (InputStream in = entry.openStream()) {
                    read(in);
                }
            }
        }
    }

    /** {@return names of bundles whose descriptions cannot be read} */
    List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    DescribedSettings() {}

    /** {@return settings of a part by name; none when nobody describes it} */
    Map<String, Described> of(String pid) {
        return byPid.getOrDefault(pid, Map.of());
    }

    void read(InputStream in) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        Map<String, Map<String, Described>> classes = new HashMap<>();
        String ocd = "";
        String pid = "";
        String id = "";
        String type = "";
        Set<String> options = new TreeSet<>();
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "OCD" -> {
                        ocd = attribute(xml, "id");
                        classes.put(ocd, new LinkedHashMap<>());
                    }
                    case "AD" -> {
                        id = attribute(xml, "id");
                        type = attribute(xml, "type");
                        options = new TreeSet<>();
                    }
                    case "Option" -> options.add(attribute(xml, "value"));
                    case "Designate" ->
                        pid = attribute(xml, "factoryPid").isEmpty()
                                ? attribute(xml, "pid")
                                : attribute(xml, "factoryPid");
                    case "Object" -> byPid.put(pid, classes.getOrDefault(attribute(xml, "ocdref"), Map.of()));
                    default -> {
                        // What is said to people.
                    }
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("AD")) {
                classes.get(ocd).put(id, new Described(type, options));
            }
        }
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
