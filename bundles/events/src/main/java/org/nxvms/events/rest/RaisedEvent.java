// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.nxvms.events.core.Said;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.problem.Fields;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** Checks what a caller says. What the server observes itself cannot be said from outside. */
final class RaisedEvent {
    private static final int HOLD_SECONDS_DEFAULT = 60;
    /** Clocks of integrations differ a little; an event of tomorrow is a mistake. */
    private static final long AHEAD_US_MAX = TimeUnit.MINUTES.toMicros(5);

    private final List<EventKindInfo> kinds;
    private final Predicate<UUID> isCamera;
    private final LongSupplier nowUs;

    RaisedEvent(List<EventKindInfo> kinds, Predicate<UUID> isCamera, LongSupplier nowUs) {
        this.kinds = kinds;
        this.isCamera = isCamera;
        this.nowUs = nowUs;
    }

    /** @throws ProblemException 422 naming each field that cannot work */
    Said read(EventBody body, AuthenticatedUser caller, Consumer<Optional<Event>> done) {
        Fields fields = new Fields();
        Optional<EventKindInfo> info =
                kinds.stream().filter(kind -> kind.kind().equals(body.kind())).findFirst();
        EventBody.Action action = body.action().orElse(EventBody.Action.PULSE);
        kind(body.kind(), info, action, fields);
        Optional<EventSource> source = source(body, caller, fields);
        long atUs = at(body, fields);
        int hold = body.holdSeconds().orElse(HOLD_SECONDS_DEFAULT);
        fields.check(
                hold >= 1 && hold <= EventPublisher.HOLD_SECONDS_MAX,
                "holdSeconds",
                "\"holdSeconds\" must be 1.." + EventPublisher.HOLD_SECONDS_MAX + ".");
        String detail = body.detail().orElse("");
        fields.check(
                detail.length() <= EventFact.DETAIL_CHARS_MAX,
                "detail",
                "\"detail\" has more than " + EventFact.DETAIL_CHARS_MAX + " characters.");
        EventAttributes attributes = attributes(body.attributes().orElse(Map.of()), fields);
        fields.throwIfAny();
        EventFact fact = new EventFact(
                source.orElseThrow(),
                body.kind(),
                body.severity().or(() -> info.map(EventKindInfo::severity)).orElse(EventSeverity.INFO),
                detail,
                attributes,
                body.correlationId());
        return switch (action) {
            case PULSE -> new Said.Pulse(fact, atUs, done);
            case HOLD -> new Said.Hold(fact, atUs, hold, done);
            case END -> new Said.End(fact.source(), fact.kind(), atUs, done);
        };
    }

    private static void kind(String kind, Optional<EventKindInfo> info, EventBody.Action action, Fields fields) {
        if (!EventFact.isKind(kind)) {
            fields.check(
                    false,
                    "kind",
                    "\"kind\" must be two to five words of a-z, 0-9 and _ joined by dots, e.g. acme.door_forced.");
            return;
        }
        String family = kind.substring(0, kind.indexOf('.'));
        boolean allowed = info.map(EventKindInfo::external).orElse(!EventKinds.FAMILIES.contains(family));
        fields.check(
                allowed,
                "kind",
                "\"" + kind
                        + "\" is said by the server itself. Use a kind that begins with a word of your own, or one that"
                        + " GET /api/v1/events/kinds marks as external.");
        if (info.isPresent() && allowed) {
            boolean pulse = info.get().form() == EventSpan.Form.PULSE;
            fields.check(
                    pulse == (action == EventBody.Action.PULSE),
                    "action",
                    "\"" + kind + "\" is a " + (pulse ? "pulse" : "state: use hold and end") + ".");
        }
    }

    private Optional<EventSource> source(EventBody body, AuthenticatedUser caller, Fields fields) {
        if (body.source().isEmpty()) {
            return Optional.of(
                    new EventSource(EventSource.Type.USER, caller.id().toString(), ""));
        }
        EventBody.Source given = body.source().get();
        if (given.type() != EventSource.Type.CAMERA && given.type() != EventSource.Type.INTEGRATION) {
            fields.check(false, "source.type", "\"source.type\" must be camera or integration.");
            return Optional.empty();
        }
        try {
            EventSource source =
                    new EventSource(given.type(), given.id(), given.part().orElse(""));
            boolean there = source.cameraId().map(isCamera::test).orElse(true);
            fields.check(there, "source.id", "There is no camera " + given.id() + ". GET /api/v1/cameras lists them.");
            return Optional.of(source);
        } catch (IllegalArgumentException e) {
            fields.check(
                    false,
                    "source.id",
                    "\"source\" needs an id of 1 to " + EventSource.ID_CHARS_MAX
                            + " characters (a camera's is a UUID) and a" + " part of at most "
                            + EventSource.PART_CHARS_MAX + ", without control characters.");
            return Optional.empty();
        }
    }

    private long at(EventBody body, Fields fields) {
        long now = nowUs.getAsLong();
        if (body.at().isEmpty()) {
            return now;
        }
        long atUs = Times.micros(body.at().get(), "at");
        fields.check(atUs <= now + AHEAD_US_MAX, "at", "\"at\" lies in the future. Check the clock of the sender.");
        return atUs;
    }

    private static EventAttributes attributes(Map<String, Object> values, Fields fields) {
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            boolean fits = entry.getValue() == null
                    || !(entry.getValue() instanceof String text)
                    || text.length() <= EventAttributes.TEXT_CHARS_MAX;
            fields.check(
                    fits,
                    "attributes." + entry.getKey(),
                    "A text of the attributes has more than " + EventAttributes.TEXT_CHARS_MAX + " characters.");
        }
        try {
            return EventAttributes.of(values);
        } catch (IllegalArgumentException | NullPointerException e) {
            fields.check(
                    false,
                    "attributes",
                    "\"attributes\" takes up to " + EventAttributes.COUNT_MAX
                            + " texts, numbers and flags, with camelCase names of at most "
                            + EventAttributes.NAME_CHARS_MAX + " characters and " + EventAttributes.CHARS_MAX
                            + " characters in all.");
            return EventAttributes.NONE;
        }
    }
}
