// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.EventTrigger;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.RecordingSettings.Mode;
import org.nxvms.platform.api.camera.WeeklySchedule;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingOrder.OnDemand;

/** What the recorder is told as the week, events and people want it. */
class RecordingModesTest {
    private static final String ADDRESS = "rtsp://cam/1";
    private static final RecordingOrder ALWAYS = new RecordingOrder(30);
    private static final long SECOND_US = 1_000_000;

    private final FakeDriver driver = new FakeDriver("rtsp");
    private House house;

    @BeforeEach
    void start() {
        house = new House().withAll().install(driver, "1.0.0");
    }

    private Camera camera(RecordingSettings recording) {
        return house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), true, recording));
    }

    /** The main stream on events, the sub stream always. */
    private static RecordingSettings mainOnEvent() {
        return new RecordingSettings(
                Mode.CONTINUOUS,
                EnumSet.allOf(StreamRole.class),
                30,
                Map.of(StreamRole.MAIN, Mode.EVENT),
                Optional.empty(),
                new EventTrigger(Set.of("camera.motion", "acme.*"), 5, 10));
    }

    private long nowUs() {
        return house.loop.now().toEpochMilli() * 1_000;
    }

    private Event event(Camera camera, String kind, EventSpan span) {
        return event(new UUID(1, 1), camera, kind, span);
    }

    private static Event event(UUID id, Camera camera, String kind, EventSpan span) {
        return new Event(
                id,
                House.SERVER,
                1,
                EventFact.of(EventSource.camera(camera.id(), ""), kind, EventSeverity.INFO, "", EventAttributes.NONE),
                span);
    }

    private void tell(Event event) {
        house.supervisor.event(event);
        house.loop.run();
    }

    private RecordingOrder order(Camera camera, StreamRole role) {
        return house.recorder.order(new StreamId(camera.id(), role)).orElseThrow();
    }

    private OnDemand main(Camera camera) {
        return order(camera, StreamRole.MAIN).onDemand().orElseThrow();
    }

    @Test
    void mainWaitsForEventsWhileSubIsAlwaysRecorded() {
        Camera camera = camera(mainOnEvent());
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(5, GapCause.NO_EVENT));
        assertThat(order(camera, StreamRole.SUB)).isEqualTo(ALWAYS);

        long atUs = nowUs();
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.pulse(atUs)));
        assertThat(main(camera))
                .isEqualTo(new OnDemand(5, atUs - 5 * SECOND_US, atUs + 10 * SECOND_US, GapCause.NO_EVENT));

        house.loop.advance(Duration.ofSeconds(20));
        assertThat(main(camera)).as("over").isEqualTo(OnDemand.waiting(5, GapCause.NO_EVENT));
        assertThat(house.recorder.disturbances)
                .filteredOn(text -> text.contains("sub"))
                .hasSize(1);
        assertThat(house.ingest.disturbances)
                .filteredOn(text -> text.contains("release"))
                .isEmpty();
    }

    @Test
    void onlyEventsOfTheChosenKindsAndTheCameraCount() {
        Camera camera = camera(mainOnEvent());
        tell(event(camera, EventKinds.CAMERA_TAMPER, EventSpan.pulse(nowUs())));
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(5, GapCause.NO_EVENT));
        tell(event(camera, "acme.door_forced", EventSpan.pulse(nowUs())));
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 10 * SECOND_US);
    }

    @Test
    void aStateIsRecordedUntilItIsOverAndItsPostBufferPast() {
        Camera camera = camera(mainOnEvent());
        long beganUs = nowUs();
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(beganUs)));
        house.loop.advance(Duration.ofMinutes(5));
        assertThat(main(camera).untilUs()).isEqualTo(Long.MAX_VALUE);

        long endUs = nowUs();
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(beganUs).ended(endUs, EventSpan.EndReason.OVER)));
        assertThat(main(camera).fromUs()).isEqualTo(beganUs - 5 * SECOND_US);
        assertThat(main(camera).untilUs()).isEqualTo(endUs + 10 * SECOND_US);
    }

    @Test
    void aStateEndsAlsoWhenItsKindWasTakenOutMeanwhile() {
        Camera camera = camera(mainOnEvent());
        long beganUs = nowUs();
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(beganUs)));
        RecordingSettings doorsOnly = new RecordingSettings(
                Mode.CONTINUOUS,
                EnumSet.allOf(StreamRole.class),
                30,
                Map.of(StreamRole.MAIN, Mode.EVENT),
                Optional.empty(),
                new EventTrigger(Set.of("acme.*"), 5, 10));
        house.change(camera, draft(ADDRESS, Optional.of("rtsp://cam/2"), true, doorsOnly));
        assertThat(main(camera).untilUs()).as("goes on to its end").isEqualTo(Long.MAX_VALUE);

        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(beganUs).ended(nowUs(), EventSpan.EndReason.OVER)));
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 10 * SECOND_US);
    }

    @Test
    void aStateThatEndsWhileTheCameraIsSwitchedOffIsOverWhenItIsSwitchedOn() {
        Camera camera = camera(mainOnEvent());
        long beganUs = nowUs();
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(beganUs)));
        Camera off = house.change(camera, draft(ADDRESS, Optional.of("rtsp://cam/2"), false, mainOnEvent()));
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(beganUs).ended(nowUs(), EventSpan.EndReason.OVER)));
        house.loop.advance(Duration.ofSeconds(11));

        house.change(off, draft(ADDRESS, Optional.of("rtsp://cam/2"), true, mainOnEvent()));
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(5, GapCause.NO_EVENT));
    }

    @Test
    void overlappingStatesEndWithTheLast() {
        Camera camera = camera(mainOnEvent());
        EventSpan span = EventSpan.open(nowUs());
        tell(event(new UUID(1, 1), camera, EventKinds.CAMERA_MOTION, span));
        tell(event(new UUID(1, 2), camera, "acme.glass", span));
        house.loop.advance(Duration.ofSeconds(30));
        tell(event(new UUID(1, 1), camera, EventKinds.CAMERA_MOTION, span.ended(nowUs(), EventSpan.EndReason.OVER)));
        assertThat(main(camera).untilUs()).isEqualTo(Long.MAX_VALUE);
        tell(event(new UUID(1, 2), camera, "acme.glass", span.ended(nowUs(), EventSpan.EndReason.LAPSED)));
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 10 * SECOND_US);
    }

    @Test
    void anEventWhoseEndWasMissedDoesNotLastForEver() {
        Camera camera = camera(mainOnEvent());
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(nowUs())));
        house.supervisor.eventsLasting(List.of());
        house.loop.run();
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 30 * SECOND_US);
    }

    @Test
    void aDeviceWithAWrongClockIsTakenByOurs() {
        Camera camera = camera(mainOnEvent());
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.pulse(nowUs() + 365L * 86_400 * SECOND_US)));
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 10 * SECOND_US);
    }

    @Test
    void theRecorderIsToldWhereAndForHowLongFootageIsKept() {
        for (Mode mode : List.of(Mode.CONTINUOUS, Mode.EVENT, Mode.MANUAL)) {
            Camera camera = camera(new RecordingSettings(
                    mode,
                    Set.of(StreamRole.MAIN),
                    30,
                    Map.of(),
                    Optional.empty(),
                    EventTrigger.DEFAULT,
                    2,
                    List.of("second", "main", "second")));
            assertThat(order(camera, StreamRole.MAIN).terms())
                    .as(mode.name())
                    .isEqualTo(new FootageTerms(2, 30, List.of("second", "main")));
        }
    }

    @Test
    void whatWasRecordedIsCopiedUntilTheCameraIsTakenOut() {
        RecordingSettings off = new RecordingSettings(
                Mode.OFF,
                Set.of(StreamRole.MAIN),
                30,
                Map.of(),
                Optional.empty(),
                EventTrigger.DEFAULT,
                0,
                List.of(),
                List.of("safe"),
                false);
        Camera camera = house.add(draft(ADDRESS, Optional.of("rtsp://cam/2"), false, off));
        StreamId main = new StreamId(camera.id(), StreamRole.MAIN);
        assertThat(house.recorder.order(main)).isEmpty();
        assertThat(house.recorder.kept.get(main)).isEqualTo(off.terms());
        assertThat(off.terms().backups()).containsExactly("safe");
        assertThat(house.recorder
                        .kept
                        .get(new StreamId(camera.id(), StreamRole.SUB))
                        .backups())
                .as("never recorded")
                .isEmpty();
        assertThat(house.book.delete(camera.id(), Optional.empty())).isTrue();
        house.loop.run();
        assertThat(house.recorder.kept.get(main).backups()).isEmpty();
    }

    @Test
    void theScheduleIsFollowedToTheMinuteByTheClocksOfItsZone() {
        // The house's clock begins at 00:16:40 UTC on a Thursday, 01:16:40 in Berlin.
        RecordingSettings settings = new RecordingSettings(
                Mode.SCHEDULED,
                Set.of(StreamRole.MAIN),
                30,
                Map.of(),
                Optional.of(new WeeklySchedule(
                        ZoneId.of("Europe/Berlin"),
                        List.of(
                                new WeeklySchedule.Span(Set.of(DayOfWeek.THURSDAY), 80, 90, Mode.CONTINUOUS),
                                new WeeklySchedule.Span(Set.of(DayOfWeek.THURSDAY), 90, 95, Mode.EVENT)))),
                EventTrigger.DEFAULT);
        Camera camera = camera(settings);
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(0, GapCause.NOT_SCHEDULED));
        CameraStatus waiting = house.status(camera);
        assertThat(waiting.streams().get(0).cause()).isIn(Optional.empty(), Optional.of(GapCause.NOT_SCHEDULED));

        house.loop.advance(Duration.ofSeconds(199));
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(0, GapCause.NOT_SCHEDULED));
        house.loop.advance(Duration.ofSeconds(1));
        assertThat(order(camera, StreamRole.MAIN)).as("01:20:00").isEqualTo(ALWAYS);
        house.loop.advance(Duration.ofMinutes(10));
        assertThat(main(camera)).as("01:30:00").isEqualTo(OnDemand.waiting(5, GapCause.NO_EVENT));
        tell(event(camera, EventKinds.CAMERA_MANUAL, EventSpan.pulse(nowUs())));
        house.loop.advance(Duration.ofMinutes(5));
        assertThat(main(camera)).as("01:35:00").isEqualTo(OnDemand.waiting(0, GapCause.NOT_SCHEDULED));
    }

    @Test
    void anEventThatRunsWhenTheScheduleEndsIsRecordedToItsEnd() {
        RecordingSettings settings = new RecordingSettings(
                Mode.SCHEDULED,
                Set.of(StreamRole.MAIN),
                30,
                Map.of(),
                Optional.of(new WeeklySchedule(
                        ZoneId.of("UTC"),
                        List.of(new WeeklySchedule.Span(Set.of(DayOfWeek.THURSDAY), 0, 18, Mode.EVENT)))),
                EventTrigger.DEFAULT);
        Camera camera = camera(settings);
        house.loop.advance(Duration.ofSeconds(75));
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.pulse(nowUs())));
        long untilUs = main(camera).untilUs();
        house.loop.advance(Duration.ofSeconds(6));
        assertThat(main(camera).untilUs()).as("00:18:01").isEqualTo(untilUs);
        house.loop.advance(Duration.ofSeconds(10));
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(0, GapCause.NOT_SCHEDULED));
    }

    @Test
    void peopleStartAndStopARecordingInAnyMode() {
        Camera camera = camera(new RecordingSettings(Mode.MANUAL, Set.of(StreamRole.MAIN), 30));
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(0, GapCause.NOT_SCHEDULED));

        house.supervisor.startRecording(camera.id(), Set.of(StreamRole.MAIN), OptionalLong.of(60 * SECOND_US));
        house.loop.run();
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 60 * SECOND_US);
        house.supervisor.startRecording(camera.id(), EnumSet.allOf(StreamRole.class), OptionalLong.empty());
        house.loop.run();
        assertThat(main(camera).untilUs()).isEqualTo(Long.MAX_VALUE);
        assertThat(order(camera, StreamRole.SUB).onDemand().orElseThrow().untilUs())
                .isEqualTo(Long.MAX_VALUE);

        house.supervisor.stopRecording(camera.id());
        house.loop.run();
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(0, GapCause.NOT_SCHEDULED));
        assertThat(house.recorder.order(new StreamId(camera.id(), StreamRole.SUB)))
                .as("not recorded otherwise")
                .isEmpty();
    }

    @Test
    void whatRunsGoesOnAfterARestart() {
        Camera camera = camera(mainOnEvent());
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.pulse(nowUs())));
        OnDemand before = main(camera);
        house.supervisor.startRecording(camera.id(), Set.of(StreamRole.SUB), OptionalLong.empty());
        house.loop.run();

        house = house.replaced().withAll().install(driver, "1.0.0");
        assertThat(main(camera)).isEqualTo(before);
        house.loop.advance(Duration.ofSeconds(11));
        assertThat(main(camera)).isEqualTo(OnDemand.waiting(5, GapCause.NO_EVENT));
    }

    @Test
    void aStateThatLastedBeforeARestartIsWaitedForAndThenOver() {
        Camera camera = camera(mainOnEvent());
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(nowUs())));

        house = house.replaced().withAll().install(driver, "1.0.0");
        assertThat(main(camera).untilUs()).isEqualTo(nowUs() + 30 * SECOND_US);
        tell(event(camera, EventKinds.CAMERA_MOTION, EventSpan.open(nowUs())));
        assertThat(main(camera).untilUs()).as("told again").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theStatusSaysWhatIsWaitedFor() {
        Camera camera = camera(mainOnEvent());
        house.recorder.fail(new StreamId(camera.id(), StreamRole.MAIN), GapCause.NO_EVENT);

        CameraStatus status = house.status(camera);
        assertThat(status.state()).as("its sub stream is").isEqualTo(CameraStatus.State.RECORDING);
        CameraStatus.Stream main = status.streams().get(0);
        assertThat(main.state()).isEqualTo(CameraStatus.State.LIVE);
        assertThat(main.cause()).contains(GapCause.NO_EVENT);
        assertThat(main.detail()).isEqualTo("Recording begins with the next event.");
    }
}
