// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** The Events service, its pull points (Core 9.2) and its subscriptions by base notification (WS-BaseNotification). */
final class OnvifEvents {
    static final String PULL_POINTS = "/onvif/pull_point/";
    static final String SUBSCRIPTIONS = "/onvif/subscription/";

    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final Duration LIFE_MAX = Duration.ofHours(1);
    private static final Duration PULL_MAX = Duration.ofMinutes(1);
    private static final int MESSAGES_MAX = 100;

    private final Device device;
    private final Map<Integer, PullPoint> pullPoints = new ConcurrentHashMap<>();
    private final Map<Integer, NotifySender> senders = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile String bootId;

    OnvifEvents(Device device) {
        this.device = device;
        this.bootId = device.bootId();
    }

    HttpAnswer service(HttpRequest http, SoapRequest request) {
        return switch (request.name()) {
            case "CreatePullPointSubscription" ->
                device.faults().has(FaultKind.NO_PULL_POINT)
                        ? Soap.missing("This device has no pull points.")
                        : create(http, request);
            case "Subscribe" -> subscribe(http, request);
            case "GetServiceCapabilities" ->
                Soap.answer("<tev:GetServiceCapabilitiesResponse><tev:Capabilities WSSubscriptionPolicySupport=\"true\""
                        + " WSPausableSubscriptionManagerInterfaceSupport=\"false\" MaxPullPoints=\"10\"/>"
                        + "</tev:GetServiceCapabilitiesResponse>");
            case "GetEventProperties" -> properties();
            default -> Soap.missing("There is no operation " + request.name() + " in the event service.");
        };
    }

    /** {@return -1 for one that tells it as a subcode} */
    private long form() {
        FaultSet faults = device.faults();
        return faults.has(FaultKind.SUBSCRIPTION_FAULTS) ? faults.value(FaultKind.SUBSCRIPTION_FAULTS) : -1;
    }

    private HttpAnswer unknown(String reason) {
        return form() == 2 ? HttpAnswer.text(404, "Not Found\r\n") : wrong(reason, "ResourceUnknownFault");
    }

    private HttpAnswer wrongTime(String reason) {
        return form() == 2 ? Soap.fault(reason) : wrong(reason, "UnacceptableInitialTerminationTimeFault");
    }

    private HttpAnswer wrong(String reason, String name) {
        return switch ((int) form()) {
            case 0 -> Soap.fault(reason, "InvalidArgVal");
            case 1 -> Soap.faultInDetail(reason, name);
            default -> Soap.fault(reason, "InvalidArgVal", name);
        };
    }

    /** {@return what is granted of it by base notification} */
    private Duration granted(Duration life) {
        FaultSet faults = device.faults();
        Duration most = Duration.ofSeconds(faults.value(FaultKind.BRIEF_SUBSCRIPTIONS));
        return faults.has(FaultKind.BRIEF_SUBSCRIPTIONS) && most.compareTo(life) < 0 ? most : life;
    }

    private static HttpAnswer properties() {
        return Soap.answer(
                """
                <tev:GetEventPropertiesResponse>\
                <tev:TopicNamespaceLocation>http://www.onvif.org/onvif/ver10/topics/topicns.xml</tev:TopicNamespaceLocation>\
                <wsnt:FixedTopicSet>true</wsnt:FixedTopicSet>\
                <wstop:TopicSet xmlns:wstop="http://docs.oasis-open.org/wsn/t-1"><tns1:RuleEngine><CellMotionDetector>\
                <Motion wstop:topic="true"/></CellMotionDetector></tns1:RuleEngine><tns1:Device><Trigger>\
                <DigitalInput wstop:topic="true"/><Relay wstop:topic="true"/></Trigger></tns1:Device></wstop:TopicSet>\
                </tev:GetEventPropertiesResponse>""");
    }

    private HttpAnswer create(HttpRequest http, SoapRequest request) {
        clean();
        if (isFull()) {
            return Soap.fault("There are too many pull points.", "Action", "MaximumNumberOfPullPointsReached");
        }
        Optional<Duration> life = life(request.text("InitialTerminationTime"));
        if (life.isEmpty()) {
            return wrongTime("The time of termination cannot be used.");
        }
        int number = numbers.incrementAndGet();
        pullPoints.put(number, new PullPoint(device, life.get()));
        return Soap.answer("<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa5:Address>"
                + Soap.escaped(OnvifDevice.base(http) + PULL_POINTS + number)
                + "</wsa5:Address></tev:SubscriptionReference>" + times(life.get(), "wsnt")
                + "</tev:CreatePullPointSubscriptionResponse>");
    }

    private HttpAnswer subscribe(HttpRequest http, SoapRequest request) {
        clean();
        Optional<Duration> life = life(request.text("InitialTerminationTime")).map(this::granted);
        String consumer = request.text("ConsumerReference", "Address");
        if (life.isEmpty() || !consumer.matches("https?://[!-~]{1,1000}")) {
            return wrongTime("The consumer, or the time of termination, cannot be used.");
        }
        int number = numbers.incrementAndGet();
        senders.put(number, new NotifySender(device, URI.create(consumer), life.get()));
        return Soap.answer("<wsnt:SubscribeResponse><wsnt:SubscriptionReference><wsa5:Address>"
                + Soap.escaped(OnvifDevice.base(http) + SUBSCRIPTIONS + number)
                + "</wsa5:Address></wsnt:SubscriptionReference>" + times(life.get(), "wsnt")
                + "</wsnt:SubscribeResponse>");
    }

