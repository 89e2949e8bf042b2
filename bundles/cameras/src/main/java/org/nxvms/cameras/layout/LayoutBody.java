// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.nxvms.cameras.layout.LayoutItem.CellBody;
import org.nxvms.cameras.layout.LayoutItem.StepBody;
import org.nxvms.cameras.layout.LayoutItem.TourBody;
import org.nxvms.cameras.layout.LayoutItem.WallBody;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Fields;

/** Layouts as callers describe them. */
final class LayoutBody {
    private LayoutBody() {}

    /** A layout to keep: either a wall or a tour. */
    @Schema(name = "LayoutDraft")
    record Draft(
            @Schema(description = "1 to 60 characters; nobody has two of one name") String name,
            @Schema(description = "Left out for a tour") Optional<WallBody> wall,
            @Schema(description = "Left out for a wall") Optional<TourBody> tour,
            @Schema(description = "Shares it with whoever has one of these roles; needs the right share_layouts")
                    Optional<Set<String>> roles,
            Optional<Boolean> locked) {
        Draft {
            Objects.requireNonNull(name, "name");
        }

        Layout layout(Caller caller, Sight sight, long nowUs) {
            Fields fields = new Fields();
            fields.check(
                    wall.isPresent() != tour.isPresent(),
                    "wall",
                    "Give either \"wall\", for cameras in a grid, or \"tour\", for walls one after the other.");
            checkName(name.strip(), fields);
            checkContent(wall, tour, sight, fields);
            SortedSet<String> shared = named(roles.orElse(Set.of()), fields);
            fields.throwIfAny();
            AuthenticatedUser user = caller.user();
            return new Layout(
                    UUID.randomUUID(),
                    1,
                    user.id(),
                    user.username().substring(0, Math.min(user.username().length(), Layout.OWNER_CHARS_MAX)),
                    name.strip(),
                    shared,
                    locked.orElse(false),
                    wall.isPresent() ? placed(wall.get(), new TreeMap<>()) : walked(tour.orElseThrow()),
                    nowUs,
                    nowUs);
        }
    }

    /** What is to be another; what is left out stays. */
    @Schema(name = "LayoutChange")
    record Change(
            Optional<String> name,
            @Schema(
                            description =
                                    "Replaces grid and cameras. Those that the caller may not know of stay in cells that"
                                            + " are given nothing")
                    Optional<WallBody> wall,
            @Schema(description = "Replaces the steps; those that the caller does not see go") Optional<TourBody> tour,
            @Schema(description = "Replaces them; none: it is its owner's alone") Optional<Set<String>> roles,
            Optional<Boolean> locked) {
        /** {@return whether it is about more than the lock} */
        boolean changesMore() {
            return name.isPresent() || wall.isPresent() || tour.isPresent() || roles.isPresent();
        }

        Layout of(Layout before, Caller caller, Sight sight, long nowUs) {
            Fields fields = new Fields();
            boolean isWall = before.content() instanceof Layout.Wall;
            fields.check(!isWall || tour.isEmpty(), "tour", "It is a wall and stays one. Make a tour of its own.");
            fields.check(isWall || wall.isEmpty(), "wall", "It is a tour and stays one. Make a wall of its own.");
            name.ifPresent(text -> checkName(text.strip(), fields));
            checkContent(wall, tour, sight, fields);
            SortedSet<String> shared = roles.isPresent() ? named(roles.get(), fields) : before.roles();
            fields.throwIfAny();
            Layout.Content content = before.content();
            if (wall.isPresent() && content instanceof Layout.Wall had) {
                SortedMap<Integer, UUID> hidden = new TreeMap<>(had.cameras());
                hidden.values().removeIf(caller::sees);
                content = placed(wall.get(), hidden);
            } else if (tour.isPresent()) {
                content = walked(tour.get());
            }
            return new Layout(
                    before.id(),
                    before.version() + 1,
                    before.ownerId(),
                    before.owner(),
                    name.map(String::strip).orElse(before.name()),
                    shared,
                    locked.orElse(before.locked()),
                    content,
                    before.createdUs(),
                    nowUs);
        }
    }

