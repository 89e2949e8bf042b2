// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.nxvms.driver.tck.Outcome.Result;

/** What was found, for machines and people: {@code conformance.json}, {@code TEST-conformance.xml}, {@code index.html}. */
public final class Report {
    private static final String STYLE =
            """
            body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1c2126;background:#fff}
            table{border-collapse:collapse;width:100%}td{border-top:1px solid #d8dde2;padding:.35rem .6rem;vertical-align:top}
            td:first-child{white-space:nowrap;font-family:ui-monospace,monospace}.failed{background:#fde8e8}.skipped{color:#68727c}
            h2{margin:1.6rem 0 .3rem;text-transform:capitalize}
            """;

    private Report() {}

    /** @param driver what was tried, e.g. the jar's name */
    public static void write(Path folder, String driver, Score score) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("conformance.json"), score.json());
        try (Writer xml = Files.newBufferedWriter(folder.resolve("TEST-conformance.xml"), StandardCharsets.UTF_8)) {
            junit(XMLOutputFactory.newFactory().createXMLStreamWriter(xml), driver, score);
        } catch (XMLStreamException failed) {
            throw new IOException(failed);
        }
        Files.writeString(folder.resolve("index.html"), html(driver, score));
    }

    /** As Surefire and everybody who reads its reports knows it. */
    private static void junit(XMLStreamWriter xml, String driver, Score score) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("testsuite");
        for (Map.Entry<String, String> attribute : Map.of(
                        "name", "conformance of " + driver,
                        "tests", String.valueOf(score.outcomes().size()),
                        "failures", String.valueOf(score.count(Result.FAILED)),
                        "errors", "0",
                        "skipped", String.valueOf(score.count(Result.SKIPPED)))
                .entrySet()) {
            xml.writeAttribute(attribute.getKey(), attribute.getValue());
        }
        for (Outcome outcome : score.outcomes()) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", "conformance." + outcome.rule().topic());
            xml.writeAttribute("name", outcome.rule().id());
            xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", outcome.elapsedMs() / 1000.0));
            if (outcome.result() != Result.PASSED) {
                xml.writeStartElement(outcome.result() == Result.FAILED ? "failure" : "skipped");
                xml.writeAttribute("message", printable(outcome.why()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private static String html(String driver, Score score) {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(escaped("Conformance of " + driver))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><h1>")
                .append(escaped("Conformance of " + driver))
                .append("</h1><p>")
                .append(escaped(score.count(Result.PASSED) + " passed, " + score.count(Result.FAILED) + " failed, "
                        + score.count(Result.SKIPPED) + " skipped. Kit " + ConformanceKit.VERSION + ", "
                        + (score.full() ? "full run" : "quick run") + ", on: " + score.devices() + ". Content "
                        + score.content() + "."))
                .append("</p>");
        String topic = "";
        for (Outcome outcome : score.outcomes()) {
            if (!outcome.rule().topic().equals(topic)) {
                page.append(topic.isEmpty() ? "" : "</table>");
                topic = outcome.rule().topic();
                page.append("<h2>").append(escaped(topic)).append("</h2><table>");
            }
            String result = outcome.result().name().toLowerCase(Locale.ROOT);
            page.append("<tr class=\"")
                    .append(result)
                    .append("\"><td>")
                    .append(escaped(outcome.rule().id()))
                    .append("</td><td>")
                    .append(escaped(outcome.rule().says()))
                    .append(outcome.why().isEmpty() ? "" : "<br><em>" + escaped(printable(outcome.why())) + "</em>")
                    .append("</td><td>")
                    .append(result)
                    .append("</td></tr>");
        }
        return page.append("</table></html>\n").toString();
    }

    /** What a device or a driver said may hold anything. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\uFFFE\\uFFFF\\p{Cs}]", " ");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
