// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event may be, and what a filter lets through. */
class EventContractTest {
    private static final UUID CAMERA = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);

    @ParameterizedTest
    @ValueSource(strings = {"camera.motion", "acme.door_forced", "a.b.c.d.e", "x1.y2"})
    void takesDottedWordsAsKinds(String kind) {
        assertThat(EventFact.isKind(kind)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "camera",
                "camera.",
                ".motion",
                "camera..motion",
                "Camera.motion",
                "camera.1st",
                "camera.*",
                "a.b.c.d.e.f",
                "camera.mötion",
                "camera.motion\n"
            })
    void refusesOtherKinds(String kind) {
        assertThat(EventFact.isKind(kind)).isFalse();
    }

    @Test
    void refusesAKindThatIsTooLong() {
        assertThat(EventFact.isKind("a." + "b".repeat(98))).isTrue();
        assertThat(EventFact.isKind("a." + "b".repeat(99))).isFalse();
    }

    @Test
    void keepsWhatADeviceSaysWithinBounds() {
        EventAttributes attributes = EventAttributes.of(
                Map.of("said", "a\u0000b\nc" + "x".repeat(2000), "count", 3, "ratio", 0.5f, "on", true));
        assertThat(attributes.text("said").orElseThrow()).startsWith("a b cx").hasSize(EventAttributes.TEXT_CHARS_MAX);
        assertThat(attributes.whole("count")).hasValue(3);
        assertThat(attributes.number("ratio")).hasValue(0.5);
        assertThat(attributes.number("count")).hasValue(3);
        assertThat(attributes.flag("on")).contains(true);
        assertThat(attributes.text("on")).isEmpty();
        assertThat(attributes.with("count", 4).whole("count")).hasValue(4);
    }

    @Test
    void cutsNoCharacterInHalf() {
        String said = EventAttributes.of(Map.of("said", "x".repeat(999) + "\ud83d\ude00"))
                .text("said")
                .orElseThrow();
        assertThat(said).isEqualTo("x".repeat(999) + "?");
        assertThat(EventAttributes.printable("\udc00\ud800a\ud83d\ude00", 100)).isEqualTo("??a\ud83d\ude00");
    }

    @Test
    void namesTheAttributeThatBreaksABound() {
        assertThatThrownBy(() -> EventAttributes.of(Map.of("Bad name", 1))).hasMessageContaining("Bad name");
        assertThatThrownBy(() -> EventAttributes.of(Map.of("list", java.util.List.of())))
                .hasMessageContaining("list");
        assertThatThrownBy(() -> EventAttributes.of(Map.of("x", Double.NaN))).hasMessageContaining("attributes.x");
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i <= EventAttributes.COUNT_MAX; i++) {
            many.put("a" + i, i);
        }
        assertThatThrownBy(() -> EventAttributes.of(many)).hasMessageContaining("at most 32");
        Map<String, Object> large = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            large.put("t" + i, "x".repeat(1000));
        }
        assertThatThrownBy(() -> EventAttributes.of(large)).hasMessageContaining("4000");
    }

    @Test
    void aStateEndsNotBeforeItsStart() {
        EventSpan state = EventSpan.open(100).ended(50, EventSpan.EndReason.OVER);
        assertThat(state.endUs()).hasValue(100);
        assertThatThrownBy(() -> new EventSpan(EventSpan.Form.STATE, 5, OptionalLong.of(6), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdOfACameraIsAUuid() {
        assertThatThrownBy(() -> new EventSource(EventSource.Type.CAMERA, "gate", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(EventSource.driver("rtsp").cameraId()).isEmpty();
        assertThat(EventSource.camera(CAMERA, "input/1").cameraId()).contains(CAMERA);
    }

    @Test
    void filtersByFamilyCameraSeverityAndOverlap() {
        Event motion = event(EventSource.camera(CAMERA, ""), "camera.motion", EventSeverity.INFO, EventSpan.open(100));
        assertThat(EventFilter.ofKinds("camera.*").fits(motion)).isTrue();
        assertThat(EventFilter.ofKinds("camera.motion").fits(motion)).isTrue();
        assertThat(EventFilter.ofKinds("camera.mot.*").fits(motion)).isFalse();
        assertThat(EventFilter.ofKinds("stream.*").fits(motion)).isFalse();
        assertThat(filter(50, 200, Set.of(CAMERA), EventSeverity.INFO).fits(motion))
                .isTrue();
        assertThat(filter(50, 200, Set.of(OTHER), EventSeverity.INFO).fits(motion))
                .isFalse();
        assertThat(filter(50, 200, Set.of(), EventSeverity.WARNING).fits(motion))
                .isFalse();
        // It lasts: it reaches into every later range, into no earlier one.
        assertThat(filter(150, 200, Set.of(), EventSeverity.INFO).fits(motion)).isTrue();
        assertThat(filter(50, 100, Set.of(), EventSeverity.INFO).fits(motion)).isFalse();
        Event ended = new Event(
                motion.id(), motion.serverId(), 2, motion.fact(), motion.span().ended(150, EventSpan.EndReason.OVER));
        assertThat(filter(150, 200, Set.of(), EventSeverity.INFO).fits(ended)).isFalse();
        assertThat(filter(149, 200, Set.of(), EventSeverity.INFO).fits(ended)).isTrue();
        Event pulse = event(EventSource.driver("rtsp"), "driver.removed", EventSeverity.INFO, EventSpan.pulse(150));
        assertThat(filter(150, 151, Set.of(), EventSeverity.INFO).fits(pulse)).isTrue();
        assertThat(filter(100, 150, Set.of(), EventSeverity.INFO).fits(pulse)).isFalse();
    }

    @Test
    void itsVocabularyIsOfItsOwnFamilies() {
        assertThat(EventKinds.all()).extracting(EventKindInfo::kind).doesNotHaveDuplicates();
        assertThat(EventKinds.all()).allSatisfy(info -> assertThat(EventKinds.FAMILIES)
                .contains(info.kind().substring(0, info.kind().indexOf('.'))));
    }

    private static EventFilter filter(long fromUs, long toUs, Set<UUID> cameras, EventSeverity severity) {
        return new EventFilter(OptionalLong.of(fromUs), OptionalLong.of(toUs), Set.of(), cameras, severity);
    }

    private static Event event(EventSource source, String kind, EventSeverity severity, EventSpan span) {
        return new Event(
                new UUID(9, 9),
                new UUID(7, 7),
                1,
                EventFact.of(source, kind, severity, "", EventAttributes.NONE),
                span);
    }
}
