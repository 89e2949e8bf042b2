// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.onvif.SoapClient.Sender;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Where a device manages one subscription (Core 9.1, WS-BaseNotification 6). One conversation at a time. */
final class SubscriptionManager {
    static final String NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2";

    /** How long a device may be late with an answer: the platform is promised to hear of a dead one within 30 s. */
    private static final int LATE_MS_MAX = 10_000;

    private static final String PULLING = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/";
    /** Says of a header that it is one of those (WS-Addressing SOAP Binding 2.1); strict devices want to know. */
    private static final XmlNode.Attribute IS_REFERENCE_PARAMETER =
            new XmlNode.Attribute("http://www.w3.org/2005/08/addressing", "IsReferenceParameter", "true");

    private static final String MANAGING = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/";

    private final Services services;
    private final String target;
    private final String header;
    private volatile boolean absolute;

    private SubscriptionManager(Services services, String target, String header, boolean absolute) {
        this.services = services;
        this.target = target;
        this.header = header;
        this.absolute = absolute;
    }

    /** Makes the body of a request with the time when the subscription is to end. */
    @FunctionalInterface
    interface Body {
        String of(String time);
    }

    /**
     * Subscribes.
     *
     * <p>The end is told as a duration, so that clocks do not matter; devices that refuse that get a moment of their own clock.
     *
     * @param name of the operation, for messages
     */
    static SubscriptionManager create(Services services, String name, String action, Body body) throws DriverException {
        try {
            return create(services, name, action, body.of(duration()), false);
        } catch (DriverException refused) {
            if (refused.kind() != Kind.CONFIG) {
                throw refused;
            }
            return create(services, name, action, body.of(moment(services)), true);
        }
    }

    private static SubscriptionManager create(
            Services services, String name, String action, String body, boolean absolute) throws DriverException {
        XmlNode answer =
                services.soap().call(new SoapClient.Call(services.path(Service.EVENTS), name, action(action), body, 0));
        String address = answer.text("SubscriptionReference", "Address");
        String path = Services.path(address)
                .orElseThrow(() -> new DriverException(
                        Kind.PROTOCOL,
                        "The camera names '" + DeviceHttp.words(address)
                                + "' for its subscription, which is no address."));
        // What a device puts beside the address is said back to it, as headers (WS-Addressing SOAP Binding 2.1).
        String parameters = answer.find("SubscriptionReference", "ReferenceParameters").stream()
                .flatMap(node -> node.children().stream())
                .map(node -> node.toXml(IS_REFERENCE_PARAMETER))
                .collect(Collectors.joining());
        return new SubscriptionManager(
                services,
                services.target(address, path),
                "<a:To>" + SoapText.escaped(address) + "</a:To>" + parameters,
                absolute);
    }

    private static String duration() {
        return "PT" + Subscription.LIFE_SECONDS + "S";
    }

    private static String moment(Services services) {
        return services.soap()
                .deviceTime()
                .plusSeconds(Subscription.LIFE_SECONDS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    static String action(String action) {
        return "<a:Action>" + action + "</a:Action><a:MessageID>urn:uuid:" + UUID.randomUUID() + "</a:MessageID>";
    }

    private int lateMs() {
        return Math.min(LATE_MS_MAX, services.http().timeoutMs());
    }

    /** {@return the answer to an operation on a pull point} @param holdMs how long the device may hold it back */
    CompletableFuture<XmlNode> pull(String name, String content, int holdMs, Sender by) {
        return call(name, PULLING + name + "Request", Service.EVENTS.operation(name, content), holdMs + lateMs(), by);
    }

    private CompletableFuture<XmlNode> call(String name, String action, String body, int timeMs, Sender by) {
        return services.soap().call(new SoapClient.Call(target, name, action(action) + header, body, timeMs), by);
    }

    CompletableFuture<Void> synchronise(Sender by) {
        return optional(
                        "SetSynchronizationPoint",
                        PULLING + "SetSynchronizationPointRequest",
                        Service.EVENTS.operation("SetSynchronizationPoint", ""),
                        by)
                .thenAccept(done -> {});
    }

    /** {@return whether the device has done it} Some do not have it, and pull points live on as long as they are pulled from. */
    CompletableFuture<Boolean> renew(Sender by) {
        return renewed(absolute ? moment(services) : duration(), by).thenCompose(done -> {
            if (done || absolute) {
                return CompletableFuture.completedFuture(done);
            }
            return renewed(moment(services), by).thenApply(atLast -> {
                absolute = atLast;
                return atLast;
            });
        });
    }

    private CompletableFuture<Boolean> renewed(String time, Sender by) {
        return optional(
                "Renew",
                MANAGING + "RenewRequest",
                "<n:Renew xmlns:n=\"" + NOTIFICATION + "\"><n:TerminationTime>" + time
                        + "</n:TerminationTime></n:Renew>",
                by);
    }

    CompletableFuture<Void> unsubscribe(Sender by) {
        return optional(
                        "Unsubscribe",
                        MANAGING + "UnsubscribeRequest",
                        "<n:Unsubscribe xmlns:n=\"" + NOTIFICATION + "\"/>",
                        by)
                .thenAccept(done -> {});
    }

    /** {@return whether the device has done it} */
    private CompletableFuture<Boolean> optional(String name, String action, String body, Sender by) {
        return call(name, action, body, lateMs(), by).handle((answer, failed) -> {
            if (failed == null) {
                return true;
            }
            if (Later.isOf(failed, Kind.UNSUPPORTED, Kind.CONFIG, Kind.PROTOCOL)) {
                return false;
            }
            throw new CompletionException(Later.cause(failed));
        });
    }

    /** {@return how requests are sent by who waits for each answer} */
    Sender here() {
        return services.soap()::here;
    }

    DeviceHttp http() {
        return services.http();
    }
}
