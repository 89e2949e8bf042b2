// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.platform.api.worker.CaptionText;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.rest.kit.problem.Fields;

/** What is to be burned into pictures, as it is asked for. */
final class BurnInFields {
    /** Of the picture: less is a slip of the hand. */
    private static final double AREA_MIN = 0.0001;

    /** More have no room in an entry of the audit; all are in the manifest. */
    private static final int TOLD_MAX = 4;

    private final ExportViews.Draft draft;
    private final Fields fields = new Fields();

    private BurnInFields(ExportViews.Draft draft) {
        this.draft = draft;
    }

    /**
     * {@return what is burned in}
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException naming each field that cannot be
     */
    static BurnIn of(ExportViews.Draft draft) {
        return new BurnInFields(draft).checked();
    }

    /** {@return the same in words for the audit, whatever it is} */
    static Map<String, String> told(ExportViews.Draft draft) {
        Map<String, String> told = new HashMap<>();
        draft.overlay().ifPresent(overlay -> told.put("overlay", told(overlay)));
        List<ExportViews.MaskDraft> masks = draft.masks().orElse(List.of());
        if (!masks.isEmpty()) {
            told.put("masks", String.valueOf(masks.size()));
        }
        for (int i = 0; i < Math.min(masks.size(), TOLD_MAX); i++) {
            told.put("mask" + (i + 1), told(masks.get(i)));
        }
        return told;
    }

