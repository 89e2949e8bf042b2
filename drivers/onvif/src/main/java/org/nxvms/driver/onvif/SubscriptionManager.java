// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.onvif.SoapClient.Sender;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Where a device manages one subscription (Core 9.1, WS-BaseNotification 6). One conversation at a time. */
final class SubscriptionManager {
    static final String NOTIFICATION = "http://docs.oasis-open.org/wsn/b-2";

    /** How long a device may be late with an answer: the platform is promised to hear of a dead one within 30 s. */
    private static final int LATE_MS_MAX = 10_000;

    /** What is said back with each request: devices have one or two, of some dozen characters. */
    private static final int PARAMETERS_MAX = 20;

    private static final int PARAMETERS_CHARS_MAX = 16 << 10;

    private static final String PULLING = "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/";
    /** Says of a header that it is one of those (WS-Addressing SOAP Binding 2.1); strict devices want to know. */
    private static final XmlNode.Attribute IS_REFERENCE_PARAMETER =
            new XmlNode.Attribute("http://www.w3.org/2005/08/addressing", "IsReferenceParameter", "true");

    private static final String MANAGING = "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/";

    private final Services services;
    private final String target;
    private final String header;
    private volatile boolean absolute;
    private volatile long grantedMs = Long.MAX_VALUE;

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
            // The fault that says so stands in its detail only, if anywhere.
            if (refused.kind() != Kind.CONFIG && refused.kind() != Kind.PROTOCOL) {
                throw refused;
            }
            try {
                return create(services, name, action, body.of(moment(services)), true);
            } catch (DriverException again) {
                again.addSuppressed(refused);
                throw again.kind() == Kind.CONFIG ? asKind(Kind.PROTOCOL, again) : again;
            }
        }
    }

    /** What a device does not like of a subscription nobody can set otherwise: it is asked again. */
    static DriverException asKind(Kind kind, DriverException told) {
        return new DriverException(kind, told.getMessage(), told);
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
        String parameters = parameters(answer);
        SubscriptionManager manager = new SubscriptionManager(
                services,
                services.target(address, path),
                "<a:To>" + SoapText.escaped(address) + "</a:To>" + parameters,
                absolute);
        manager.granted(answer);
        return manager;
    }

    private static String parameters(XmlNode answer) throws DriverException {
        List<XmlNode> told = answer.find("SubscriptionReference", "ReferenceParameters")
                .map(XmlNode::children)
                .orElse(List.of());
        if (told.size() > PARAMETERS_MAX) {
            throw new DriverException(
                    Kind.PROTOCOL,
                    "The camera puts " + told.size()
                            + " parameters beside the address of its subscription, which is too" + " much.");
        }
        StringBuilder xml = new StringBuilder();
        for (XmlNode one : told) {
            one.write(xml, PARAMETERS_CHARS_MAX, IS_REFERENCE_PARAMETER);
        }
        return xml.toString();
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

    /** Notes how long the device grants, which may be less than was asked for (WS-BaseNotification 4.1, 6). */
    private void granted(XmlNode answer) {
        Optional<Instant> now = OnvifRecordings.time(answer.text("CurrentTime"));
        Optional<Instant> end = OnvifRecordings.time(answer.text("TerminationTime"));
        grantedMs = now.isPresent() && end.filter(now.get()::isBefore).isPresent()
                ? Duration.between(now.get(), end.get()).toMillis()
                : Long.MAX_VALUE;
    }

    /** {@return how long the subscription lasts from its last renewal on}; the greatest number where the device does not say. */
    long grantedMs() {
        return grantedMs;
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
                if (name.equals("Renew")) {
                    granted(answer);
                }
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
