// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.scene.SceneDocument.Seen;

/** Documents become states that begin, go on and end. */
class SceneStatesTest {
    private static final Box BOX = new Box(0.1, 0.2, 0.3, 0.4);

    private final Said said = new Said();
    private final AtomicReference<EventPublisher> publisher = new AtomicReference<>(said);
    private final SceneStates states = new SceneStates(new UUID(1, 1), publisher::get);

    private static SceneDocument with(Seen... objects) {
        return new SceneDocument(true, List.of(objects), Optional.empty());
    }

    private static Seen seen(String type) {
        return new Seen(type, Optional.of(BOX));
    }

    @Test
    void aStateOfEachKindBeginsGoesOnAndEnds() {
        states.take(with(seen("human"), seen("person"), seen("car")), 0, 1_000);
        assertThat(said.all)
                .containsExactlyInAnyOrder(
                        "+ onvif.person {boxes=100,200,300,400 100,200,300,400, count=2} since 1000",
                        "+ onvif.vehicle {boxes=100,200,300,400, count=1} since 1000");
        said.all.clear();
        states.take(with(seen("human")), 2_000, 2_001_000);
        states.look(2_999);
        assertThat(said.all)
                .as("nothing is said again at once, and nothing has ended")
                .isEmpty();
        states.look(3_000);
        assertThat(said.all).containsExactly("- onvif.vehicle at 1000");
        said.all.clear();
        states.take(with(seen("human")), 5_000, 5_001_000);
        assertThat(said.all)
                .as("said again, with what is so now")
                .containsExactly("+ onvif.person {boxes=100,200,300,400, count=1} since 1000");
        said.all.clear();
        states.look(8_000);
        assertThat(said.all).containsExactly("- onvif.person at 5001000");
        assertThat(states.isEmpty()).isTrue();
    }

    @Test
    void motionIsAStateToo() {
        states.take(new SceneDocument(true, List.of(), Optional.of(BOX)), 0, 7);
        states.take(with(seen("dragon"), new Seen("", Optional.empty())), 0, 7);
        assertThat(said.all)
                .containsExactly(
                        "+ camera.motion {boxes=100,200,300,400} since 7",
                        "+ onvif.object {boxes=100,200,300,400, count=2} since 7");
    }

    @Test
    void whatCouldNotBeSaidIsSaidWithTheNextDocument() {
        said.full = true;
        states.take(with(seen("human")), 0, 7);
        publisher.set(null);
        states.take(with(seen("human")), 100, 8);
        publisher.set(said);
        said.full = false;
        states.take(with(seen("human")), 200, 9);
        assertThat(said.all).containsExactly("+ onvif.person {boxes=100,200,300,400, count=1} since 7");
    }

    @Test
    void whatWasNeverSaidDoesNotEnd() {
        publisher.set(null);
        states.take(with(seen("human")), 0, 7);
        publisher.set(said);
        states.look(10_000);
        assertThat(said.all).isEmpty();
        assertThat(states.isEmpty()).isTrue();
    }
}