    private static String told(ExportViews.OverlayDraft overlay) {
        List<String> parts = new ArrayList<>();
        overlay.text().map(BurnInFields::cut).ifPresent(text -> parts.add("text " + text));
        overlay.time()
                .filter(time -> time)
                .ifPresent(time -> parts.add("time"
                        + overlay.zone()
                                .map(BurnInFields::cut)
                                .map(zone -> " " + zone)
                                .orElse("")));
        overlay.user().filter(user -> user).ifPresent(user -> parts.add("user"));
        return String.join(", ", parts);
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(BurnIn.TEXT_CHARS_MAX, text.length()));
    }

    private static String told(ExportViews.MaskDraft mask) {
        return mask == null
                ? "null"
                : mask.cameraId() + " "
                        + mask.points().stream()
                                .limit(Polygon.POINTS_MAX)
                                .map(point -> String.valueOf(point).replaceAll("[\\[\\] ]", ""))
                                .collect(Collectors.joining(" "));
    }

    private BurnIn checked() {
        boolean chunks = draft.form().orElse(ExportOrder.Form.MP4) == ExportOrder.Form.CHUNKS;
        List<ExportViews.MaskDraft> masks = draft.masks().orElse(List.of());
        String whole =
                " is given, but the archive's own files, which \"form\" chunks asks for, are as they were recorded."
                        + " Give the form mp4 or mkv, or leave it out.";
        fields.check(draft.overlay().isEmpty() || !chunks, "overlay", "\"overlay\"" + whole);
        fields.check(masks.isEmpty() || !chunks, "masks", "\"masks\"" + whole);
        String text = draft.overlay()
                .flatMap(ExportViews.OverlayDraft::text)
                .map(String::strip)
                .orElse("");
        boolean time = draft.overlay().flatMap(ExportViews.OverlayDraft::time).orElse(false);
        boolean user = draft.overlay().flatMap(ExportViews.OverlayDraft::user).orElse(false);
        fields.check(
                draft.overlay().isEmpty() || time || user || !text.isEmpty(),
                "overlay",
                "\"overlay\" writes nothing. Give \"text\", or true for \"time\" or \"user\", or leave it out.");
        checkText(text);
        Optional<ZoneId> zone = zone();
        List<BurnIn.Mask> areas = masks(masks);
        fields.throwIfAny();
        return new BurnIn(text, time, user, zone.orElseGet(ZoneId::systemDefault), areas);
    }

    private void checkText(String text) {
        fields.check(
                text.length() <= BurnIn.TEXT_CHARS_MAX,
                "overlay.text",
                "\"overlay.text\" has " + text.length() + " characters. Give at most " + BurnIn.TEXT_CHARS_MAX + ".");
        text.codePoints()
                .filter(one -> !CaptionText.isShown(one))
                .findFirst()
                .ifPresent(strange -> fields.check(
                        false,
                        "overlay.text",
                        String.format(
                                Locale.ROOT,
                                "\"overlay.text\" has U+%04X, which cannot be written into pictures. Give one line of Latin,"
                                        + " Greek or Cyrillic writing.",
                                strange)));
    }

    private Optional<ZoneId> zone() {
        Optional<String> name = draft.overlay().flatMap(ExportViews.OverlayDraft::zone);
        try {
            return name.map(ZoneId::of);
        } catch (DateTimeException unknown) {
            fields.check(
                    false,
                    "overlay.zone",
                    "\"overlay.zone\" is no time zone. Give one as IANA names it, like Europe/Berlin or UTC.");
            return Optional.empty();
        }
    }

    private List<BurnIn.Mask> masks(List<ExportViews.MaskDraft> masks) {
        if (masks.size() > BurnIn.MASKS_MAX) {
            fields.check(
                    false, "masks", "\"masks\" has " + masks.size() + " masks. Give at most " + BurnIn.MASKS_MAX + ".");
            return List.of();
        }
        List<BurnIn.Mask> areas = new ArrayList<>();
        Map<UUID, Integer> ofCamera = new HashMap<>();
        for (int i = 0; i < masks.size(); i++) {
            ExportViews.MaskDraft mask = masks.get(i);
            String name = "masks[" + i + "]";
            if (mask == null) {
                fields.check(false, name, "\"" + name + "\" is null. Give a mask, or leave it out.");
                continue;
            }
            fields.check(
                    draft.cameraIds().contains(mask.cameraId()),
                    name + ".cameraId",
                    "\"" + name + ".cameraId\" is none of \"cameraIds\". Give one of these.");
            fields.check(
                    ofCamera.merge(mask.cameraId(), 1, Integer::sum) <= TranscodeRequest.MASKS_MAX,
                    name,
                    "\"masks\" has more than " + TranscodeRequest.MASKS_MAX + " masks of one camera. Join some.");
            area(mask, name + ".points").ifPresent(area -> areas.add(new BurnIn.Mask(mask.cameraId(), area)));
        }
        return areas;
    }

    private Optional<Polygon> area(ExportViews.MaskDraft mask, String name) {
        List<List<Double>> points = mask.points();
        boolean many = points.size() >= Polygon.POINTS_MIN && points.size() <= Polygon.POINTS_MAX;
        fields.check(
                many,
                name,
                "\"" + name + "\" has " + points.size() + " corners. Give " + Polygon.POINTS_MIN + " to "
                        + Polygon.POINTS_MAX + ".");
        boolean within = points.stream().allMatch(BurnInFields::isPoint);
        fields.check(
                within,
                name,
                "\"" + name + "\" has a corner that is not [x, y] with both from 0 (left, top) to 1 (right, bottom).");
        if (!many || !within) {
            return Optional.empty();
        }
        List<Polygon.Point> corners = points.stream()
                .map(point -> new Polygon.Point(rounded(point.get(0)), rounded(point.get(1))))
                .toList();
        boolean large = extent(corners) >= AREA_MIN;
        fields.check(
                large,
                name,
                "\"" + name + "\" hides less than a ten-thousandth of the picture. Give corners that go around a part"
                        + " of it.");
        return large ? Optional.of(new Polygon(corners)) : Optional.empty();
    }

    private static boolean isPoint(List<Double> point) {
        return point != null
                && point.size() == 2
                && point.stream().allMatch(one -> one != null && one >= 0 && one <= 1);
    }

    /** A tenth of a pixel of the largest picture. */
    private static double rounded(double part) {
        return Math.round(part * 100_000) / 100_000.0;
    }

    /** {@return the part of the picture that the rectangle around them has} */
    private static double extent(List<Polygon.Point> corners) {
        double left = corners.stream().mapToDouble(Polygon.Point::x).min().orElse(0);
        double right = corners.stream().mapToDouble(Polygon.Point::x).max().orElse(0);
        double top = corners.stream().mapToDouble(Polygon.Point::y).min().orElse(0);
        double bottom = corners.stream().mapToDouble(Polygon.Point::y).max().orElse(0);
        return (right - left) * (bottom - top);
    }
}
