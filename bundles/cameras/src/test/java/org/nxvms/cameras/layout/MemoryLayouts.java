// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.layout.LayoutQuery;
import org.nxvms.platform.api.layout.LayoutStore;

/** The port's contract in memory; the real one is tested in bundles/persistence. */
final class MemoryLayouts implements LayoutStore {
    final Map<UUID, Layout> there = new ConcurrentHashMap<>();
    final Set<String> roles = Set.of("administrator", "operator", "viewer");
    volatile boolean full;

    private Optional<Outcome> refused(Layout layout) {
        boolean taken = there.values().stream()
                .anyMatch(other -> !other.id().equals(layout.id())
                        && other.ownerId().equals(layout.ownerId())
                        && other.name().equals(layout.name()));
        return taken
                ? Optional.of(Outcome.TAKEN)
                : roles.containsAll(layout.roles()) ? Optional.empty() : Optional.of(Outcome.NO_ROLE);
    }

    @Override
    public Outcome insert(Layout layout) {
        Outcome outcome = full ? Outcome.FULL : refused(layout).orElse(Outcome.DONE);
        if (outcome == Outcome.DONE) {
            there.put(layout.id(), layout);
        }
        return outcome;
    }

    @Override
    public Optional<Layout> get(UUID id) {
        return Optional.ofNullable(there.get(id));
    }

    @Override
    public List<Layout> find(LayoutQuery query) {
        Comparator<Layout> oldestFirst = Comparator.comparingLong(Layout::createdUs)
                .thenComparing(layout -> layout.id().toString());
        return there.values().stream()
                .filter(query::sees)
                .sorted(oldestFirst)
                .filter(layout -> query.after().isEmpty()
                        || isBehind(layout, query.after().get()))
                .limit(query.limit())
                .toList();
    }

    private static boolean isBehind(Layout layout, LayoutQuery.Position after) {
        return layout.createdUs() > after.createdUs()
                || layout.createdUs() == after.createdUs()
                        && layout.id().toString().compareTo(after.id().toString()) > 0;
    }

    @Override
    public Outcome update(Layout layout) {
        Layout before = there.get(layout.id());
        if (before == null || before.version() != layout.version() - 1) {
            return Outcome.STALE;
        }
        Outcome outcome = refused(layout).orElse(Outcome.DONE);
        if (outcome == Outcome.DONE) {
            there.put(layout.id(), layout);
        }
        return outcome;
    }

    @Override
    public boolean delete(UUID id, long version) {
        Layout before = there.get(id);
        return before != null && before.version() == version && there.remove(id, before);
    }
}
