// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.nxvms.driver.spi.DriverException;

/**
 * An element of a device's answer. Found by local names: devices are often wrong about namespaces, and the names do not
 * repeat where we look. Without document types, so without entities of a device's own; bounded. Immutable once read.
 */
final class XmlNode {
    private static final int ELEMENTS_MAX = 20_000;
    private static final int DEPTH_MAX = 64;
    private static final int ATTRIBUTES_MAX = 50;

    private final String namespace;
    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<XmlNode> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private XmlNode(String namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    /** {@return the outermost element}; kind PROTOCOL for what is no XML, or too much of it */
    static XmlNode read(byte[] xml) throws DriverException {
        // The JDK's own: whatever parser a server has beside it has defaults of its own.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            return read(factory.createXMLStreamReader(new ByteArrayInputStream(xml)));
        } catch (XMLStreamException notXml) {
            throw wrong("is none", notXml);
        } catch (RuntimeException unexpected) {
            // The JDK's parser answers some broken documents with exceptions of other kinds.
            throw wrong("cannot be read", unexpected);
        }
    }

    private static XmlNode read(XMLStreamReader reader) throws XMLStreamException, DriverException {
        Deque<XmlNode> open = new ArrayDeque<>();
        XmlNode root = null;
        int count = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++count > ELEMENTS_MAX || open.size() == DEPTH_MAX) {
                        throw wrong("is too long or too deep", null);
                    }
                    XmlNode node = node(reader);
                    if (open.isEmpty()) {
                        root = node;
                    } else {
                        open.peek().children.add(node);
                    }
                    open.push(node);
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                case XMLStreamConstants.CHARACTERS -> {
                    if (!open.isEmpty()) {
                        open.peek().text.append(reader.getText());
                    }
                }
                default -> {}
            }
        }
        if (root == null) {
            throw wrong("is none", null);
        }
        return root;
    }

    private static XmlNode node(XMLStreamReader reader) {
        XmlNode node = new XmlNode(Optional.ofNullable(reader.getNamespaceURI()).orElse(""), reader.getLocalName());
        for (int i = 0; i < Math.min(reader.getAttributeCount(), ATTRIBUTES_MAX); i++) {
            node.attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return node;
    }

    private static DriverException wrong(String how, Throwable cause) {
        return new DriverException(
                DriverException.Kind.PROTOCOL,
                "The XML that the camera answers " + how + "; is this the address of its ONVIF service?",
                cause);
    }

    String namespace() {
        return namespace;
    }

    String name() {
        return name;
    }

    /** {@return an attribute; empty when it is not there} */
    String attribute(String wanted) {
        return attributes.getOrDefault(wanted, "");
    }

    List<XmlNode> children() {
        return List.copyOf(children);
    }

    /** {@return the children of a name} */
    List<XmlNode> all(String wanted) {
        return children.stream().filter(child -> child.name.equals(wanted)).toList();
    }

    /** {@return the first element at a path below this} */
    Optional<XmlNode> find(String... path) {
        XmlNode at = this;
        for (String wanted : path) {
            Optional<XmlNode> next = at.children.stream()
                    .filter(child -> child.name.equals(wanted))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    /** {@return the text at a path below this, without blanks around; empty when it is not there} */
    String text(String... path) {
        return find(path).map(node -> node.text.toString().strip()).orElse("");
    }

    /** {@return this as XML, with a namespace of its own at each element that has one} */
    String toXml() {
        // A prefix must not stand for none (Namespaces in XML 1.0, 6.1).
        String tag = namespace.isEmpty() ? name : "x:" + name;
        StringBuilder xml = new StringBuilder("<").append(tag);
        if (!namespace.isEmpty()) {
            xml.append(" xmlns:x=\"").append(SoapText.escaped(namespace)).append('"');
        }
        attributes.forEach((key, value) -> xml.append(' ')
                .append(key)
                .append("=\"")
                .append(SoapText.escaped(value))
                .append('"'));
        xml.append('>').append(SoapText.escaped(text.toString().strip()));
        children.forEach(child -> xml.append(child.toXml()));
        return xml.append("</").append(tag).append('>').toString();
    }
}
