// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.MaskSettings.Point;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.PrivacyMasks.Mask;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.media.StreamRole;

/** What a device hides of its picture: what is told of it, and what comes of a change. Whatever is added is taken away again. */
final class MaskRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "masks.described",
                    "Privacy masks are told once each and no more than there can be, and the main stream is masked.",
                    MaskRules::described),
            Rule.of(
                    "masks.created",
                    "A privacy mask that is added is told as the driver answered it, and as it was wanted; or it is refused.",
                    MaskRules::created),
            Rule.of(
                    "masks.changed",
                    "A privacy mask that is moved and switched off is told so, under its token, as the driver answered.",
                    MaskRules::changed),
            Rule.of(
                    "masks.removed",
                    "A privacy mask that is removed is no longer told, and others still are.",
                    MaskRules::removed),
            Rule.of(
                    "masks.full",
                    "A privacy mask more than there can be is refused with BUSY, and none is lost for it.",
                    MaskRules::full),
            Rule.of(
                    "masks.shape",
                    "A privacy mask that is none of the options (more corners than there can be, no rectangle where only they"
                            + " are) is refused with CONFIG, naming the field.",
                    MaskRules::shape),
            Rule.of(
                    "masks.unknown",
                    "To change or remove a privacy mask that the device does not have is NOT_FOUND.",
                    MaskRules::unknown));

    private MaskRules() {}

    private static PrivacyMasks masks(Scene scene) throws Exception {
        return scene.require(scene.session(), PrivacyMasks.class);
    }

    private static List<Mask> told(Scene scene, PrivacyMasks masks) throws Exception {
        return scene.ask("PrivacyMasks.masks()", masks::masks).get();
    }

    private static PrivacyMasks.Options options(Scene scene, PrivacyMasks masks) throws Exception {
        return scene.ask("PrivacyMasks.options()", masks::options).get();
    }

    private static Optional<MaskSettings> find(Scene scene, PrivacyMasks masks, String token) throws Exception {
        return told(scene, masks).stream()
                .filter(each -> each.token().equals(token))
                .findFirst()
                .map(Mask::settings);
    }

    private static void described(Scene scene) throws Exception {
        PrivacyMasks masks = masks(scene);
        PrivacyMasks.Options options = options(scene, masks);
        List<Mask> told = told(scene, masks);
        Set<String> tokens = new HashSet<>();
        for (Mask each : told) {
            Expect.that(tokens.add(each.token()), "It tells twice of the privacy mask " + each.token() + ".");
        }
        Expect.that(
                told.size() <= options.masksMax(),
                "It tells of " + told.size() + " privacy masks, of which there can be " + options.masksMax() + ".");
        Expect.that(options.streams().contains(StreamRole.MAIN), "The main stream is not masked.");
        Expect.that(
                told.equals(told(scene, masks)) && options.equals(options(scene, masks)),
                "Asked again, it tells of other privacy masks.");
    }

    /** {@return an upright rectangle, from a place to the right and downwards} */
    private static MaskSettings wanted(PrivacyMasks.Options options, double at, boolean on) {
        double end = at + 0.25;
        return new MaskSettings(
                List.of(new Point(at, at), new Point(end, at), new Point(end, end), new Point(at, end)),
                options.kinds().get(0),
                Optional.empty(),
                on);
    }

    /** {@return a new mask}; a device that refuses it, or is full, is not tried further. */
    private static Mask add(Scene scene, PrivacyMasks masks, PrivacyMasks.Options options) throws Exception {
        if (told(scene, masks).size() >= options.masksMax()) {
            throw new NotTried("the device has no place for another privacy mask");
        }
        Answer<Mask> answer = create(scene, masks, wanted(options, 0.25, true));
        if (answer.failed()) {
            Expect.kind(answer.failure(), "Told to add a privacy mask", Kind.CONFIG, Kind.UNSUPPORTED, Kind.BUSY);
            throw new NotTried("the device refuses: " + answer.failure().getMessage());
        }
        return answer.value();
    }

    private static Answer<Mask> create(Scene scene, PrivacyMasks masks, MaskSettings wanted) throws Exception {
        return scene.ask("PrivacyMasks.create()", () -> masks.create(wanted));
    }

    private static Answer<Boolean> remove(Scene scene, PrivacyMasks masks, String token) throws Exception {
        return scene.ask("PrivacyMasks.remove()", () -> {
            masks.remove(token);
            return true;
        });
    }

    private static void isTold(Optional<MaskSettings> told, Mask answered, MaskSettings wanted) {
        Expect.that(told.isPresent(), "The privacy mask " + answered.token() + ", which it answers, is not told.");
        Expect.that(
                told.get().equals(answered.settings()),
                "It answers " + answered.settings().values() + ", and tells "
                        + told.get().values() + " when it is asked again.");
        Expect.that(
                wanted.differences(told.get()).isEmpty(),
                "Wanted as " + wanted.values() + ", it is told to be "
                        + told.get().values() + ".");
    }

    private static void created(Scene scene) throws Exception {
        scene.requireActing();
        PrivacyMasks masks = masks(scene);
        PrivacyMasks.Options options = options(scene, masks);
        List<Mask> before = told(scene, masks);
        Mask made = add(scene, masks, options);
        Optional<MaskSettings> told = find(scene, masks, made.token());
        remove(scene, masks, made.token());
        Expect.that(
                before.stream().noneMatch(each -> each.token().equals(made.token())),
                "The new privacy mask has the token of one that was there: " + made.token() + ".");
        isTold(told, made, wanted(options, 0.25, true));
    }

    private static void changed(Scene scene) throws Exception {
        scene.requireActing();
        PrivacyMasks masks = masks(scene);
        PrivacyMasks.Options options = options(scene, masks);
        Mask made = add(scene, masks, options);
        MaskSettings wanted = wanted(options, 0.5, false);
        Answer<Mask> answer = scene.ask("PrivacyMasks.change()", () -> masks.change(made.token(), wanted));
        Optional<MaskSettings> told = find(scene, masks, made.token());
        remove(scene, masks, made.token());
        Expect.that(
                answer.get().token().equals(made.token()),
                "A privacy mask that is changed is then told by another token.");
        isTold(told, answer.value(), wanted);
    }

    private static void removed(Scene scene) throws Exception {
        scene.requireActing();
        PrivacyMasks masks = masks(scene);
        List<Mask> before = told(scene, masks);
        Mask made = add(scene, masks, options(scene, masks));
        remove(scene, masks, made.token()).get();
        Expect.that(
                told(scene, masks).equals(before),
                "After a privacy mask was added and removed it tells of others than before.");
    }

    private static void full(Scene scene) throws Exception {
        scene.requireActing();
        PrivacyMasks masks = masks(scene);
        PrivacyMasks.Options options = options(scene, masks);
        List<String> added = new ArrayList<>();
        Optional<Answer<Mask>> last = Optional.empty();
        int places = options.masksMax() - told(scene, masks).size();
        for (int i = 0; i <= places && last.isEmpty(); i++) {
            Answer<Mask> answer = create(scene, masks, wanted(options, 0.25, false));
            if (answer.failed()) {
                last = Optional.of(answer);
            } else {
                added.add(answer.value().token());
            }
        }
        int told = told(scene, masks).size();
        for (String token : added) {
            remove(scene, masks, token);
        }
        Expect.that(
                last.isPresent(),
                "It takes " + added.size() + " more privacy masks, of which there can be " + options.masksMax() + ".");
        Expect.kind(last.get().failure(), "Told to add a privacy mask too many", Kind.BUSY);
        Expect.that(
                told == options.masksMax(),
                "It refuses another privacy mask where it tells of " + told + " of " + options.masksMax() + ".");
    }

    private static void shape(Scene scene) throws Exception {
        scene.requireActing();
        PrivacyMasks masks = masks(scene);
        PrivacyMasks.Options options = options(scene, masks);
        int corners = options.rectangleOnly() ? MaskSettings.POINTS_MIN : options.pointsMax() + 1;
        if (corners > MaskSettings.POINTS_MAX) {
            throw new NotTried("the device takes as many corners as there can be");
        }
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * i / corners;
            points.add(new Point(0.5 + 0.25 * Math.cos(angle), 0.5 + 0.25 * Math.sin(angle)));
        }
        MaskSettings wanted = new MaskSettings(points, options.kinds().get(0), Optional.empty(), false);
        Answer<Mask> answer = create(scene, masks, wanted);
        if (!answer.failed()) {
            remove(scene, masks, answer.value().token());
        }
        Expect.that(
                answer.failed(), "It takes a privacy mask of " + corners + " corners, which is none of its options.");
        Expect.kind(answer.failure(), "Told to add a privacy mask of " + corners + " corners", Kind.CONFIG);
        Expect.that(
                answer.failure().getMessage().contains(MaskSettings.POINTS),
                "Told to add a privacy mask of " + corners + " corners, it does not say that \"" + MaskSettings.POINTS
                        + "\" is wrong, but: " + answer.failure().getMessage());
    }

    private static void unknown(Scene scene) throws Exception {
        scene.requireActing();
        PrivacyMasks masks = masks(scene);
        MaskSettings wanted = wanted(options(scene, masks), 0.25, false);
        Expect.kind(
                scene.ask("PrivacyMasks.change()", () -> masks.change("no-such-77", wanted))
                        .failure(),
                "Told to change a privacy mask that is not there",
                Kind.NOT_FOUND);
        Expect.kind(
                remove(scene, masks, "no-such-77").failure(),
                "Told to remove a privacy mask that is not there",
                Kind.NOT_FOUND);
    }
}
