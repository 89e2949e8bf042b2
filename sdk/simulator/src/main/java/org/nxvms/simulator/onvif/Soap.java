// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.nio.charset.StandardCharsets;
import org.nxvms.simulator.http.HttpAnswer;

/** Answers in SOAP 1.2. */
final class Soap {
    static final String DEVICE = "http://www.onvif.org/ver10/device/wsdl";
    static final String MEDIA = "http://www.onvif.org/ver10/media/wsdl";
    static final String MEDIA2 = "http://www.onvif.org/ver20/media/wsdl";
    static final String PTZ = "http://www.onvif.org/ver20/ptz/wsdl";
    static final String IMAGING = "http://www.onvif.org/ver20/imaging/wsdl";
    static final String DEVICE_IO = "http://www.onvif.org/ver10/deviceIO/wsdl";
    static final String ANALYTICS = "http://www.onvif.org/ver20/analytics/wsdl";
    static final String EVENTS = "http://www.onvif.org/ver10/events/wsdl";
    static final String RECORDING = "http://www.onvif.org/ver10/recording/wsdl";
    static final String SEARCH = "http://www.onvif.org/ver10/search/wsdl";
    static final String REPLAY = "http://www.onvif.org/ver10/replay/wsdl";
    static final String NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2";
    static final String ADDRESSING = "http://www.w3.org/2005/08/addressing";

    static final String TYPE = "application/soap+xml; charset=utf-8";

    private static final String BEGINNING =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"\
             xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"\
             xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"\
             xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"\
             xmlns:timg="http://www.onvif.org/ver20/imaging/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl"\
             xmlns:tmd="http://www.onvif.org/ver10/deviceIO/wsdl"\
             xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:wsa5="http://www.w3.org/2005/08/addressing"\
             xmlns:trc="http://www.onvif.org/ver10/recording/wsdl" xmlns:tse="http://www.onvif.org/ver10/search/wsdl"\
             xmlns:trp="http://www.onvif.org/ver10/replay/wsdl" xmlns:tan="http://www.onvif.org/ver20/analytics/wsdl"\
             xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:xs="http://www.w3.org/2001/XMLSchema">\
            <SOAP-ENV:Body>""";

    private static final String END = "</SOAP-ENV:Body></SOAP-ENV:Envelope>";

    private Soap() {}

    static HttpAnswer answer(String body) {
        return HttpAnswer.of(200, TYPE, envelope(body));
    }

    static byte[] envelope(String body) {
        return (BEGINNING + body + END).getBytes(StandardCharsets.UTF_8);
    }

    /** {@return what an operation without an answer of its own is answered with} */
    static HttpAnswer done(String prefix, String operation) {
        return answer("<" + prefix + ":" + operation + "Response/>");
    }

    /** The client's fault, with subcodes of {@code ter} (Core 5.8.2.3); 400, as SOAP 1.2 has it. */
    static HttpAnswer fault(String reason, String... subcodes) {
        return fault(400, "Sender", reason, subcodes);
    }

    /** What the device does not have. */
    static HttpAnswer missing(String reason) {
        return fault(500, "Receiver", reason, "ActionNotSupported");
    }

    /** As those of WS-BaseFaults: which one it is stands in the detail. */
    static HttpAnswer faultInDetail(String reason, String name) {
        return HttpAnswer.of(
                400,
                TYPE,
                envelope(
                        "<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value></SOAP-ENV:Code>"
                                + "<SOAP-ENV:Reason><SOAP-ENV:Text xml:lang=\"en\">" + escaped(reason)
                                + "</SOAP-ENV:Text></SOAP-ENV:Reason><SOAP-ENV:Detail><f:" + name
                                + " xmlns:f=\"http://docs.oasis-open.org/wsn/b-2\"/></SOAP-ENV:Detail></SOAP-ENV:Fault>"));
    }

    static HttpAnswer notAuthorized() {
        return fault("Sender not authorized", "NotAuthorized");
    }

    /** A header that must be understood, and is not (SOAP 1.2 part 1, 5.4.8). */
    static HttpAnswer notUnderstood() {
        return fault(500, "MustUnderstand", "One or more mandatory SOAP header blocks not understood");
    }

    private static HttpAnswer fault(int status, String code, String reason, String... subcodes) {
        StringBuilder xml = new StringBuilder("<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:")
                .append(code)
                .append("</SOAP-ENV:Value>");
        for (String subcode : subcodes) {
            xml.append("<SOAP-ENV:Subcode><SOAP-ENV:Value>ter:").append(subcode).append("</SOAP-ENV:Value>");
        }
        xml.append("</SOAP-ENV:Subcode>".repeat(subcodes.length));
        xml.append("</SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang=\"en\">")
                .append(escaped(reason))
                .append("</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>");
        return HttpAnswer.of(status, TYPE, envelope(xml.toString()));
    }

    /** {@return an answer as some firmware writes it}: namespaces that nobody knows, and parts of the common schema in none. */
    static HttpAnswer inOtherNamespaces(HttpAnswer answer) {
        if (answer.body().length == 0) {
            return answer;
        }
        String xml = new String(answer.body(), StandardCharsets.UTF_8)
                .replaceAll("xmlns:([\\w-]+)=\"[^\"]*\"", "xmlns:$1=\"urn:other:$1\"")
                .replace("<tt:", "<")
                .replace("</tt:", "</");
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        return new HttpAnswer(answer.status(), answer.headers(), body, answer.stream(), answer.after());
    }

    /** {@return an answer as some firmware writes it}: not from the first byte on, and not as it says that it is written. */
    static HttpAnswer written(HttpAnswer answer) {
        byte[] body = ("\r\n\r\n"
                        + new String(answer.body(), StandardCharsets.ISO_8859_1)
                                .replace("<tds:Manufacturer>", "<tds:Manufacturer>\u00ba\u00a3\u00bf\u00b5 "))
                .getBytes(StandardCharsets.ISO_8859_1);
        return new HttpAnswer(answer.status(), answer.headers(), body, answer.stream(), answer.after());
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
