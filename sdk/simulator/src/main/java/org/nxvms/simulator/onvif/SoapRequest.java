// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * A request as SOAP 1.2 carries it.
 *
 * @param operation the first element of the body
 * @param header the envelope's header, if there is one
 */
record SoapRequest(Element operation, Optional<Element> header) {
    /** What is deeper is read by a stack that may be too small. */
    private static final String DEPTH_MAX = "100";

    static final String ENVELOPE = "http://www.w3.org/2003/05/soap-envelope";

    /** @throws IOException for what is none, with the reason */
    static SoapRequest parse(byte[] body) throws IOException {
        Element envelope = document(body);
        if (!"Envelope".equals(envelope.getLocalName()) || !ENVELOPE.equals(envelope.getNamespaceURI())) {
            throw new IOException("the document is no envelope of SOAP 1.2");
        }
        Element operation = child(envelope, "Body")
                .flatMap(found -> children(found).stream().findFirst())
                .orElseThrow(() -> new IOException("the envelope has no operation in its body"));
        return new SoapRequest(operation, child(envelope, "Header"));
    }

    private static Element document(byte[] body) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute("http://www.oracle.com/xml/jaxp/properties/maxElementDepth", DEPTH_MAX);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(new ByteArrayInputStream(body)).getDocumentElement();
        } catch (SAXException notXml) {
            throw new IOException("the body is no XML: " + notXml.getMessage(), notXml);
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException("every JDK has a parser without document types", impossible);
        }
    }

    String name() {
        return operation.getLocalName();
    }

    String namespace() {
        return Optional.ofNullable(operation.getNamespaceURI()).orElse("");
    }

    /** {@return the text of an element below the operation, by local names; empty when it is not there} */
    String text(String... path) {
        return find(operation, path)
                .map(Element::getTextContent)
                .map(String::strip)
                .orElse("");
    }

    Optional<Element> find(String... path) {
        return find(operation, path);
    }

    static Optional<Element> find(Element from, String... path) {
        Optional<Element> at = Optional.of(from);
        for (String name : path) {
            at = at.flatMap(element -> child(element, name));
        }
        return at;
    }

    static Optional<Element> child(Element of, String name) {
        return children(of).stream()
                .filter(child -> name.equals(child.getLocalName()))
                .findFirst();
    }

    static List<Element> children(Element of) {
        List<Element> children = new ArrayList<>();
        for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
