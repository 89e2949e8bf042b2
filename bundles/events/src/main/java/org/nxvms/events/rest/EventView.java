// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.rest.kit.problem.Times;

/** An event as it travels. */
@Schema(name = "Event")
record EventView(
        UUID id,
        @Schema(description = "Number of its newest change; the id of that change in the stream") long sequence,
        UUID serverId,
        @Schema(example = "recording.gap") String kind,
        @Schema(
                        type = "string",
                        allowableValues = {"info", "warning", "critical"})
                EventSeverity severity,
        SourceView source,
        Optional<UUID> cameraId,
        @Schema(
                        type = "string",
                        allowableValues = {"pulse", "state"})
                EventSpan.Form form,
        Instant start,
        @Schema(description = "Absent while a state lasts") Optional<Instant> end,
        @Schema(
                        type = "string",
                        allowableValues = {"over", "lapsed", "source_gone"})
                Optional<EventSpan.EndReason> endReason,
        @Schema(description = "A sentence for people; may be empty") String detail,
        @Schema(description = "Texts, numbers and flags by name") Map<String, Object> attributes,
        Optional<UUID> correlationId) {

    /** Who or what it is about. */
    @Schema(name = "EventSource")
    record SourceView(
            @Schema(
                            type = "string",
                            allowableValues = {"server", "camera", "stream", "volume", "driver", "user", "integration"})
                    EventSource.Type type,
            String id,
            @Schema(description = "main or sub of a stream, input/2 of a camera, database of a server")
                    Optional<String> part) {}

    static EventView of(Event event) {
        EventSource source = event.source();
        return new EventView(
                event.id(),
                event.sequence(),
                event.serverId(),
                event.kind(),
                event.severity(),
                new SourceView(
                        source.type(),
                        source.id(),
                        source.part().isEmpty() ? Optional.empty() : Optional.of(source.part())),
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
    }
}
