// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nxvms.integration.webhook.deliver.Voice;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How endpoints fare, said as events and in the log. */
final class WebhookEvents implements Voice {
    static final String FAILING = "webhook.failing";
    static final String DISABLED = "webhook.disabled";
    static final String LOST = "webhook.lost";

    /** Attempts are minutes apart at most; an endpoint that asks for more is said to fail until its next one. */
    private static final int HOLD_SECONDS = 4_000;

    private static final Logger LOG = LoggerFactory.getLogger(WebhookEvents.class);
    private static final Map<String, String> WHY = Map.of("webhook", "name of the endpoint", "why", "what came of it");

    static final List<EventKindInfo> KINDS = List.of(
            new EventKindInfo(
                    FAILING, EventSpan.Form.STATE, EventSeverity.WARNING, "A webhook takes no events", WHY, false),
            new EventKindInfo(
                    DISABLED,
                    EventSpan.Form.PULSE,
                    EventSeverity.WARNING,
                    "A webhook wants no more events and was switched off",
                    Map.of("webhook", "name of the endpoint"),
                    false),
            new EventKindInfo(
                    LOST,
                    EventSpan.Form.PULSE,
                    EventSeverity.CRITICAL,
                    "A webhook will never be told of some events",
                    Map.of(
                            "webhook",
                            "name of the endpoint",
                            "count",
                            "how many at least",
                            "why",
                            "what became of them"),
                    false));

    private final Supplier<EventPublisher> publisher;

    /** @param publisher gives null while events are away; the log has it then */
    WebhookEvents(Supplier<EventPublisher> publisher) {
        this.publisher = publisher;
    }

    @Override
    public void failing(String name, Instant since, String detail) {
        EventPublisher events = publisher.get();
        if (events != null) {
            EventFact fact = fact(
                    name,
                    FAILING,
                    EventSeverity.WARNING,
                    "Webhook " + name + " takes no events; they wait and are tried again. " + detail,
                    Map.of("webhook", name, "why", detail));
            events.hold(fact, us(since), HOLD_SECONDS);
        }
    }

    @Override
    public void recovered(String name) {
        EventPublisher events = publisher.get();
        if (events != null) {
            events.end(source(name), FAILING, us(Instant.now()));
        }
    }

    @Override
    public void gone(String name) {
        String sentence = "Webhook " + name + " answered 410, wants no more events, and was switched off.";
        LOG.warn("{}", sentence);
        recovered(name);
        pulse(fact(name, DISABLED, EventSeverity.WARNING, sentence, Map.of("webhook", name)));
    }

    @Override
    public void lost(String name, long count, String why) {
        String sentence = "Webhook " + name + " will never be told of " + count + " events. " + why;
        LOG.error("{}", sentence);
        pulse(fact(name, LOST, EventSeverity.CRITICAL, sentence, Map.of("webhook", name, "count", count, "why", why)));
    }

    private void pulse(EventFact fact) {
        EventPublisher events = publisher.get();
        if (events != null) {
            events.pulse(fact, us(Instant.now()));
        }
    }

    private static EventFact fact(
            String name, String kind, EventSeverity severity, String sentence, Map<String, Object> attributes) {
        return EventFact.of(source(name), kind, severity, sentence, EventAttributes.of(attributes));
    }

    private static EventSource source(String name) {
        return new EventSource(EventSource.Type.INTEGRATION, Webhooks.NAME, name);
    }

    private static long us(Instant at) {
        return at.toEpochMilli() * 1_000;
    }
}
