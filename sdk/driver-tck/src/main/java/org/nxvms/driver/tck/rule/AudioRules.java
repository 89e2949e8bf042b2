// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.AudioOut.Format;
import org.nxvms.driver.spi.AudioOut.Talk;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Calls.Running;
import org.nxvms.driver.tck.stage.Hostile;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.Speaker;
import org.nxvms.simulator.fault.FaultKind;

/** Sound to the device: it is played, one talk at a time, and a device that takes none is noticed (AudioOut). */
final class AudioRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "audio.formats",
                    "How the device takes sound is said at once, in one way at least, and stays so.",
                    AudioRules::formats),
            Rule.of("audio.plays", "What is sent is played, all of it and in order.", AudioRules::plays),
            Rule.of("audio.busy", "While somebody talks, another talk is BUSY.", AudioRules::busy),
            Rule.of(
                    "audio.stuck",
                    "Where the device takes no more, send() waits, and then fails as UNREACHABLE: nothing is buffered for"
                            + " long.",
                    AudioRules::stuck),
            Rule.of(
                    "audio.interrupt",
                    "send() that waits for the device ends when it is interrupted.",
                    AudioRules::interrupt),
            Rule.of(
                    "audio.closed",
                    "A talk that was closed, or whose session was, leaves the device free; close() may be called again.",
                    AudioRules::closed));

    private static final int FRAMES = 50;
    private static final int FRAME_BYTES = 160;
    private static final int FRAMES_MAX = (int) (Hostile.TAKEN_MAX / AudioOut.FRAME_BYTES_MAX);
    private static final String TAKEN = "The device takes no more sound, and the driver went on to take it, more than "
            + (Hostile.TAKEN_MAX >> 20) + " MiB.";
    private static final long PLAYED_MS = 30_000;
    private static final long FREE_MS = 30_000;
    private static final int LONG_MS = 60_000;
    private static final long FILL_MS = 30_000;

    private AudioRules() {}

    private static AudioOut speaker(Scene scene, CameraSession session) throws Exception {
        return scene.require(session, AudioOut.class);
    }

    private static Talk talk(Scene scene, AudioOut speaker) throws Exception {
        return talk(scene, speaker, "Nobody talks, and the device says that somebody does.");
    }

    /** Begins to talk; a talk that was closed just now may end a moment later. */
    private static Talk talk(Scene scene, AudioOut speaker, String otherwise) throws Exception {
        Format best = speaker.formats().get(0);
        List<Talk> begun = new ArrayList<>(1);
        boolean free = Expect.soon(FREE_MS, () -> {
            Answer<Talk> tried = scene.ask("talk(" + best + ")", () -> speaker.talk(best));
            if (tried.thrown() instanceof DriverException failure && failure.kind() == Kind.BUSY) {
                return false;
            }
            begun.add(tried.get());
            return true;
        });
        Expect.that(free, otherwise);
        return begun.get(0);
    }

    private static Answer<Boolean> send(Scene scene, Talk talk, byte[] frame) throws Exception {
        return scene.ask("send()", () -> {
            talk.send(ByteBuffer.wrap(frame));
            return true;
        });
    }

    private static void formats(Scene scene) throws Exception {
        AudioOut speaker = speaker(scene, scene.session());
        List<Format> formats = Expect.atOnce("AudioOut.formats()", speaker::formats);
        Expect.that(!formats.isEmpty(), "The device has a loudspeaker, and takes sound in no way.");
        for (Format format : formats) {
            Expect.that(
                    format.codec() != AudioOut.Codec.OPUS || format.sampleRateHz() == 48_000,
                    "The way " + format + " is none: Opus always has 48000 Hz.");
        }
        Expect.that(
                formats.equals(Expect.atOnce("AudioOut.formats()", speaker::formats)),
                "Asked again, the device takes sound in other ways.");
    }

    private static void plays(Scene scene) throws Exception {
        scene.requireActing();
        Speaker playing = scene.inside().speaker();
        AudioOut speaker = speaker(scene, scene.session());
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (Talk talk = talk(scene, speaker)) {
            for (int i = 0; i < FRAMES; i++) {
                byte[] frame = new byte[FRAME_BYTES];
                Arrays.fill(frame, (byte) i);
                send(scene, talk, frame).get();
                sent.writeBytes(frame);
            }
            Expect.soon(PLAYED_MS, () -> playing.last().bytes().length >= sent.size());
            Expect.that(
                    Arrays.equals(playing.last().bytes(), sent.toByteArray()),
                    "Of " + sent.size() + " bytes that were sent the device plays "
                            + playing.last().bytes().length + ", or others.");
        }
    }

    private static void busy(Scene scene) throws Exception {
        scene.requireActing();
        AudioOut first = speaker(scene, scene.session());
        AudioOut second = speaker(scene, scene.session());
        try (Talk talk = talk(scene, first)) {
            send(scene, talk, new byte[FRAME_BYTES]).get();
            // What was sent is on its way: the device says that somebody talks when it has come.
            Optional<Speaker> playing = scene.device().device().map(Device::speaker);
            Expect.soon(PLAYED_MS, () -> playing.map(Speaker::isPlaying).orElse(true));
            Answer<Talk> another = scene.ask(
                    "talk() while somebody talks",
                    () -> second.talk(second.formats().get(0)));
            if (!another.failed()) {
                another.get().close();
            }
            Expect.kind(another.failure(), "While somebody talks", Kind.BUSY);
        }
    }

    private static void stuck(Scene scene) throws Exception {
        scene.inside();
        AudioOut speaker = speaker(scene, scene.session(scene.device().within(TestDevice.TIMEOUT_MS)));
        try (Talk talk = talk(scene, speaker)) {
            scene.sick(FaultKind.AUDIO_STUCK.fault());
            byte[] frame = new byte[AudioOut.FRAME_BYTES_MAX];
            for (int i = 0; i < FRAMES_MAX; i++) {
                Answer<Boolean> answer =
                        Calls.act("send()", TestDevice.TIMEOUT_MS, () -> talk.send(ByteBuffer.wrap(frame)));
                if (answer.failed()) {
                    Expect.kind(answer.failure(), "Of a device that takes no more sound", Kind.UNREACHABLE);
                    return;
                }
            }
            throw new Broken(TAKEN);
        }
    }

    private static void interrupt(Scene scene) throws Exception {
        scene.inside();
        AudioOut speaker = speaker(scene, scene.session(scene.device().within(LONG_MS)));
        try (Talk talk = talk(scene, speaker)) {
            scene.sick(FaultKind.AUDIO_STUCK.fault());
            byte[] frame = new byte[AudioOut.FRAME_BYTES_MAX];
            Running<Boolean> sending = Calls.begin("send() to a device that takes no more sound", () -> {
                for (int i = 0; i < FRAMES_MAX; i++) {
                    talk.send(ByteBuffer.wrap(frame));
                }
                return true;
            });
            Expect.soon(FILL_MS, () -> sending.isOver() || sending.waits());
            Answer<Boolean> ended = sending.interrupt();
            Expect.that(ended.failed(), TAKEN);
            if (!(ended.thrown() instanceof InterruptedException)) {
                ended.failure();
            }
        }
    }

    private static void closed(Scene scene) throws Exception {
        scene.requireActing();
        CameraSession session = scene.session();
        AudioOut speaker = speaker(scene, session);
        Talk talk = talk(scene, speaker);
        send(scene, talk, new byte[FRAME_BYTES]).get();
        Calls.act("Talk.close()", TestDevice.WELL_MS, talk::close).get();
        Calls.act("Talk.close(), called again", TestDevice.WELL_MS, talk::close).get();
        Talk left = talk(scene, speaker, "After the talk was closed the device says that somebody talks.");
        send(scene, left, new byte[FRAME_BYTES]).get();
        AudioOut another = speaker(scene, scene.session());
        Calls.act("close() of the session", TestDevice.WELL_MS, session::close).get();
        talk(scene, another, "After its session was closed a talk goes on.").close();
    }
}
