// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.problem.Times;

/** A bookmark as it travels. */
@Schema(name = "Bookmark")
public record BookmarkItem(
        UUID id,
        long version,
        @Schema(description = "Those whose footage the caller may see") List<UUID> cameraIds,
        Instant from,
        @Schema(description = "Left out for a moment") Optional<Instant> to,
        String title,
        String text,
        List<String> tags,
        @Schema(description = "Who set it") String author,
        Instant created,
        Instant updated,
        @Schema(description = "Whether the caller may change and remove it") boolean editable) {
    /** Cameras whose footage the caller may not see are left out. */
    static BookmarkItem of(Bookmark bookmark, Caller caller) {
        return new BookmarkItem(
                bookmark.id(),
                bookmark.version(),
                visible(bookmark, caller),
                Times.instant(bookmark.fromUs()),
                bookmark.isMoment() ? Optional.empty() : Optional.of(Times.instant(bookmark.toUs())),
                bookmark.title(),
                bookmark.text(),
                List.copyOf(bookmark.tags()),
                bookmark.author(),
                Times.instant(bookmark.createdUs()),
                Times.instant(bookmark.updatedUs()),
                bookmark.cameraIds().stream().allMatch(camera -> caller.may(Permission.BOOKMARK, camera)));
    }

    /** {@return its cameras whose footage the caller may see} */
    static List<UUID> visible(Bookmark bookmark, Caller caller) {
        return bookmark.cameraIds().stream()
                .filter(camera -> caller.may(Permission.VIEW_ARCHIVE, camera))
                .toList();
    }
}
