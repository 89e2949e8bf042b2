// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Times;

/** A layout as it travels: a wall, or a tour. */
@Schema(name = "Layout")
public record LayoutItem(
        UUID id,
        long version,
        String name,
        @Schema(description = "Who made it") String owner,
        @Schema(description = "Whether the caller did") boolean own,
        @Schema(description = "Who has one of these, everywhere or at some place, sees it too") List<String> roles,
        @Schema(description = "It stays as it is until somebody unlocks it") boolean locked,
        @Schema(description = "Whether the caller may change and remove it, once it is not locked") boolean editable,
        @Schema(description = "Of a wall") Optional<WallBody> wall,
        @Schema(description = "Of a tour") Optional<TourBody> tour,
        Instant created,
        Instant updated) {
    /** A wall. */
    @Schema(name = "LayoutWall")
    record WallBody(
            @Schema(description = "How it is parted, as the console names it: 9, 1+5", example = "1+5") String grid,
            @Schema(description = "Those that the caller may know of, by cell") List<CellBody> cameras,
            @Schema(
                            description = "The cell that shows whichever camera is selected elsewhere; left out: none",
                            minimum = "0")
                    Optional<Integer> hotspot) {}

    /** A camera in its cell. */
    @Schema(name = "LayoutCell")
    record CellBody(
            @Schema(description = "Counted from 0 in the grid's order", minimum = "0") int cell, UUID cameraId) {}

    /** Walls one after the other. */
    @Schema(name = "LayoutTour")
    record TourBody(@Schema(description = "Those whose layout the caller sees") List<StepBody> steps) {}

    /** How long a tour stays with a wall. */
    @Schema(name = "LayoutTourStep")
    record StepBody(UUID layoutId, @Schema(minimum = "2") int seconds) {}

    /** As this caller sees it. */
    static LayoutItem of(Layout layout, Caller caller, Sight sight) {
        return new LayoutItem(
                layout.id(),
                layout.version(),
                layout.name(),
                layout.owner(),
                layout.ownerId().equals(caller.user().id()),
                List.copyOf(layout.roles()),
                layout.locked(),
                sight.mayChange(layout),
                layout.content() instanceof Layout.Wall wall ? Optional.of(wall(wall, caller)) : Optional.empty(),
                layout.content() instanceof Layout.Tour tour ? Optional.of(tour(tour, sight)) : Optional.empty(),
                Times.instant(layout.createdUs()),
                Times.instant(layout.updatedUs()));
    }

    private static WallBody wall(Layout.Wall wall, Caller caller) {
        return new WallBody(
                wall.grid(),
                wall.cameras().entrySet().stream()
                        .filter(cell -> caller.sees(cell.getValue()))
                        .map(cell -> new CellBody(cell.getKey(), cell.getValue()))
                        .toList(),
                wall.hotspot().stream().boxed().findFirst());
    }

    private static TourBody tour(Layout.Tour tour, Sight sight) {
        return new TourBody(tour.steps().stream()
                .filter(step -> sight.sees(step.layoutId()))
                .map(step -> new StepBody(step.layoutId(), step.seconds()))
                .toList());
    }
}
