// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Times;

/**
 * What is sent: the payload of Standard Webhooks ({@code type}, {@code timestamp}, {@code data}), with the event as {@code GET
 * /api/v1/events} shows it as data.
 *
 * @param id the same whenever this change of this event is sent
 */
public record Message(String id, byte[] body) {
    /** Sent when an administrator asks for it, never of itself. */
    public static final String TEST_TYPE = "webhook.test";

    /** @param lostBefore events that were to be sent before this one and never will be, since the last one that arrived */
    private record Payload(String type, Instant timestamp, Optional<Long> lostBefore, Object data) {}

    /** As {@code EventView} of the bundle {@code events}. */
    private record Data(
            UUID id,
            long sequence,
            UUID serverId,
            String kind,
            EventSeverity severity,
            Source source,
            Optional<UUID> cameraId,
            EventSpan.Form form,
            Instant start,
            Optional<Instant> end,
            Optional<EventSpan.EndReason> endReason,
            String detail,
            Map<String, Object> attributes,
            Optional<UUID> correlationId) {}

    private record Source(EventSource.Type type, String id, Optional<String> part) {}

    private record TestData(UUID serverId, String detail) {}

    static Message of(Event event, long lostBefore) {
        EventSource source = event.source();
        Data data = new Data(
                event.id(),
                event.sequence(),
                event.serverId(),
                event.kind(),
                event.severity(),
                new Source(
                        source.type(), source.id(), Optional.of(source.part()).filter(part -> !part.isEmpty())),
                event.cameraId(),
                event.span().form(),
                Times.instant(event.startUs()),
                event.endUs().isPresent()
                        ? Optional.of(Times.instant(event.endUs().getAsLong()))
                        : Optional.empty(),
                event.span().endReason(),
                event.fact().detail(),
                event.fact().attributes().values(),
                event.fact().correlationId());
        return new Message(
                "evt_" + event.id() + "_" + event.sequence(),
                json(new Payload(
                        event.kind(),
                        Times.instant(event.endUs().orElse(event.startUs())),
                        Optional.of(lostBefore).filter(lost -> lost > 0),
                        data)));
    }

    /** What is sent when an administrator wants to see whether it arrives. */
    public static Message test(UUID serverId, Instant now) {
        return new Message(
                "test_" + UUID.randomUUID(),
                json(new Payload(
                        TEST_TYPE,
                        now,
                        Optional.empty(),
                        new TestData(serverId, "An administrator wants to know whether this arrives."))));
    }

    /** {@return the headers that tell a receiver who sent it when, and that nobody changed it} */
    public Map<String, String> headers(byte[] key, Instant now, Map<String, String> more) {
        long seconds = now.getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", String.valueOf(seconds));
        headers.put("webhook-signature", Signature.of(key, id, seconds, body));
        return headers;
    }

    private static byte[] json(Payload payload) {
        try {
            return Json.mapper().writeValueAsBytes(payload);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an event is JSON", impossible);
        }
    }
}