    /**
     * @param stay cameras that stay where nothing is given
     */
    private static Layout.Wall placed(WallBody body, SortedMap<Integer, UUID> stay) {
        SortedMap<Integer, UUID> cameras = new TreeMap<>(stay);
        body.hotspot().ifPresent(cameras::remove);
        body.cameras().forEach(cell -> cameras.put(cell.cell(), cell.cameraId()));
        return new Layout.Wall(
                body.grid(), cameras, body.hotspot().map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static Layout.Tour walked(TourBody body) {
        return new Layout.Tour(body.steps().stream()
                .map(step -> new Layout.Step(step.layoutId(), step.seconds()))
                .toList());
    }

    private static void checkName(String name, Fields fields) {
        fields.check(
                !name.isEmpty() && name.length() <= Layout.NAME_CHARS_MAX && isPrintable(name),
                "name",
                "\"name\" has " + name.length() + " characters. Give 1 to " + Layout.NAME_CHARS_MAX + " in one line.");
    }

    private static boolean isPrintable(String text) {
        // Nor halves of characters, which not every database takes.
        return text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }

    private static SortedSet<String> named(Set<String> given, Fields fields) {
        boolean whole = given.size() <= Layout.ROLES_MAX && given.stream().noneMatch(Objects::isNull);
        fields.check(whole, "roles", "\"roles\" must be at most " + Layout.ROLES_MAX + " names of roles.");
        return whole ? new TreeSet<>(given) : new TreeSet<>();
    }

    private static void checkContent(Optional<WallBody> wall, Optional<TourBody> tour, Sight sight, Fields fields) {
        wall.ifPresent(body -> checkWall(body, fields));
        tour.ifPresent(body -> checkTour(body, sight, fields));
    }

    private static void checkWall(WallBody body, Fields fields) {
        fields.check(
                body.grid() != null && Layout.Wall.isGrid(body.grid()),
                "wall.grid",
                "\"wall.grid\" must be the name of a grid: 1, 4, 9, 16, 1+5, 1+7, 2+8 or 1+12.");
        List<CellBody> cells = Optional.ofNullable(body.cameras()).orElse(List.of());
        Set<Integer> once = new HashSet<>();
        Set<UUID> cameras = new HashSet<>();
        boolean whole = body.cameras() != null
                && cells.size() <= Layout.Wall.CELLS_MAX
                && cells.stream()
                        .allMatch(cell -> cell != null
                                && cell.cell() >= 0
                                && cell.cell() < Layout.Wall.CELLS_MAX
                                && cell.cameraId() != null
                                && once.add(cell.cell())
                                && cameras.add(cell.cameraId()));
        fields.check(
                whole,
                "wall.cameras",
                "\"wall.cameras\" must be at most " + Layout.Wall.CELLS_MAX + ", each with a cell from 0 to "
                        + (Layout.Wall.CELLS_MAX - 1) + " and a camera, none of them twice.");
        body.hotspot()
                .ifPresent(cell -> fields.check(
                        cell >= 0 && cell < Layout.Wall.CELLS_MAX && !once.contains(cell),
                        "wall.hotspot",
                        "\"wall.hotspot\" must be a cell from 0 to " + (Layout.Wall.CELLS_MAX - 1)
                                + " in which no camera is."));
    }

    private static void checkTour(TourBody body, Sight sight, Fields fields) {
        List<StepBody> steps = Optional.ofNullable(body.steps()).orElse(List.of());
        boolean whole = !steps.isEmpty()
                && steps.size() <= Layout.Tour.STEPS_MAX
                && steps.stream()
                        .allMatch(step -> step != null
                                && step.layoutId() != null
                                && step.seconds() >= Layout.Step.SECONDS_MIN
                                && step.seconds() <= Layout.Step.SECONDS_MAX);
        fields.check(
                whole,
                "tour.steps",
                "\"tour.steps\" must be 1 to " + Layout.Tour.STEPS_MAX + ", each with a layout and "
                        + Layout.Step.SECONDS_MIN + " to " + Layout.Step.SECONDS_MAX + " seconds.");
        fields.check(
                !whole || steps.stream().allMatch(step -> sight.sees(step.layoutId())),
                "tour.steps",
                "\"tour.steps\" names a layout that is not there, or that is no wall. GET " + LayoutsResource.BASE
                        + " lists them.");
    }
}
