// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** An event's row; {@code end_us} is null while a state lasts. */
@Entity
@Table(name = "event")
public class EventRow {
    /** A state that lasts longer than this is found apart from the others; see {@link EventTable#find}. */
    static final long LASTING_US_MIN = TimeUnit.HOURS.toMicros(1);

    @Id
    private String id;

    @Column(name = "server_id")
    private String serverId;

    private long sequence;

    @Column(name = "source_type")
    private String sourceType;

    @Column(name = "source_id")
    private String sourceId;

    @Column(name = "source_part")
    private String sourcePart;

    @Column(name = "camera_id")
    private String cameraId;

    private String kind;
    private int severity;
    private boolean state;

    @Column(name = "start_us")
    private long startUs;

    @Column(name = "end_us")
    private Long endUs;

    @Column(name = "end_reason")
    private String endReason;

    /** 1 or 0: the two databases and EclipseLink do not agree how a query compares a boolean. */
    private int lasting;

    private String detail;
    private String attributes;

    @Column(name = "correlation_id")
    private String correlationId;

    /** For JPA. */
    protected EventRow() {}

    EventRow(Event event) {
        id = event.id().toString();
        serverId = event.serverId().toString();
        take(event);
    }

    final void take(Event event) {
        EventFact fact = event.fact();
        EventSpan span = event.span();
        sequence = event.sequence();
        sourceType = fact.source().type().name();
        sourceId = fact.source().id();
        sourcePart = fact.source().part();
        cameraId = fact.source().cameraId().map(UUID::toString).orElse(null);
        kind = fact.kind();
        severity = rank(fact.severity());
        state = span.form() == EventSpan.Form.STATE;
        startUs = span.startUs();
        endUs = span.endUs().isPresent() ? span.endUs().getAsLong() : null;
        endReason = span.endReason().map(Enum::name).orElse(null);
        lasting = endUs == null || endUs - startUs > LASTING_US_MIN ? 1 : 0;
        detail = fact.detail();
        attributes = AttributesJson.write(fact.attributes());
        correlationId = fact.correlationId().map(UUID::toString).orElse(null);
    }

    String id() {
        return id;
    }

    long sequence() {
        return sequence;
    }

    Event event() {
        EventFact fact = new EventFact(
                new EventSource(
                        known(EventSource.Type.class, sourceType, EventSource.Type.SERVER), sourceId, sourcePart),
                kind,
                severity(severity),
                detail,
                AttributesJson.read(attributes),
                Optional.ofNullable(correlationId).map(UUID::fromString));
        EventSpan span = state
                ? new EventSpan(
                        EventSpan.Form.STATE,
                        startUs,
                        endUs == null ? OptionalLong.empty() : OptionalLong.of(endUs),
                        Optional.ofNullable(endReason)
                                .map(name -> known(EventSpan.EndReason.class, name, EventSpan.EndReason.OVER)))
                : EventSpan.pulse(startUs);
        return new Event(UUID.fromString(id), UUID.fromString(serverId), sequence, fact, span);
    }

    /** {@return a number that leaves room between, since severities may come in between} */
    static int rank(EventSeverity severity) {
        return switch (severity) {
            case INFO -> 10;
            case WARNING -> 20;
            case CRITICAL -> 30;
        };
    }

    private static EventSeverity severity(int rank) {
        return rank >= 30 ? EventSeverity.CRITICAL : rank >= 20 ? EventSeverity.WARNING : EventSeverity.INFO;
    }

    /** A newer version's word is shown as the nearest known one instead of hiding the event. */
    private static <E extends Enum<E>> E known(Class<E> type, String name, E otherwise) {
        return Arrays.stream(type.getEnumConstants())
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElse(otherwise);
    }
}
