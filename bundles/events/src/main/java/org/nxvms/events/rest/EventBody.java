// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/** What an integration or an operator says. */
@Schema(name = "EventBody")
record EventBody(
        @Schema(
                        example = "acme.door_forced",
                        description = "A kind of the caller's own, or one that GET kinds marks external")
                String kind,
        @Schema(
                        description =
                                "pulse (default): it happened; hold: a state began or still lasts; end: it is over",
                        type = "string",
                        allowableValues = {"pulse", "hold", "end"})
                Optional<Action> action,
        @Schema(description = "Default: the caller") Optional<Source> source,
        @Schema(
                        description = "Default: that of the kind, otherwise info",
                        type = "string",
                        allowableValues = {"info", "warning", "critical"})
                Optional<EventSeverity> severity,
        @Schema(description = "A sentence for people, at most 1000 characters") Optional<String> detail,
        @Schema(description = "At most 32 texts, numbers and flags by camelCase name")
                Optional<Map<String, Object>> attributes,
        Optional<UUID> correlationId,
        @Schema(description = "When; RFC 3339 or milliseconds since 1970. Default: now") Optional<String> at,
        @Schema(
                        description =
                                "For hold: the state ends by itself unless said again within this time, 1..86400, default 60")
                Optional<Integer> holdSeconds) {

    /** What is said of it. */
    enum Action {
        PULSE,
        HOLD,
        END
    }

    /** About whom. */
    @Schema(name = "EventBodySource")
    record Source(
            @Schema(
                            type = "string",
                            allowableValues = {"camera", "integration"})
                    EventSource.Type type,
            @Schema(description = "A camera's id, or the integration's own name") String id,
            @Schema(description = "e.g. input/2") Optional<String> part) {
        Source {
            Objects.requireNonNull(type, "source.type");
            Objects.requireNonNull(id, "source.id");
            part = part == null ? Optional.empty() : part;
        }
    }

    EventBody {
        Objects.requireNonNull(kind, "kind");
        action = action == null ? Optional.empty() : action;
        source = source == null ? Optional.empty() : source;
        severity = severity == null ? Optional.empty() : severity;
        detail = detail == null ? Optional.empty() : detail;
        attributes = attributes == null ? Optional.empty() : attributes;
        correlationId = correlationId == null ? Optional.empty() : correlationId;
        at = at == null ? Optional.empty() : at;
        holdSeconds = holdSeconds == null ? Optional.empty() : holdSeconds;
    }
}
