// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.rest.kit.problem.Times;

/** What the audit and the events say of bookmarks. */
final class BookmarkFacts {
    /** The audit takes 8000 characters of all fields; its readers find the rest in the bookmark. */
    private static final int NOTED_CHARS_MAX = 500;

    private static final int NOTED_CAMERAS_MAX = 16;

    private BookmarkFacts() {}

    static String subject(UUID id) {
        return "bookmark/" + id;
    }

    static Map<String, String> noted(Bookmark bookmark) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("cameras", cameras(bookmark.cameraIds()));
        fields.put("from", Times.instant(bookmark.fromUs()).toString());
        fields.put("to", Times.instant(bookmark.toUs()).toString());
        fields.put("title", bookmark.title());
        fields.put("text", cut(bookmark.text()));
        fields.put("tags", String.join(",", bookmark.tags()));
        return fields;
    }

    /** {@return ids, the first ones where there are many} */
    static String cameras(List<UUID> ids) {
        String some = ids.stream().limit(NOTED_CAMERAS_MAX).map(UUID::toString).collect(Collectors.joining(" "));
        return ids.size() > NOTED_CAMERAS_MAX ? some + " and " + (ids.size() - NOTED_CAMERAS_MAX) + " more" : some;
    }

    static String cut(String text) {
        return text.length() > NOTED_CHARS_MAX ? text.substring(0, NOTED_CHARS_MAX) + "…" : text;
    }

    /**
     * Says it once for each camera. Its words are left out: who may see events of a camera may not see its footage, nor know
     * of the other cameras.
     *
     * @param publisher null while it is absent; a bookmark needs no event
     */
    static void publish(EventPublisher publisher, String kind, Bookmark bookmark, String by, long nowUs) {
        if (publisher == null) {
            return;
        }
        String did =
                switch (kind) {
                    case EventKinds.BOOKMARK_ADDED -> "set";
                    case EventKinds.BOOKMARK_CHANGED -> "changed";
                    default -> "removed";
                };
        EventAttributes attributes = EventAttributes.of(Map.of(
                "user",
                by,
                "bookmark",
                bookmark.id().toString(),
                "from",
                Times.instant(bookmark.fromUs()).toString(),
                "to",
                Times.instant(bookmark.toUs()).toString()));
        for (UUID camera : bookmark.cameraIds()) {
            publisher.pulse(
                    EventFact.of(
                                    EventSource.camera(camera, ""),
                                    kind,
                                    EventSeverity.INFO,
                                    by + " " + did + " a bookmark",
                                    attributes)
                            .correlated(bookmark.id()),
                    nowUs);
        }
    }
}
