// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.platform.api.layout.Layout;

/** A layout's row; the roles it is shared with have rows of their own. */
@Entity
@Table(name = "layout")
public class LayoutRow {
    private static final long US_PER_MS = 1_000;
    private static final String NEXT = ",";
    /** Stands where other cells have their camera. */
    private static final String HOTSPOT = "hotspot";

    @Id
    private String id;

    private long version;

    @Column(name = "owner_id")
    private String ownerId;

    @Column(name = "owner_name")
    private String ownerName;

    private String name;

    /** None for a tour. */
    private String grid;

    private String content;
    private boolean locked;

    @Column(name = "created_ms")
    private long createdMs;

    @Column(name = "updated_ms")
    private long updatedMs;

    /** For JPA. */
    protected LayoutRow() {}

    LayoutRow(Layout layout) {
        id = layout.id().toString();
        ownerId = layout.ownerId().toString();
        ownerName = layout.owner();
        createdMs = layout.createdUs() / US_PER_MS;
        take(layout);
    }

    /** Whose it is, and when it was made, stays. */
    final void take(Layout layout) {
        version = layout.version();
        name = layout.name();
        locked = layout.locked();
        updatedMs = layout.updatedUs() / US_PER_MS;
        if (layout.content() instanceof Layout.Wall wall) {
            grid = wall.grid();
            content = Stream.concat(
                            wall.cameras().entrySet().stream().map(cell -> cell.getKey() + " " + cell.getValue()),
                            wall.hotspot().stream().mapToObj(cell -> cell + " " + HOTSPOT))
                    .collect(Collectors.joining(NEXT));
        } else if (layout.content() instanceof Layout.Tour tour) {
            grid = null;
            content = tour.steps().stream()
                    .map(step -> step.layoutId() + " " + step.seconds())
                    .collect(Collectors.joining(NEXT));
        }
    }

    String id() {
        return id;
    }

    long version() {
        return version;
    }

    Layout layout(Set<String> roles) {
        return new Layout(
                UUID.fromString(id),
                version,
                UUID.fromString(ownerId),
                ownerName,
                name,
                new TreeSet<>(roles),
                locked,
                grid == null ? tour() : wall(),
                createdMs * US_PER_MS,
                updatedMs * US_PER_MS);
    }

    private Layout.Wall wall() {
        SortedMap<Integer, UUID> cameras = new TreeMap<>();
        pairs().filter(cell -> !cell[1].equals(HOTSPOT))
                .forEach(cell -> cameras.put(Integer.parseInt(cell[0]), UUID.fromString(cell[1])));
        OptionalInt hotspot = pairs().filter(cell -> cell[1].equals(HOTSPOT))
                .mapToInt(cell -> Integer.parseInt(cell[0]))
                .findFirst();
        return new Layout.Wall(grid, cameras, hotspot);
    }

    private Layout.Tour tour() {
        return new Layout.Tour(pairs().map(step -> new Layout.Step(UUID.fromString(step[0]), Integer.parseInt(step[1])))
                .toList());
    }

    private Stream<String[]> pairs() {
        return Stream.of(content.split(NEXT)).filter(text -> !text.isEmpty()).map(text -> text.split(" ", 2));
    }
}
