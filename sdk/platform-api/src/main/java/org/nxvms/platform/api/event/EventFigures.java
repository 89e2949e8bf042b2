// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

/**
 * Figures since the server's start.
 *
 * @param published events and changes taken
 * @param dropped not taken, the queue was full
 * @param stored rows written
 * @param lost taken and delivered, yet neither stored nor spooled: the spool was full
 * @param waiting changes that wait to be stored, in memory and in the spool
 * @param spooledBytes size of the spool on disk; 0 while the database keeps up
 * @param open states that are on
 * @param rows events kept
 * @param spilled given up for slow subscribers
 * @param followers clients that follow the stream of events now
 */
public record EventFigures(
        long published,
        long dropped,
        long stored,
        long lost,
        long waiting,
        long spooledBytes,
        int open,
        long rows,
        long spilled,
        int followers) {}
