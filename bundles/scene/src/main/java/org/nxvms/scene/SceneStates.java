// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/**
 * What one camera sees, as states: one for each kind of object that is there, and one for motion. A state begins with the
 * document that names it and ends when none has for {@value #END_MS} ms, for devices send documents at their own pace. By
 * one thread.
 */
final class SceneStates {
    static final int END_MS = 3_000;
    /** How often a state that goes on is said again, with how many there are and where now. */
    static final int AGAIN_MS = 5_000;
    /** Three times that: it lapses when this bundle goes. */
    static final int HOLD_SECONDS = 15;

    static final String PART = "scene";
    private static final int BOXES_MAX = 10;
    private static final String OBJECT = "onvif.object";

    /** Words of ONVIF and of makers (Analytics, "ObjectType") by ours; those of the driver's own events are the same. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("human", "onvif.person"),
            Map.entry("humanbody", "onvif.person"),
            Map.entry("person", "onvif.person"),
            Map.entry("face", "onvif.face"),
            Map.entry("humanface", "onvif.face"),
            Map.entry("vehicle", "onvif.vehicle"),
            Map.entry("vehical", "onvif.vehicle"),
            Map.entry("car", "onvif.vehicle"),
            Map.entry("truck", "onvif.vehicle"),
            Map.entry("bus", "onvif.vehicle"),
            Map.entry("motorcycle", "onvif.vehicle"),
            Map.entry("bicycle", "onvif.vehicle"),
            Map.entry("animal", "onvif.animal"));

    private static final class State {
        private EventAttributes attributes = EventAttributes.NONE;
        private long seenMs;
        private long seenUs;
        private long sinceUs;
        private long saidMs = Long.MIN_VALUE;
    }

    private final UUID camera;
    private final Supplier<EventPublisher> publisher;
    private final Map<String, State> states = new HashMap<>();

    /** @param publisher answers null while it is away */
    SceneStates(UUID camera, Supplier<EventPublisher> publisher) {
        this.camera = camera;
        this.publisher = publisher;
    }

    /** @param wallUs of the document */
    void take(SceneDocument document, long nowMs, long wallUs) {
        Map<String, List<SceneDocument.Seen>> kinds = document.objects().stream()
                .collect(Collectors.groupingBy(seen -> KINDS.getOrDefault(seen.type(), OBJECT)));
        kinds.forEach((kind, seen) ->
                see(kind, EventAttributes.of(Map.of("count", seen.size(), "boxes", boxes(seen))), nowMs, wallUs));
        document.moves()
                .ifPresent(box -> see(
                        EventKinds.CAMERA_MOTION,
                        EventAttributes.of(Map.of("boxes", box.thousandths())),
                        nowMs,
                        wallUs));
    }

    private static String boxes(List<SceneDocument.Seen> seen) {
        return seen.stream()
                .flatMap(one -> one.box().stream())
                .limit(BOXES_MAX)
                .map(Box::thousandths)
                .collect(Collectors.joining(" "));
    }

    private void see(String kind, EventAttributes attributes, long nowMs, long wallUs) {
        State state = states.computeIfAbsent(kind, begun -> {
            State fresh = new State();
            fresh.sinceUs = wallUs;
            return fresh;
        });
        state.seenMs = nowMs;
        state.seenUs = wallUs;
        state.attributes = attributes;
        say(kind, state, nowMs);
    }

    private void say(String kind, State state, long nowMs) {
        EventPublisher to = publisher.get();
        boolean due = state.saidMs == Long.MIN_VALUE || nowMs - state.saidMs >= AGAIN_MS;
        if (due && to != null) {
            EventFact fact =
                    EventFact.of(EventSource.camera(camera, PART), kind, EventSeverity.INFO, "", state.attributes);
            // What was dropped is said again with the next document.
            if (to.hold(fact, state.sinceUs, HOLD_SECONDS)) {
                state.saidMs = nowMs;
            }
        }
    }

    /** Ends what was not seen for a while. */
    void look(long nowMs) {
        states.entrySet().removeIf(entry -> {
            State state = entry.getValue();
            boolean over = nowMs - state.seenMs >= END_MS;
            EventPublisher to = publisher.get();
            if (over && state.saidMs != Long.MIN_VALUE && to != null) {
                to.end(EventSource.camera(camera, PART), entry.getKey(), state.seenUs);
            }
            return over;
        });
    }

    boolean isEmpty() {
        return states.isEmpty();
    }
}
