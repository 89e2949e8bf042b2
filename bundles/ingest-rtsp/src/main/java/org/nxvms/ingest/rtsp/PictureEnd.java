// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/** Where one engine can leave a stream to another: nothing of a picture came since the last whole one. Loop thread only. */
final class PictureEnd {
    private final MediaFeed feed;
    private boolean reached;
    private long pictures;

    PictureEnd(MediaFeed feed) {
        this.feed = feed;
    }

    /** A packet was taken. @param picture whether it is of the pictures' track */
    void taken(boolean picture) {
        if (feed.pictures() != pictures) {
            pictures = feed.pictures();
            reached = true;
        } else if (picture) {
            reached = false;
        }
    }

    boolean isReached() {
        return reached && feed.betweenUnits();
    }
}
