// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads one metatype resource (OSGi Compendium 105.8). The metatype service would do, but it does not give out the bounds of
 * numbers, and its answers keep the bundle in memory.
 */
final class MetatypeXml {
    private MetatypeXml() {}

    /** {@return settings by name, by the PID or factory PID they are for} */
    static Map<String, Map<String, Setting>> read(InputStream in) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        Map<String, Map<String, Setting>> classes = new HashMap<>();
        Map<String, String> classByPid = new HashMap<>();
        String ocd = "";
        String pid = "";
        List<String> options = new ArrayList<>();
        Map<String, String> ad = Map.of();
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "OCD" -> {
                        ocd = attribute(xml, "id");
                        classes.put(ocd, new LinkedHashMap<>());
                    }
                    case "AD" -> {
                        ad = attributes(xml);
                        options.clear();
                    }
                    case "Option" -> options.add(attribute(xml, "value"));
                    case "Designate" ->
                        pid = Optional.of(attribute(xml, "factoryPid"))
                                .filter(given -> !given.isEmpty())
                                .orElse(attribute(xml, "pid"));
                    case "Object" -> classByPid.put(pid, attribute(xml, "ocdref"));
                    default -> {
                        // What is said to people.
                    }
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && xml.getLocalName().equals("AD")) {
                classes.get(ocd).put(ad.getOrDefault("id", ""), setting(ad, options));
            }
        }
        Map<String, Map<String, Setting>> byPid = new HashMap<>();
        classByPid.forEach((one, name) -> byPid.put(one, Map.copyOf(classes.getOrDefault(name, Map.of()))));
        return byPid;
    }

    private static Setting setting(Map<String, String> ad, List<String> options) {
        return new Setting(
                ad.getOrDefault("id", ""),
                ad.getOrDefault("type", "String"),
                !ad.getOrDefault("cardinality", "0").equals("0"),
                bound(ad, "min"),
                bound(ad, "max"),
                options);
    }

    private static Optional<BigDecimal> bound(Map<String, String> ad, String name) {
        try {
            return Optional.ofNullable(ad.get(name)).map(BigDecimal::new);
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    private static String attribute(XMLStreamReader xml, String name) {
        return Optional.ofNullable(xml.getAttributeValue(null, name)).orElse("");
    }

    private static Map<String, String> attributes(XMLStreamReader xml) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            all.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
        }
        return all;
    }
}
