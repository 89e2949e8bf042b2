// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.nxvms.driver.spi.DriverException;

/**
 * XML of older VAPIX interfaces, as its elements in their order: names and attributes, which is all that they use. Without
 * document types, so without entities of a camera's own; bounded.
 */
final class XmlElements {
    private static final int ELEMENTS_MAX = 20_000;
    private static final int DEPTH_MAX = 32;

    /**
     * One element as it begins.
     *
     * @param depth 0 for the outermost
     */
    record Element(int depth, String name, Map<String, String> attributes) {
        String attribute(String wanted) {
            return attributes.getOrDefault(wanted, "");
        }
    }

    private XmlElements() {}

    /** @throws DriverException kind PROTOCOL for what is no XML, or too much of it */
    static List<Element> read(String xml) throws DriverException {
        // The JDK's own: whatever parser a server has beside it has defaults of its own.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        List<Element> elements = new ArrayList<>();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
            int depth = 0;
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    if (elements.size() == ELEMENTS_MAX || depth == DEPTH_MAX) {
                        throw wrong("is too long or too deep");
                    }
                    elements.add(new Element(depth++, reader.getLocalName(), attributes(reader)));
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
            return elements;
        } catch (XMLStreamException notXml) {
            throw wrong("is none");
        } catch (RuntimeException unexpected) {
            // The JDK's parser answers some broken documents with exceptions of other kinds.
            throw wrong("cannot be read");
        }
    }

    private static Map<String, String> attributes(XMLStreamReader reader) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return attributes;
    }

    private static DriverException wrong(String how) {
        return new DriverException(DriverException.Kind.PROTOCOL, "The XML that the camera answers " + how + ".");
    }
}