    /** Where a subscription by base notification is managed. */
    HttpAnswer subscription(HttpRequest http, SoapRequest request) {
        clean();
        String digits = http.path().substring(SUBSCRIPTIONS.length());
        NotifySender sender = digits.matches("\\d{1,9}") ? senders.get(Integer.parseInt(digits)) : null;
        if (sender == null) {
            return unknown("There is no such subscription.");
        }
        return switch (request.name()) {
            case "SetSynchronizationPoint" -> {
                sender.synchronise();
                yield Soap.done("tev", "SetSynchronizationPoint");
            }
            case "Renew" -> renewed(request, this::granted, sender::renew);
            case "Unsubscribe" -> {
                sender.end();
                senders.values().remove(sender);
                yield Soap.done("wsnt", "Unsubscribe");
            }
            default -> Soap.missing("There is no operation " + request.name() + " of a subscription.");
        };
    }

    private HttpAnswer renewed(SoapRequest request, UnaryOperator<Duration> granted, Consumer<Duration> subscription) {
        Optional<Duration> life = life(request.text("TerminationTime")).map(granted);
        life.ifPresent(subscription);
        return life.map(given -> Soap.answer("<wsnt:RenewResponse>" + times(given, "wsnt") + "</wsnt:RenewResponse>"))
                .orElseGet(() -> wrongTime("The time of termination cannot be used."));
    }

    /** Nobody is called any more. */
    void close() {
        senders.values().forEach(NotifySender::end);
    }

    /** A device that starts anew has forgotten who pulled; so has one with that fault. */
    private synchronized void clean() {
        boolean anew = !bootId.equals(device.bootId()) || device.faults().has(FaultKind.PULL_POINT_GONE);
        bootId = device.bootId();
        pullPoints.values().removeIf(pullPoint -> {
            boolean over = anew || pullPoint.isOver();
            if (over) {
                pullPoint.end();
            }
            return over;
        });
        senders.values().removeIf(sender -> {
            boolean over = anew || sender.isOver();
            if (over) {
                sender.end();
            }
            return over;
        });
    }

    private boolean isFull() {
        FaultSet faults = device.faults();
        return isFull(faults, FaultKind.SESSION_LIMIT) || isFull(faults, FaultKind.SESSION_LIMIT_503);
    }

    private boolean isFull(FaultSet faults, FaultKind limit) {
        return faults.has(limit) && pullPoints.size() >= faults.value(limit);
    }

    private Optional<Duration> life(String text) {
        try {
            if (text.startsWith("P") && device.faults().has(FaultKind.ABSOLUTE_TIMES)) {
                return Optional.empty();
            }
            Duration life = text.isEmpty()
                    ? LIFE
                    : text.startsWith("P")
                            ? Duration.parse(text)
                            : Duration.between(device.time(), OffsetDateTime.parse(text));
            return life.isNegative() || life.isZero()
                    ? Optional.empty()
                    : Optional.of(life.compareTo(LIFE_MAX) < 0 ? life : LIFE_MAX);
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }

    private String times(Duration life, String prefix) {
        Instant now = device.time();
        return "<" + prefix + ":CurrentTime>" + now + "</" + prefix + ":CurrentTime><" + prefix + ":TerminationTime>"
                + now.plus(life) + "</" + prefix + ":TerminationTime>";
    }

    HttpAnswer pullPoint(HttpRequest http, SoapRequest request) throws java.io.IOException {
        clean();
        String digits = http.path().substring(PULL_POINTS.length());
        Optional<PullPoint> found =
                digits.matches("\\d{1,9}") && !device.faults().has(FaultKind.PULL_POINT_GONE)
                        ? Optional.ofNullable(pullPoints.get(Integer.parseInt(digits)))
                        : Optional.empty();
        if (found.isEmpty()) {
            return unknown("There is no such pull point.");
        }
        if (device.faults().has(FaultKind.EVENTS_SILENT)) {
            return HttpAnswer.NONE;
        }
        return switch (request.name()) {
            case "PullMessages" -> pull(found.get(), request);
            case "SetSynchronizationPoint" -> {
                found.get().synchronise();
                yield Soap.done("tev", "SetSynchronizationPoint");
            }
            case "Renew" -> renewed(request, UnaryOperator.identity(), found.get()::renew);
            case "Unsubscribe" -> {
                found.get().end();
                pullPoints.values().remove(found.get());
                yield Soap.done("wsnt", "Unsubscribe");
            }
            default -> Soap.missing("There is no operation " + request.name() + " of a pull point.");
        };
    }

    private HttpAnswer pull(PullPoint pullPoint, SoapRequest request) throws java.io.IOException {
        Duration timeout;
        int limit;
        try {
            timeout = Duration.parse(request.text("Timeout"));
            limit = Integer.parseInt(request.text("MessageLimit"));
        } catch (DateTimeParseException | NumberFormatException wrong) {
            return Soap.fault("Timeout or MessageLimit cannot be used.", "InvalidArgVal");
        }
        if (timeout.isNegative() || timeout.compareTo(PULL_MAX) > 0 || limit < 1) {
            return Soap.fault("Timeout or MessageLimit are beyond what this device does.", "InvalidArgVal");
        }
        StringBuilder messages = new StringBuilder();
        try {
            for (OnvifMessages.Notice notice : pullPoint.pull(timeout, Math.min(limit, MESSAGES_MAX))) {
                messages.append(OnvifMessages.message(device, notice));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new java.io.IOException("stopped while waiting for events", stop);
        }
        return Soap.answer(
                "<tev:PullMessagesResponse>" + times(LIFE, "tev") + messages + "</tev:PullMessagesResponse>");
    }
}
