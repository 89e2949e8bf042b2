// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.events.fake.Notebook;

/** A planned restart alarms nobody; a crash is one alarm, not one of each camera. */
class StartWatchTest {
    private static final String CALM = "server.started {crashed=false, version=1.0}";
    private static final String CRASHED = "server.started {crashed=true, version=1.0}";
    private static final String STOPPED = "server.stopped {version=1.0}";

    private final Notebook notes = new Notebook();

    @TempDir
    Path data;

    /** A process of the server. */
    private StartWatch started() {
        StartWatch watch = new StartWatch(notes, data, new UUID(7, 7), "1.0");
        watch.started(1_000);
        return watch;
    }

    @Test
    void theFirstStartAndOneAfterAStopAreNoAlarm() {
        started().stopped(2_000);
        started();
        assertThat(notes.take()).containsExactly(CALM, STOPPED, CALM);
    }

    @Test
    void aStartThatNoStopPrecededFollowsACrash() {
        started();
        started();
        // It is one crash: what follows the next stop is calm again.
        started().stopped(3_000);
        started();
        assertThat(notes.take()).containsExactly(CALM, CRASHED, CRASHED, STOPPED, CALM);
    }

    @Test
    void aDataFolderThatCannotBeWrittenKeepsNoStartFromBeingSaid() throws Exception {
        Files.createFile(data.resolve("events"));
        started().stopped(2_000);
        assertThat(notes.take()).containsExactly(CALM, STOPPED);
    }
}
