// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A pull point at a device and the operations on it (Core 9.2). One thread at a time. */
final class PullPoint {
    /** After which a device forgets it, unless it is renewed. */
    static final int LIFE_SECONDS = 60;

    private static final int MESSAGES_MAX = 100;
    /** How long a device may be late with an answer: the platform is promised to hear of a dead one within 30 s. */
    private static final int LATE_MS_MAX = 10_000;

    private static final String PULLING = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/";
    private static final String MANAGING = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/";
    private static final String NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2";

    private final Services services;
    private final String target;
    private final String header;

    private PullPoint(Services services, String target, String header) {
        this.services = services;
        this.target = target;
        this.header = header;
    }

    static PullPoint create(Services services) throws DriverException {
        String action = "http://www.onvif.org/ver10/events/wsdl/EventPortType/CreatePullPointSubscriptionRequest";
        String name = "CreatePullPointSubscription";
        XmlNode answer = services.soap()
                .call(new SoapClient.Call(
                        services.path(Service.EVENTS),
                        name,
                        action(action),
                        Service.EVENTS.operation(
                                name, "<o:InitialTerminationTime>PT" + LIFE_SECONDS + "S</o:InitialTerminationTime>"),
                        0));
        String address = answer.text("SubscriptionReference", "Address");
        String target = Services.path(address)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera names '" + DeviceHttp.words(address)
                                + "' to pull events from, which is no address."));
        // What a device puts beside the address is said back to it, as headers (WS-Addressing SOAP Binding 2.1).
        String parameters = answer.find("SubscriptionReference", "ReferenceParameters").stream()
                .flatMap(node -> node.children().stream())
                .map(XmlNode::toXml)
                .collect(Collectors.joining());
        return new PullPoint(services, target, "<a:To>" + SoapText.escaped(address) + "</a:To>" + parameters);
    }

    private static String action(String action) {
        return "<a:Action>" + action + "</a:Action><a:MessageID>urn:uuid:" + UUID.randomUUID() + "</a:MessageID>";
    }

    private XmlNode call(String name, String action, String body, int timeMs) throws DriverException {
        return services.soap().call(new SoapClient.Call(target, name, action(action) + header, body, timeMs));
    }

    /** {@return what was said since, waiting for it up to so many seconds} */
    List<XmlNode> pull(int seconds) throws DriverException {
        String content =
                "<o:Timeout>PT" + seconds + "S</o:Timeout><o:MessageLimit>" + MESSAGES_MAX + "</o:MessageLimit>";
        int lateMs = Math.min(LATE_MS_MAX, services.http().timeoutMs());
        return call(
                        "PullMessages",
                        PULLING + "PullMessagesRequest",
                        Service.EVENTS.operation("PullMessages", content),
                        seconds * 1_000 + lateMs)
                .all("NotificationMessage");
    }

    /** Asks for every state anew (Core 9.6); a device that does not do that is left alone. */
    void synchronise() throws DriverException {
        optional(
                "SetSynchronizationPoint",
                PULLING + "SetSynchronizationPointRequest",
                Service.EVENTS.operation("SetSynchronizationPoint", ""));
    }

    /** Some devices do not have it, and live on as long as they are pulled from. */
    void renew() throws DriverException {
        optional(
                "Renew",
                MANAGING + "RenewRequest",
                "<n:Renew xmlns:n=\"" + NOTIFICATION + "\"><n:TerminationTime>PT" + LIFE_SECONDS
                        + "S</n:TerminationTime></n:Renew>");
    }

    void unsubscribe() throws DriverException {
        optional("Unsubscribe", MANAGING + "UnsubscribeRequest", "<n:Unsubscribe xmlns:n=\"" + NOTIFICATION + "\"/>");
    }

    private Optional<XmlNode> optional(String name, String action, String body) throws DriverException {
        try {
            return Optional.of(call(
                    name, action, body, Math.min(LATE_MS_MAX, services.http().timeoutMs())));
        } catch (DriverException refused) {
            if (refused.kind() == Kind.UNSUPPORTED
                    || refused.kind() == Kind.CONFIG
                    || refused.kind() == Kind.PROTOCOL) {
                return Optional.empty();
            }
            throw refused;
        }
    }
}
