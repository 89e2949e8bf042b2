// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.util.List;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.thumbnail.Sheets;

/**
 * Writes where a range's thumbnails lie on their sheets: WebVTT, a cue for each cell of the grid, as players read it for pictures along
 * their time line. Positions are those of the range's playlist and manifest, which {@link RangeCut} cuts the same way: without the
 * holes. One thread.
 */
final class VodCues implements RangeCut.Parts<RuntimeException> {
    private final RangeCut<RuntimeException> cut;
    private final long stepUs;
    private final int width;
    private final String role;
    private final StringBuilder out = new StringBuilder("WEBVTT\n");
    private long positionUs;
    /** The cell of the newest cue, which may go on in the next part; -1 before the first. */
    private long cellUs = -1;

    private long cueUs;

    /**
     * @param stepUs from one cell to the next
     * @param width of a cell
     * @param role the stream's id
     */
    VodCues(long fromUs, long toUs, long stepUs, int width, String role) {
        cut = new RangeCut<>(fromUs, toUs, this);
        this.stepUs = stepUs;
        this.width = width;
        this.role = role;
    }

    /** {@return number of parts so far} */
    int partCount() {
        return cut.partCount();
    }

    /** As {@link RangeCut#add}. */
    boolean add(Segment segment, List<FragmentEntry> index) {
        return cut.add(segment, index);
    }

    /** {@return the cues} */
    String text() {
        end();
        return out.toString();
    }

    @Override
    public void begin(Segment segment, FragmentEntry head, boolean broken, boolean newFormat) {
        if (broken) {
            end();
        }
    }

    @Override
    public void part(Segment segment, List<FragmentEntry> fragments) {
        long startUs = fragments.get(0).startUs();
        long durationUs =
                fragments.stream().mapToLong(FragmentEntry::durationUs).sum();
        for (long cell = Math.floorDiv(startUs, stepUs) * stepUs; cell < startUs + durationUs; cell += stepUs) {
            if (cell != cellUs) {
                long atUs = positionUs + Math.max(0, cell - startUs);
                endAt(atUs);
                cellUs = cell;
                cueUs = atUs;
            }
        }
        positionUs += durationUs;
    }

    private void end() {
        endAt(positionUs);
        cellUs = -1;
    }

    private void endAt(long untilUs) {
        // What is told in milliseconds would be empty: the next cell's picture stands for it.
        if (cellUs < 0 || untilUs / 1_000 <= cueUs / 1_000) {
            return;
        }
        long beginUs = Sheets.begin(cellUs, stepUs);
        int number = (int) ((cellUs - beginUs) / stepUs);
        int height = Sheets.height(width);
        out.append('\n');
        time(cueUs);
        out.append(" --> ");
        time(untilUs);
        out.append("\nsheet.jpg?at=")
                .append(beginUs / 1_000)
                .append("&step=")
                .append(stepUs / 1_000)
                .append("&width=")
                .append(width)
                .append("&stream=")
                .append(role)
                .append("#xywh=")
                .append(number % Sheets.COLUMNS * width)
                .append(',')
                .append(number / Sheets.COLUMNS * height)
                .append(',')
                .append(width)
                .append(',')
                .append(height)
                .append('\n');
    }

    private void time(long us) {
        long ms = us / 1_000;
        two(ms / 3_600_000);
        out.append(':');
        two(ms / 60_000 % 60);
        out.append(':');
        two(ms / 1_000 % 60);
        String millis = Long.toString(ms % 1_000);
        out.append('.').append("0".repeat(3 - millis.length())).append(millis);
    }

    private void two(long number) {
        out.append(number < 10 ? "0" : "").append(number);
    }
}
