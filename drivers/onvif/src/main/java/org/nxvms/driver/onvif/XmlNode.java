// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
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
    private static final int PREFIX_CHARS_MAX = 60;
    private static final int DECLARATION_MAX = 200;
    /** Of UTF-8. */
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final Pattern OTHER_CODE =
            Pattern.compile("<\\?xml[^>]*\\sencoding\\s*=\\s*[\"'](?!utf-?8[\"'])", Pattern.CASE_INSENSITIVE);

    private final String namespace;
    private final String name;
    private final Optional<XmlNode> parent;
    /** Prefixes that this element declares, with their namespaces. */
    private Map<String, String> prefixes = Map.of();

    private final List<Attribute> attributes = new ArrayList<>();
    private final List<XmlNode> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    /** @param namespace empty for none */
    record Attribute(String namespace, String name, String value) {}

    private XmlNode(Optional<XmlNode> parent, String namespace, String name) {
        this.parent = parent;
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
            return read(reader(factory, xml));
        } catch (XMLStreamException notXml) {
            throw wrong("is none", notXml);
        } catch (RuntimeException unexpected) {
            // The JDK's parser answers some broken documents with exceptions of other kinds.
            throw wrong("cannot be read", unexpected);
        }
    }

    /**
     * Some devices begin with blank lines, and some write names by another code than they say: what cannot be read of UTF-8 is
     * marked, and costs nothing else.
     */
    private static XMLStreamReader reader(XMLInputFactory factory, byte[] xml) throws XMLStreamException {
        int from = 0;
        while (from < xml.length && (isBlank(xml[from]) || isMark(xml, from))) {
            from += isBlank(xml[from]) ? 1 : MARK.length;
        }
        int length = xml.length - from;
        String start = new String(xml, from, Math.min(DECLARATION_MAX, length), StandardCharsets.ISO_8859_1);
        return start.startsWith("<") && !OTHER_CODE.matcher(start).lookingAt()
                ? factory.createXMLStreamReader(new StringReader(new String(xml, from, length, StandardCharsets.UTF_8)))
                : factory.createXMLStreamReader(new ByteArrayInputStream(xml, from, length));
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t' || one == '\r' || one == '\n';
    }

    private static boolean isMark(byte[] xml, int at) {
        return Arrays.equals(xml, at, Math.min(xml.length, at + MARK.length), MARK, 0, MARK.length);
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
                    XmlNode node = node(reader, Optional.ofNullable(open.peek()));
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

    private static XmlNode node(XMLStreamReader reader, Optional<XmlNode> parent) {
        XmlNode node = new XmlNode(parent, orEmpty(reader.getNamespaceURI()), reader.getLocalName());
        for (int i = 0; i < Math.min(reader.getAttributeCount(), ATTRIBUTES_MAX); i++) {
            node.attributes.add(new Attribute(
                    orEmpty(reader.getAttributeNamespace(i)),
                    reader.getAttributeLocalName(i),
                    reader.getAttributeValue(i)));
        }
        if (reader.getNamespaceCount() > 0) {
            node.prefixes = new HashMap<>();
            for (int i = 0; i < reader.getNamespaceCount(); i++) {
                node.prefixes.put(orEmpty(reader.getNamespacePrefix(i)), orEmpty(reader.getNamespaceURI(i)));
            }
        }
        return node;
    }

    private static String orEmpty(String orNull) {
        return orNull == null ? "" : orNull;
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
        return attributes.stream()
                .filter(one -> one.name().equals(wanted))
                .map(Attribute::value)
                .findFirst()
                .orElse("");
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

    /** {@return the namespace of a prefix where this element stands; empty for none} */
    private String namespaceOf(String prefix) {
        Optional<XmlNode> at = Optional.of(this);
        while (at.isPresent()) {
            String declared = at.get().prefixes.get(prefix);
            if (declared != null) {
                return declared;
            }
            at = at.get().parent;
        }
        return "";
    }

    /**
     * Writes this as XML that can stand anywhere: each element declares what it uses, also the prefixes in texts and values,
     * which are names to many (topics, types). What is declared once and used often becomes long: it is bounded.
     *
     * @param charsMax of all that is written to it; beyond that kind PROTOCOL
     * @param more attributes for this element, instead of those of the same names
     */
    void write(StringBuilder to, int charsMax, Attribute... more) throws DriverException {
        Map<String, String> declared = new TreeMap<>();
        Bound bound = new Bound(to, charsMax);
        addPrefixes(text.toString(), declared, bound);
        for (Attribute one : attributes) {
            addPrefixes(one.value(), declared, bound);
        }
        String tag = named(namespace, name, declared);
        begin(to, tag, declared, List.of(more));
        to.append(SoapText.escaped(text.toString().strip()));
        bound.check(0);
        for (XmlNode child : children) {
            child.write(to, charsMax);
        }
        to.append("</").append(tag).append('>');
        bound.check(0);
    }

    /** As {@link #write}, an element of another name and content with the attributes of this. @param tag with its prefix */
    String toXmlAs(String tag, String content, int charsMax, Attribute... instead) throws DriverException {
        Map<String, String> declared = new TreeMap<>();
        StringBuilder xml = new StringBuilder();
        Bound bound = new Bound(xml, charsMax);
        for (Attribute one : attributes) {
            addPrefixes(one.value(), declared, bound);
        }
        begin(xml, tag, declared, List.of(instead));
        bound.check(content.length());
        return xml.append(content).append("</").append(tag).append('>').toString();
    }

    /** How much may be written. */
    private record Bound(StringBuilder to, int charsMax) {
        /** @param more that is about to be written */
        void check(int more) throws DriverException {
            if (to.length() + more > charsMax) {
                throw new DriverException(
                        DriverException.Kind.PROTOCOL,
                        "The camera wants more than " + charsMax + " characters said back to it, which is too much.");
            }
        }
    }

    /** Declares the prefixes in some words, which are about to be written. */
    private void addPrefixes(String words, Map<String, String> used, Bound bound) throws DriverException {
        bound.check(words.length());
        int chars = used.values().stream().mapToInt(String::length).sum();
        for (int colon = words.indexOf(':'); colon >= 0; colon = words.indexOf(':', colon + 1)) {
            int start = colon;
            while (start > 0 && colon - start < PREFIX_CHARS_MAX && isOfAName(words.charAt(start - 1))) {
                start--;
            }
            String prefix = words.substring(start, colon);
            String meant = prefix.isEmpty() || prefix.startsWith("xml") ? "" : namespaceOf(prefix);
            if (!meant.isEmpty() && used.putIfAbsent(prefix, meant) == null) {
                chars += meant.length();
                bound.check(chars);
            }
        }
    }

    private static boolean isOfAName(char one) {
        return Character.isLetterOrDigit(one) || one == '_' || one == '-' || one == '.';
    }

    private void begin(StringBuilder to, String tag, Map<String, String> declared, List<Attribute> more) {
        StringBuilder words = new StringBuilder();
        Stream<Attribute> kept = attributes.stream().filter(one -> more.stream()
                .noneMatch(other ->
                        other.name().equals(one.name()) && other.namespace().equals(one.namespace())));
        Stream.concat(kept, more.stream()).forEach(one -> words.append(' ')
                .append(named(one.namespace(), one.name(), declared))
                .append("=\"")
                .append(SoapText.escaped(one.value()))
                .append('"'));
        to.append('<').append(tag);
        declared.forEach((prefix, meant) -> to.append(" xmlns:")
                .append(prefix)
                .append("=\"")
                .append(SoapText.escaped(meant))
                .append('"'));
        to.append(words).append('>');
    }

    /** {@return a name with a prefix that is declared with the others}; of no namespace without (Namespaces in XML 1.0, 6.1) */
    private static String named(String namespace, String name, Map<String, String> declared) {
        if (namespace.isEmpty()) {
            return name;
        }
        if (namespace.equals(XMLConstants.XML_NS_URI)) {
            return "xml:" + name;
        }
        for (int number = 0; ; number++) {
            String prefix = number == 0 ? "x" : "x" + number;
            String before = declared.putIfAbsent(prefix, namespace);
            if (before == null || before.equals(namespace)) {
                return prefix + ":" + name;
            }
        }
    }
}
