// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.keep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** An event as one line of JSON in the spool. The spool is read by the version that wrote it, or a later one. */
record EventLine(
        UUID id,
        UUID serverId,
        long sequence,
        EventSource.Type sourceType,
        String sourceId,
        String sourcePart,
        String kind,
        EventSeverity severity,
        String detail,
        Map<String, Object> attributes,
        UUID correlationId,
        EventSpan.Form form,
        long startUs,
        Long endUs,
        EventSpan.EndReason endReason) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static String write(Event event) {
        EventFact fact = event.fact();
        EventSpan span = event.span();
        EventLine line = new EventLine(
                event.id(),
                event.serverId(),
                event.sequence(),
                fact.source().type(),
                fact.source().id(),
                fact.source().part(),
                fact.kind(),
                fact.severity(),
                fact.detail(),
                fact.attributes().values(),
                fact.correlationId().orElse(null),
                span.form(),
                span.startUs(),
                span.endUs().isPresent() ? span.endUs().getAsLong() : null,
                span.endReason().orElse(null));
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event cannot be written as JSON: " + event.id(), e);
        }
    }

    /** {@return the event; empty when the line is torn or not one of ours} */
    static Optional<Event> read(String text) {
        try {
            EventLine line = JSON.readValue(text, EventLine.class);
            return Optional.of(new Event(
                    line.id,
                    line.serverId,
                    line.sequence,
                    new EventFact(
                            new EventSource(line.sourceType, line.sourceId, line.sourcePart),
                            line.kind,
                            line.severity,
                            line.detail,
                            EventAttributes.of(line.attributes),
                            Optional.ofNullable(line.correlationId)),
                    new EventSpan(
                            line.form,
                            line.startUs,
                            line.endUs == null ? OptionalLong.empty() : OptionalLong.of(line.endUs),
                            Optional.ofNullable(line.endReason))));
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }
}
