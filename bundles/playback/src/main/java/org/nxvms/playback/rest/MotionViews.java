// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.playback.motion.MotionHeights;
import org.nxvms.playback.motion.MotionSearch;
import org.nxvms.playback.rest.MotionTold.Told;
import org.nxvms.rest.kit.problem.Times;

/** Motion as it travels; times within cameras are milliseconds since 1970. */
final class MotionViews {
    private MotionViews() {}

    /**
     * A stretch of time.
     *
     * @param height 0..255
     */
    @Schema(name = "FoundMotion")
    record FoundView(
            long from,
            long to,
            @Schema(description = "0..255: how much of the areas moved at most, its root, as in heights") int height) {}

    /** What a camera said of its own picture. */
    @Schema(name = "ToldMotion")
    record ToldView(
            long from,
            @Schema(description = "Left out while it lasts") Optional<Long> to,
            @Schema(description = "Of the event", example = "camera.motion") String kind) {}

    /** What of a camera was found so far. */
    @Schema(name = "MotionOfCamera")
    record CameraView(
            UUID cameraId,
            @Schema(description = "Up to where it was searched; milliseconds") long through,
            @Schema(description = "By their beginning") List<FoundView> found,
            @Schema(description = "Whether there is more than these 2000") boolean foundLeftOut,
            @Schema(
                            description =
                                    "What it told of these areas by events that say where in the picture, the newest 2000;"
                                            + " for who may view events. Left out when it begins, and in answers to"
                                            + " `after` while it runs")
                    Optional<List<ToldView>> told,
            @Schema(
                            description =
                                    "Whether it may have told more before those: there are more, or more than 5000 events,"
                                            + " or the events cannot be read now. Left out with `told`")
                    Optional<Boolean> toldLeftOut,
            @Schema(description = "Segments that could not be read") int unreadable,
            @Schema(
                            description =
                                    "Whether all that was to be searched lies below the camera's motion mask, and so nothing"
                                            + " was")
                    boolean masked,
            @Schema(description = "Which of the areas lie wholly below it: their index, from 0")
                    List<Integer> maskedAreas) {}

    /** A search with what it has found so far. */
    @Schema(name = "MotionSearch")
    record SearchView(
            UUID id,
            Instant begun,
            @Schema(description = "Rises with each change") long revision,
            @Schema(description = "running, done, failed or cancelled", example = "running") String state,
            @Schema(description = "Why it failed") Optional<String> detail,
            Instant from,
            Instant to,
            List<MotionBody.Box> areas,
            int sensitivity,
            @Schema(description = "How much there is to search; grows no more") long footageMs,
            @Schema(description = "How much of it was searched") long searchedMs,
            @Schema(description = "Decoded for it; the others were known") long pictures,
            List<CameraView> cameras) {
        /** @param told by camera; of those that are not in it nothing is said */
        static SearchView of(MotionSearch search, MotionSearch.Report report, Map<UUID, Told<ToldView>> told) {
            return new SearchView(
                    search.id(),
                    search.begun(),
                    report.revision(),
                    report.state().name().toLowerCase(Locale.ROOT),
                    report.detail(),
                    Times.instant(search.order().fromUs()),
                    Times.instant(search.order().toUs()),
                    search.order().areas().stream().map(MotionBody.Box::of).toList(),
                    search.order().sensitivity(),
                    report.footageUs() / 1_000,
                    report.searchedUs() / 1_000,
                    report.pictures(),
                    report.cameras().stream()
                            .map(camera -> camera(camera, Optional.ofNullable(told.get(camera.camera()))))
                            .toList());
        }

        private static CameraView camera(MotionSearch.OfCamera camera, Optional<Told<ToldView>> told) {
            return new CameraView(
                    camera.camera(),
                    Codes.floorMs(camera.throughUs()),
                    camera.found().stream()
                            .map(found -> new FoundView(
                                    Codes.floorMs(found.fromUs()), Codes.floorMs(found.toUs()), found.height()))
                            .toList(),
                    camera.leftOut(),
                    told.map(Told::items),
                    told.map(Told::leftOut),
                    camera.unreadable(),
                    camera.masked(),
                    camera.maskedAreas());
        }
    }

    /** How much moved in a camera's picture. */
    @Schema(name = "MotionLane")
    record LaneView(
            UUID cameraId,
            @Schema(
                            description =
                                    "Of each bucket 0..255, the root of the share of the picture, without what the camera's"
                                            + " motion mask hides, that moved at most; -1"
                                            + " where nobody has looked, or there is no footage")
                    int[] heights,
            @Schema(
                            description =
                                    "When the camera said that something moves: pairs of milliseconds, half open; for"
                                            + " who may view events")
                    List<long[]> told,
            @Schema(
                            description =
                                    "Whether the camera may have said more before that: there are more than 5000 events,"
                                            + " or they cannot be read now")
                    boolean toldLeftOut,
            @Schema(description = "Whether this is all that can be known of the footage there is") boolean complete,
            @Schema(description = "Whether more is being found out for the caller") boolean analysing) {
        static LaneView of(MotionHeights lane, Told<long[]> told, boolean analysing) {
            return new LaneView(
                    lane.camera(), lane.heights(), told.items(), told.leftOut(), lane.complete(), analysing);
        }
    }

    /** All cameras asked for. */
    @Schema(name = "MotionHeights")
    record HeightsView(Instant from, Instant to, long bucketMs, List<LaneView> cameras) {}
}
