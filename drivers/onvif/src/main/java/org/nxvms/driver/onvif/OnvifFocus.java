// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Imaging.Action;
import org.nxvms.driver.spi.Wording;

/** Focusing by hand, a step at a time (Imaging 5.4). What the lens can is asked once a session, when somebody asks. */
final class OnvifFocus {
    private static final Action NEAR =
            new Action("focus_near", Wording.of("Focus nearer").in("de", "Fokus näher"));
    private static final Action FAR =
            new Action("focus_far", Wording.of("Focus farther").in("de", "Fokus ferner"));

    /** A step is so much of the way in one direction. */
    private static final double WAY_PART = 0.05;
    /** Of a lens that only goes until it is stopped. */
    private static final double SPEED_PART = 0.5;

    private static final long STEP_MS = 200;

    /**
     * How a step is made.
     *
     * @param move the element of the movement
     * @param by the element in it
     * @param lasting whether it goes on until it is stopped
     */
    private record Step(String move, String by, double near, double far, boolean lasting) {}

    private final Services services;
    private final String source;
    private boolean asked;
    private Optional<Step> step = Optional.empty();

    /** @param source the video source, as XML */
    OnvifFocus(Services services, String source) {
        this.services = services;
        this.source = source;
    }

    private Optional<Step> step() throws DriverException {
        if (!asked) {
            step = services.findBeside(Service.IMAGING, "GetMoveOptions", source)
                    .flatMap(answer -> answer.find("MoveOptions"))
                    .flatMap(OnvifFocus::parse);
            asked = true;
        }
        return step;
    }

    private static Optional<Step> parse(XmlNode options) {
        return step(options, "Relative", "Distance", WAY_PART, false)
                .or(() -> step(options, "Continuous", "Speed", SPEED_PART, true));
    }

    private static Optional<Step> step(XmlNode options, String move, String by, double part, boolean lasting) {
        return options.find(move)
                .flatMap(node -> EncoderForm.range(node, by))
                .filter(range -> range.min() < 0 && range.max() > 0)
                .map(range -> new Step(move, by, range.min() * part, range.max() * part, lasting));
    }

    List<Action> actions() throws DriverException {
        return step().isPresent() ? List.of(NEAR, FAR) : List.of();
    }

    /** {@return whether this is what was meant} Nearer is the negative direction. */
    boolean perform(String action) throws DriverException {
        boolean near = action.equals(NEAR.name());
        if (!near && !action.equals(FAR.name()) || step().isEmpty()) {
            return false;
        }
        Step one = step().get();
        String value = String.format(Locale.ROOT, "%.4f", near ? one.near() : one.far());
        services.call(
                Service.IMAGING,
                "Move",
                source + "<o:Focus><tt:" + one.move() + "><tt:" + one.by() + ">" + value + "</tt:" + one.by() + "></tt:"
                        + one.move() + "></o:Focus>");
        if (one.lasting()) {
            stopSoon();
        }
        return true;
    }

    /** Also when nobody waits for it any more: else the lens would go to its end. */
    private void stopSoon() throws DriverException {
        boolean interrupted = false;
        try {
            Thread.sleep(STEP_MS);
        } catch (InterruptedException stop) {
            interrupted = true;
        }
        try {
            services.call(Service.IMAGING, "Stop", source);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
