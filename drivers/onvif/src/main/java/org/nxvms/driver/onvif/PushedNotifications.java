// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.onvif.SoapClient.Sender;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushInbox.Request;
import org.nxvms.driver.spi.PushLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription by base notification: the device posts what happens to an address of the server (WS-BaseNotification 3).
 * For devices without pull points.
 */
final class PushedNotifications implements Subscription {
    /** A device may post each message for itself. */
    static final PushLimits LIMITS = new PushLimits(256 << 10, 6_000, 5_000);

    private static final Logger LOG = LoggerFactory.getLogger(PushedNotifications.class);
    /** So many deliveries are taken at once. */
    private static final int TOGETHER_MAX = 20;

    private static final String TYPE = "application/soap+xml; charset=utf-8";

    private final SubscriptionManager manager;
    private final PushInbox inbox;
    private final String path;

    private PushedNotifications(SubscriptionManager manager, PushInbox inbox, String path) {
        this.manager = manager;
        this.inbox = inbox;
        this.path = path;
    }

    /** @param inbox closed with the subscription, or when there is none */
    static PushedNotifications create(Services services, PushInbox inbox) throws DriverException {
        // The address stays the same for ever; what an older subscription still delivers goes another way.
        String path = "/" + UUID.randomUUID();
        String consumer = SoapText.escaped(inbox.address() + path);
        try {
            SubscriptionManager manager = SubscriptionManager.create(
                    services,
                    "Subscribe",
                    "http://docs.oasis-open.org/wsn/bw-2/NotificationProducer/SubscribeRequest",
                    time -> "<n:Subscribe xmlns:n=\"" + SubscriptionManager.NOTIFICATION
                            + "\"><n:ConsumerReference><a:Address>" + consumer
                            + "</a:Address></n:ConsumerReference><n:InitialTerminationTime>" + time
                            + "</n:InitialTerminationTime></n:Subscribe>");
            return new PushedNotifications(manager, inbox, path);
        } catch (DriverException refused) {
            inbox.close();
            throw refused;
        }
    }

    /** Who delivers is not held up by what is done with it: a worker takes it. */
    @Override
    public CompletableFuture<List<XmlNode>> take(int seconds, Sender by) {
        DeviceHttp http = manager.http();
        CompletableFuture<Void> late = http.after(TimeUnit.SECONDS.toMillis(seconds));
        return CompletableFuture.anyOf(inbox.arrival().toCompletableFuture(), late)
                .thenComposeAsync(
                        come -> {
                            late.cancel(false);
                            return Later.of(this::delivered);
                        },
                        http.executor());
    }

    /** {@return what has been delivered by now} */
    private List<XmlNode> delivered() throws DriverException {
        List<XmlNode> told = new ArrayList<>();
        try {
            Optional<Request> next = inbox.next(0);
            for (int taken = 1; next.isPresent(); taken++) {
                told.addAll(accepted(next.get()));
                next = taken < TOGETHER_MAX ? inbox.next(0) : Optional.empty();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "The driver has been stopped.", stop);
        }
        return told;
    }

    private List<XmlNode> accepted(Request request) {
        if (!request.path().equals(path)) {
            request.answer(410, "text/plain", new byte[0]);
            return List.of();
        }
        try {
            List<XmlNode> told = notifications(XmlNode.read(request.body()));
            request.answer(200, TYPE, new byte[0]);
            return told;
        } catch (DriverException noXml) {
            LOG.debug("a delivery is left out: {}", noXml.getMessage());
            request.answer(400, "text/plain", new byte[0]);
            return List.of();
        }
    }

    /** {@return the notifications in an envelope} */
    static List<XmlNode> notifications(XmlNode envelope) {
        return envelope.find("Body", "Notify")
                .map(notify -> notify.all("NotificationMessage"))
                .orElse(List.of());
    }

    /** The device calls us, and may take its time. */
    @Override
    public int quietSeconds() {
        return 3;
    }

    @Override
    public long grantedMs() {
        return manager.grantedMs();
    }

    @Override
    public int messagesMax() {
        return Integer.MAX_VALUE;
    }

    @Override
    public CompletableFuture<Void> synchronise(Sender by) {
        return manager.synchronise(by);
    }

    /** The one sign of life of a device that has nothing to say. */
    @Override
    public CompletableFuture<Void> renew(Sender by) {
        return manager.renew(by)
                .thenCompose(done -> done
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(new DriverException(
                                Kind.NOT_FOUND, "The camera does not renew its subscription; it begins anew.")));
    }

    @Override
    public CompletableFuture<Void> end(Sender by) {
        inbox.close();
        return manager.unsubscribe(by);
    }

    @Override
    public void wake() {
        inbox.close();
    }
}
