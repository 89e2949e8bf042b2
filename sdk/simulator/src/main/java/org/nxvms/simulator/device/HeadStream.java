// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.time.Duration;
import java.util.Optional;
import org.nxvms.simulator.clip.ClipException;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.ViewEncoder;
import org.nxvms.simulator.rtp.LiveTrack;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.EncodedPictures;

/** What a turned head shows in one of its streams. The thread of {@link HeadPictures}. */
final class HeadStream {
    /** A picture is drawn so long before it is due. */
    private static final Duration AHEAD = Duration.ofMillis(80);
    /** Whoever is further behind leaves pictures out. */
    private static final int BEHIND_MAX = 1;

    /** Since the head was turned, or its encoder set. */
    private record Run(Encoders.Made made, ViewEncoder encoder, LiveTrack live) {}

    private final Device device;
    private final Camera.Role role;
    private final EncodedPictures pictures;
    private final ClipSpec spec;
    private Optional<Run> run = Optional.empty();
    private long next;
    /** Behind the picture that was made last. */
    private long behind;

    HeadStream(Device device, Camera.Role role) {
        this.device = device;
        this.role = role;
        this.pictures = device.camera().pictures(role);
        this.spec = device.clip().spec();
    }

    boolean isTurned() {
        return !device.ptz().view().isWhole();
    }

    boolean isRunning() {
        return run.isPresent();
    }

    /** Makes the next picture if it is time to. */
    void step() throws ClipException {
        if (run.isEmpty() && isTurned() && pictures.isWatched()) {
            begin(device.encoders().made(role));
        }
        if (run.isPresent()) {
            step(run.get());
        }
    }

    private void begin(Encoders.Made made) throws ClipException {
        ViewEncoder encoder = new ViewEncoder(spec, made.variant());
        next = device.camera().unitDue(made.track().format(), AHEAD);
        behind = next;
        LiveTrack live = new LiveTrack(made.track(), next);
        run = Optional.of(new Run(made, encoder, live));
        pictures.showLive(live);
    }

    private void step(Run of) throws ClipException {
        long newest = device.camera().unitDue(of.made().track().format(), AHEAD);
        if (next > newest) {
            return;
        }
        int every = of.made().variant().every();
        // No further than this: so those that are made are evenly apart.
        next = Math.max(next, newest - BEHIND_MAX);
        boolean wanted = isTurned()
                && pictures.isWatched()
                && device.encoders().made(role).track() == of.made().track();
        if (!wanted && of.made().track().keyFrom(next) == next) {
            end();
            return;
        }
        // A key picture that was left out, and the first one, are made up for.
        boolean key = next == of.live().from() || of.made().track().keyFrom(behind) <= next;
        int frame = (int) Math.floorMod(next, (long) of.made().track().unitCount()) * every;
        of.live().add(next, of.encoder().encode(frame, device.ptz().view(), key));
        next++;
        behind = next;
    }

    /** Goes back to the pictures of the loop. */
    void end() {
        run.ifPresent(ended -> {
            pictures.endLive();
            ended.live().end(next);
            ended.encoder().close();
        });
        run = Optional.empty();
    }
}
