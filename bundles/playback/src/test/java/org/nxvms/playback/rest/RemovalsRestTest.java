// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.FootageRemoval;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;

/** Footage is removed by hand over HTTP: seen first, confirmed then, written down. */
class RemovalsRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID CAMERA = new UUID(1, 1);
    private static final long SECOND_US = 1_000_000;

    private final List<Segment> removable = new ArrayList<>();
    private final List<Segment> partly = new ArrayList<>();
    private final List<Segment> locked = new ArrayList<>();
    private final List<Segment> gone = new ArrayList<>();
    private final List<EventFact> said = new ArrayList<>();
    private volatile EventPublisher publisher = EventPublisher.class.cast(Proxy.newProxyInstance(
            EventPublisher.class.getClassLoader(), new Class<?>[] {EventPublisher.class}, (self, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("pulse");
                return said.add((EventFact) arguments[0]);
            }));
    private final FootageRemoval archive = new FootageRemoval() {
        @Override
        public Plan plan(UUID cameraId, long fromUs, long toUs) {
            if (toUs - fromUs > 1_000_000 * SECOND_US) {
                throw new IllegalArgumentException("there are too many; remove it in parts");
            }
            return new Plan(cameraId, removable, partly, locked, List.of());
        }

        @Override
        public Outcome remove(Plan plan, String by) {
            gone.addAll(plan.removable());
            removable.clear();
            return new Outcome(
                    gone.size(), gone.stream().mapToLong(Segment::sizeBytes).sum(), 0, "");
        }
    };
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        RemovalsResource.BASE,
                        new RemovalsResource(
                                () -> archive,
                                new FakeRegistry(CAMERA).named(new FakeArchive()),
                                () -> publisher,
                                () -> 5_000))
                .start();
        removable.add(segment(100 * SECOND_US, 160 * SECOND_US));
        removable.add(segment(160 * SECOND_US, 200 * SECOND_US));
        partly.add(segment(40 * SECOND_US, 100 * SECOND_US));
        locked.add(segment(200 * SECOND_US, 260 * SECOND_US));
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static Segment segment(long startUs, long endUs) {
        return FakeArchive.segment(startUs, endUs, new UUID(0, 3), 0, "00", false);
    }

    private HttpResponse<String> post(String more) throws Exception {
        return server.send(
                "POST",
                RemovalsResource.BASE,
                "{\"cameraId\":\"" + CAMERA + "\",\"from\":\"60000\",\"to\":\"300000\"" + more + "}");
    }

    @Test
    void nothingGoesUntilWhatWasSeenIsConfirmed() throws Exception {
        JsonNode seen = JSON.readTree(post("").body());
        assertThat(seen.at("/removable/segments").asInt()).isEqualTo(2);
        assertThat(seen.at("/removable/from").asText()).isEqualTo("1970-01-01T00:01:40.000Z");
        assertThat(seen.at("/removable/to").asText()).isEqualTo("1970-01-01T00:03:20.000Z");
        assertThat(seen.at("/partly/from").asText()).isEqualTo("1970-01-01T00:00:40.000Z");
        assertThat(seen.at("/locked/segments").asInt()).isEqualTo(1);
        assertThat(seen.path("detail").asText())
                .isEqualTo("Only whole segments are removed. Would be removed: 2; 1 reach beyond the range and stay;"
                        + " 1 are locked as evidence and stay.");
        assertThat(gone).isEmpty();
        assertThat(said).isEmpty();

        String confirm = ",\"confirm\":\"" + seen.path("confirm").asText() + "\"";
        assertThat(server.notes).as("who only looked removed nothing").isEmpty();
        HttpResponse<String> done = post(confirm);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(JSON.readTree(done.body()).at("/removed/segments").asInt()).isEqualTo(2);
        assertThat(JSON.readTree(done.body()).has("confirm")).isFalse();
        assertThat(gone).hasSize(2);
        assertThat(said).singleElement().satisfies(fact -> {
            assertThat(fact.kind()).isEqualTo(EventKinds.RECORDING_DELETED);
            assertThat(fact.source().id()).isEqualTo(CAMERA.toString());
            assertThat(fact.attributes().whole("segments")).hasValue(2);
            assertThat(fact.attributes().text("user")).contains("vera");
        });

        assertThat(server.trail.last("footage.removed").done()).isTrue();
        assertThat(server.trail.last("footage.removed").after()).containsKeys("from", "to", "segments", "bytes");
        assertThat(post(confirm).statusCode()).as("said twice").isEqualTo(409);
        assertThat(server.trail.last("footage.removed").done()).isFalse();
        assertThat(said).hasSize(1);
    }

    @Test
    void whatHasChangedSinceIsNotRemoved() throws Exception {
        String confirm = JSON.readTree(post("").body()).path("confirm").asText();
        locked.add(removable.remove(0));
        HttpResponse<String> answer = post(",\"confirm\":\"" + confirm + "\"");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("without \\\"confirm\\\"");
        assertThat(gone).isEmpty();
    }

    @Test
    void whereNothingCanBeRemovedThereIsNothingToConfirm() throws Exception {
        removable.clear();
        JsonNode seen = JSON.readTree(post("").body());
        assertThat(seen.has("confirm")).isFalse();
        assertThat(seen.has("removable")).isFalse();
    }

    @Test
    void aRangeThatCannotBeAndAMissingWitnessAreSaid() throws Exception {
        HttpResponse<String> backwards = server.send(
                "POST", RemovalsResource.BASE, "{\"cameraId\":\"" + CAMERA + "\",\"from\":\"9\",\"to\":\"9\"}");
        assertThat(backwards.statusCode()).isEqualTo(422);
        HttpResponse<String> tooLong = server.send(
                "POST",
                RemovalsResource.BASE,
                "{\"cameraId\":\"" + CAMERA + "\",\"from\":\"0\",\"to\":\"9000000000000\"}");
        assertThat(tooLong.statusCode()).isEqualTo(422);
        assertThat(tooLong.body()).contains("\"field\":\"to\"", "in parts");
        publisher = null;
        assertThat(post("").statusCode()).isEqualTo(503);
    }
}
