// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.nxvms.driver.onvif.SoapClient.Sender;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A pull point at a device (Core 9.2). One conversation at a time, each with a thread that waits or without one. */
final class PullPoint implements Subscription {
    private static final int MESSAGES_MAX = 100;
    /** So many every device gives at once (Core 9.2.2); one that is asked for more than it can may refuse. */
    private static final int MESSAGES_MIN = 2;

    private static final Kind[] REFUSALS = {Kind.CONFIG, Kind.PROTOCOL, Kind.UNSUPPORTED};

    /** After so long a device that has said all its states says nothing. */
    static final int QUIET_SECONDS = 1;

    private final SubscriptionManager manager;
    private volatile int messages = MESSAGES_MAX;
    private volatile boolean pulled;

    private PullPoint(SubscriptionManager manager) {
        this.manager = manager;
    }

    static PullPoint create(Services services) throws DriverException {
        String name = "CreatePullPointSubscription";
        return new PullPoint(SubscriptionManager.create(
                services,
                name,
                "http://www.onvif.org/ver10/events/wsdl/EventPortType/CreatePullPointSubscriptionRequest",
                time -> Service.EVENTS.operation(
                        name, "<o:InitialTerminationTime>" + time + "</o:InitialTerminationTime>")));
    }

    /** {@return what was said since, for which the device waits up to so many seconds} */
    List<XmlNode> take(int seconds) throws DriverException {
        return Later.now(take(seconds, manager.here()));
    }

    @Override
    public CompletableFuture<List<XmlNode>> take(int seconds, Sender by) {
        return pull(seconds, messages, by)
                .handle((told, failed) -> failed == null
                        ? CompletableFuture.completedFuture(told)
                        : again(seconds, Later.cause(failed), by))
                .thenCompose(told -> told)
                .handle((told, failed) -> {
                    if (failed != null) {
                        throw new CompletionException(lost(Later.cause(failed)));
                    }
                    pulled = true;
                    return told;
                });
    }

    /**
     * A device that has forgotten a pull point says so in many words: as a wrong argument, by 404, or by a fault whose name
     * stands in its detail. Nobody has to set anything otherwise; a new one helps.
     */
    private Throwable lost(Throwable failed) {
        boolean isLost = Later.isOf(failed, Kind.CONFIG) || pulled && Later.isOf(failed, Kind.UNSUPPORTED);
        return isLost ? SubscriptionManager.asKind(Kind.NOT_FOUND, (DriverException) failed) : failed;
    }

    /**
     * Which fault tells of the limit stands in its detail only, and not in every device's, and some refuse with no fault, as if
     * we had no right to ask. Only if asking for few helps it was the limit.
     */
    private CompletableFuture<List<XmlNode>> again(int seconds, Throwable refused, Sender by) {
        if (pulled || messages == MESSAGES_MIN || !Later.isOf(refused, REFUSALS)) {
            return CompletableFuture.failedFuture(refused);
        }
        return pull(seconds, MESSAGES_MIN, by).thenApply(told -> {
            messages = MESSAGES_MIN;
            return told;
        });
    }

    private CompletableFuture<List<XmlNode>> pull(int seconds, int most, Sender by) {
        String content = "<o:Timeout>PT" + seconds + "S</o:Timeout><o:MessageLimit>" + most + "</o:MessageLimit>";
        return manager.pull("PullMessages", content, seconds * 1_000, by)
                .thenApply(answer -> answer.all("NotificationMessage"));
    }

    @Override
    public int quietSeconds() {
        return QUIET_SECONDS;
    }

    /** It lives by being pulled from. */
    @Override
    public long grantedMs() {
        return Long.MAX_VALUE;
    }

    @Override
    public int messagesMax() {
        return MESSAGES_MAX;
    }

    @Override
    public CompletableFuture<Void> synchronise(Sender by) {
        return manager.synchronise(by);
    }

    /** A device that does not do that is left alone: pull points live on as long as they are pulled from. */
    @Override
    public CompletableFuture<Void> renew(Sender by) {
        return manager.renew(by).thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<Void> end(Sender by) {
        return manager.unsubscribe(by);
    }

    void end() throws DriverException {
        Later.now(end(manager.here()));
    }

    @Override
    public void wake() {
        // What is waited for is an exchange with the device.
    }
}
