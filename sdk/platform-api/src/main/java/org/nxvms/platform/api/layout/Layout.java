// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.layout;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A wall, or a tour of walls, under a name.
 *
 * @param version counts its changes, from 1
 * @param ownerId of the user who made it, who may be gone while it is shared
 * @param owner that user's name then, at most {@link #OWNER_CHARS_MAX} characters
 * @param name 1..{@link #NAME_CHARS_MAX} characters; of one owner each once
 * @param roles whoever has one of them, everywhere or at some place, sees it too; empty for the owner alone
 * @param locked whether it is to stay as it is until somebody unlocks it
 * @param createdUs when it was made, microseconds since 1970
 * @param updatedUs when it was changed last
 */
public record Layout(
        UUID id,
        long version,
        UUID ownerId,
        String owner,
        String name,
        SortedSet<String> roles,
        boolean locked,
        Content content,
        long createdUs,
        long updatedUs) {
    public static final int NAME_CHARS_MAX = 60;
    public static final int OWNER_CHARS_MAX = 100;
    /** More roles than a server has in practice; a bound for requests. */
    public static final int ROLES_MAX = 50;

    public Layout {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(ownerId, "ownerId");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(content, "content");
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
        if (version < 1 || name.isBlank() || name.length() > NAME_CHARS_MAX || owner.length() > OWNER_CHARS_MAX) {
            throw new IllegalArgumentException("a layout needs a version from 1 on, a name of 1.." + NAME_CHARS_MAX
                    + " characters and an owner's of at most " + OWNER_CHARS_MAX);
        }
        if (roles.size() > ROLES_MAX) {
            throw new IllegalArgumentException("a layout is shared with at most " + ROLES_MAX + " roles");
        }
    }

    /** {@return whether others than the owner see it} */
    public boolean isShared() {
        return !roles.isEmpty();
    }

    /** What it shows. */
    public sealed interface Content permits Wall, Tour {}

    /**
     * Cameras in the cells of a grid.
     *
     * @param grid how the wall is parted, as the console names it: {@code 9}, {@code 1+5}; {@link #isGrid}
     * @param cameras by cell, 0..{@link #CELLS_MAX} less one in the grid's order; each once
     * @param hotspot the cell that shows whichever camera is selected elsewhere, if one does; no camera stands in it
     */
    public record Wall(String grid, SortedMap<Integer, UUID> cameras, OptionalInt hotspot) implements Content {
        /** As many cameras as one socket brings. */
        public static final int CELLS_MAX = 64;

        public static final int GRID_CHARS_MAX = 20;

        public Wall {
            cameras = Collections.unmodifiableSortedMap(new TreeMap<>(cameras));
            if (!isGrid(grid) || !cameras.isEmpty() && (cameras.firstKey() < 0 || cameras.lastKey() >= CELLS_MAX)) {
                throw new IllegalArgumentException(
                        "a wall needs a grid such as 9 or 1+5, and cells from 0 to " + (CELLS_MAX - 1));
            }
            if (hotspot.isPresent()
                    && (hotspot.getAsInt() < 0
                            || hotspot.getAsInt() >= CELLS_MAX
                            || cameras.containsKey(hotspot.getAsInt()))) {
                throw new IllegalArgumentException("a wall's hotspot has a cell of its own");
            }
            if (Set.copyOf(cameras.values()).size() < cameras.size()) {
                throw new IllegalArgumentException("a camera stands in one cell of a wall at most");
            }
        }

        /** One without a hotspot. */
        public Wall(String grid, SortedMap<Integer, UUID> cameras) {
            this(grid, cameras, OptionalInt.empty());
        }

        /** {@return whether it can be the name of a grid: digits, parted by plus signs} */
        public static boolean isGrid(String name) {
            return name.length() <= GRID_CHARS_MAX && name.matches("[0-9]+(\\+[0-9]+)*");
        }
    }

    /**
     * Walls that are shown one after the other, again and again.
     *
     * @param steps at most {@link #STEPS_MAX}; fewer than were given once when layouts of it are gone
     */
    public record Tour(List<Step> steps) implements Content {
        /** So many changes of the wall are nobody's round any more. */
        public static final int STEPS_MAX = 64;

        public Tour {
            steps = List.copyOf(steps);
            if (steps.size() > STEPS_MAX) {
                throw new IllegalArgumentException("a tour has at most " + STEPS_MAX + " steps");
            }
        }
    }

    /**
     * @param layoutId of a wall
     * @param seconds how long the tour stays with it, {@link #SECONDS_MIN}..{@link #SECONDS_MAX}
     */
    public record Step(UUID layoutId, int seconds) {
        /** Pictures need a moment to come. */
        public static final int SECONDS_MIN = 2;

        public static final int SECONDS_MAX = 3_600;

        public Step {
            Objects.requireNonNull(layoutId, "layoutId");
            if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
                throw new IllegalArgumentException(
                        "a step of a tour takes " + SECONDS_MIN + ".." + SECONDS_MAX + " seconds, not " + seconds);
            }
        }
    }
}
