// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which extensions are shown. Of several versions of a bundle, which are there for a moment while one is exchanged, the
 * newest; of several bundles with one id, the one that came first: what works is not taken over by what comes later.
 * Immutable.
 *
 * @param shown one each id, by id
 * @param refused what is not, with the reason; no other version of a bundle that is shown
 */
public record Shelf(List<Extension> shown, List<Refused> refused) {
    /** As many as there are plugins at most. */
    static final int EXTENSIONS_MAX = 64;

    public Shelf {
        shown = List.copyOf(shown);
        refused = List.copyOf(refused);
    }

    /**
     * A bundle whose extension is not shown.
     *
     * @param reason a sentence for who wrote it
     */
    public record Refused(String bundle, String version, String reason) {}

    /** {@return the choice among all that run} */
    public static Shelf of(Collection<Found> all) {
        List<Found> inOrder =
                all.stream().sorted(Comparator.comparingLong(Found::order)).toList();
        Map<String, Found> newest = new HashMap<>();
        List<Refused> refused = new ArrayList<>();
        for (Found one : inOrder) {
            if (one.extension().isPresent()) {
                // Of two alike the later one, which was meant to take its place.
                newest.merge(one.bundle(), one, (a, b) -> a.version().compareTo(b.version()) > 0 ? a : b);
            } else {
                refused.add(new Refused(
                        one.bundle(), one.version().toString(), one.flaw().orElseThrow()));
            }
        }
        Map<String, Extension> byId = new HashMap<>();
        for (Found one : inOrder) {
            if (newest.containsKey(one.bundle())) {
                // In the order in which the first version of a bundle came.
                Extension extension = newest.remove(one.bundle()).extension().orElseThrow();
                refusal(extension, byId)
                        .ifPresentOrElse(
                                reason -> refused.add(new Refused(extension.bundle(), extension.version(), reason)),
                                () -> byId.put(extension.description().id(), extension));
            }
        }
        List<Extension> shown = byId.values().stream()
                .sorted(Comparator.comparing(
                        extension -> extension.description().id()))
                .toList();
        return new Shelf(shown, refused);
    }

    private static Optional<String> refusal(Extension extension, Map<String, Extension> taken) {
        Extension other = taken.get(extension.description().id());
        if (other != null) {
            return Optional.of("Its id " + extension.description().id() + " is that of the extension of "
                    + other.bundle() + ", which came before. Give it another id, or take that bundle out.");
        }
        return taken.size() < EXTENSIONS_MAX
                ? Optional.empty()
                : Optional.of("There are " + EXTENSIONS_MAX + " extensions already. Take one out before.");
    }
}
