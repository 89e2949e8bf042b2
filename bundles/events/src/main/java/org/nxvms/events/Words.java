// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventVocabulary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The vocabulary: the server's words, and those that plugins add under a first word of their own. */
final class Words {
    private static final Logger LOG = LoggerFactory.getLogger(Words.class);
    private static final int KINDS_MAX = 200;

    private final Map<EventVocabulary, List<EventKindInfo>> added = new ConcurrentHashMap<>();

    void add(EventVocabulary vocabulary) {
        List<EventKindInfo> kinds = vocabulary.kinds();
        List<EventKindInfo> taken = kinds.stream()
                .filter(info -> !EventKinds.FAMILIES.contains(family(info.kind())))
                .limit(KINDS_MAX)
                .toList();
        if (taken.size() < kinds.size()) {
            LOG.warn(
                    "{} of {} kinds of events from {} are not taken: a plugin's kinds begin with a word of its own, and are"
                            + " {} at most",
                    kinds.size() - taken.size(),
                    kinds.size(),
                    vocabulary.getClass().getName(),
                    KINDS_MAX);
        }
        added.put(vocabulary, taken);
    }

    void remove(EventVocabulary vocabulary) {
        added.remove(vocabulary);
    }

    List<EventKindInfo> all() {
        Map<String, EventKindInfo> byKind = new TreeMap<>();
        added.values().forEach(kinds -> kinds.forEach(info -> byKind.put(info.kind(), info)));
        EventKinds.all().forEach(info -> byKind.put(info.kind(), info));
        return byKind.values().stream()
                .sorted(Comparator.comparing(EventKindInfo::kind))
                .toList();
    }

    private static String family(String kind) {
        return kind.substring(0, kind.indexOf('.'));
    }
}
