// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.w3c.dom.Element;

/** Messages of WS-Discovery (April 2005, as ONVIF Core 7 has it) that a device reads and writes. */
final class WsDiscovery {
    static final String ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    static final String DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
    /** Of {@code dn:NetworkVideoTransmitter}. */
    static final String NETWORK = "http://www.onvif.org/ver10/network/wsdl";

    static final String SCOPE = "onvif://www.onvif.org/";
    private static final Set<String> TYPES = Set.of("NetworkVideoTransmitter", "Device");
    private static final String ANONYMOUS = ADDRESSING + "/role/anonymous";
    private static final String EVERYBODY = "urn:schemas-xmlsoap-org:ws:2005:04:discovery";
    /** What a datagram holds at most is 65 507 bytes. */
    private static final int HUGE_BYTES = 60_000;

    private WsDiscovery() {}

    /**
     * Who asks for whom.
     *
     * @param messageId to be named in the answer
     * @param types local names
     */
    record Probe(String messageId, List<String> types, List<String> scopes) {
        /** {@return empty for a message that asks nobody} @throws IOException for what is none, with the reason */
        static Optional<Probe> parse(byte[] datagram) throws IOException {
            SoapRequest soap = SoapRequest.parse(datagram);
            if (!soap.name().equals("Probe") || !soap.namespace().equals(DISCOVERY)) {
                return Optional.empty();
            }
            String id = soap.header()
                    .flatMap(header -> SoapRequest.child(header, "MessageID"))
                    .map(Element::getTextContent)
                    .orElse("")
                    .strip();
            List<String> types = words(soap.text("Types")).stream()
                    .map(name -> name.substring(name.indexOf(':') + 1))
                    .toList();
            return Optional.of(new Probe(id, types, words(soap.text("Scopes"))));
        }

        boolean asksFor(Device device) {
            return TYPES.containsAll(types)
                    && scopes.stream().allMatch(wanted -> scopesOf(device).stream()
                            .anyMatch(scope -> scope.equals(wanted) || scope.startsWith(wanted + "/")));
        }
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    static List<String> scopesOf(Device device) {
        return List.of(
                SCOPE + "type/video_encoder",
                SCOPE + "type/ptz",
                SCOPE + "Profile/Streaming",
                SCOPE + "Profile/T",
                SCOPE + "Profile/G",
                SCOPE + "name/NXvms%20simulator%20" + device.camera().number(),
                SCOPE + "hardware/" + OnvifDevice.MODEL);
    }

    /** {@return the device's name for good} A UUID of version 1, whose node is the device's MAC address (RFC 9562 5.1). */
    static String endpoint(Device device) {
        long node = Long.parseLong(device.serialNumber(), 16);
        return "urn:uuid:" + new UUID(0x5eed_0000_0000_11f0L, 0x8000_0000_0000_0000L | node);
    }

    /** @param address of the device's service */
    static String hello(Device device, String address) {
        return message("Hello", EVERYBODY, "", "<d:Hello>" + about(device, address) + "</d:Hello>");
    }

    static String bye(Device device) {
        return message(
                "Bye",
                EVERYBODY,
                "",
                "<d:Bye><a:EndpointReference><a:Address>" + endpoint(device)
                        + "</a:Address></a:EndpointReference></d:Bye>");
    }

    /** {@return what a device answers, with its faults} */
    static String matches(Probe probe, Device device, String address) {
        StringBuilder found = new StringBuilder();
        String match = "<d:ProbeMatch>" + about(device, address) + "</d:ProbeMatch>";
        int count = device.faults().has(FaultKind.HUGE_DISCOVERY) ? HUGE_BYTES / match.length() : 1;
        for (int i = 0; i < count; i++) {
            // Each of another device, as it seems.
            found.append(i == 0 ? match : match.replace("urn:uuid:5eed0000", "urn:uuid:" + (10_000_000 + i)));
        }
        String answer =
                message("ProbeMatches", ANONYMOUS, probe.messageId(), "<d:ProbeMatches>" + found + "</d:ProbeMatches>");
        return device.faults().has(FaultKind.OTHER_NAMESPACES) ? otherNamespaces(answer) : answer;
    }

    private static String about(Device device, String address) {
        return "<a:EndpointReference><a:Address>" + endpoint(device)
                + "</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>"
                + Soap.escaped(String.join(" ", scopesOf(device))) + "</d:Scopes><d:XAddrs>" + Soap.escaped(address)
                + "</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>";
    }

    private static String message(String action, String to, String relatesTo, String body) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="%s" xmlns:d="%s" xmlns:dn="%s"\
                 xmlns:tds="%s"><s:Header><a:MessageID>urn:uuid:%s</a:MessageID>%s<a:To>%s</a:To><a:Action>%s/%s</a:Action>\
                </s:Header><s:Body>%s</s:Body></s:Envelope>"""
                .formatted(
                        ADDRESSING,
                        DISCOVERY,
                        NETWORK,
                        Soap.DEVICE,
                        UUID.randomUUID(),
                        relatesTo.isEmpty() ? "" : "<a:RelatesTo>" + Soap.escaped(relatesTo) + "</a:RelatesTo>",
                        to,
                        DISCOVERY,
                        action,
                        body);
    }

    /** Addressing of another year, discovery of another version, types without any; and the prefixes of some firmware. */
    private static String otherNamespaces(String answer) {
        return answer.replace(ADDRESSING, Soap.ADDRESSING)
                .replace(DISCOVERY, "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01")
                .replace("dn:NetworkVideoTransmitter tds:Device", "NetworkVideoTransmitter")
                .replace("<a:", "<wsadis:")
                .replace("</a:", "</wsadis:")
                .replace("xmlns:a=", "xmlns:wsadis=");
    }
}
