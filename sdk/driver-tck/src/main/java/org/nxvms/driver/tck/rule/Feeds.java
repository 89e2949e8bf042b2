// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DeviceEvents.Feed;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;

/** Asks feeds as the platform does: one that needs no thread while it waits is asked without one. */
final class Feeds {
    private Feeds() {}

    /** {@return what a feed answers within the time that it may take} */
    static Answer<List<DeviceEvent>> ask(String what, Feed feed, int waitMs) throws InterruptedException {
        return Calls.within(what, waitMs + TestDevice.WELL_MS, () -> next(feed, waitMs));
    }

    static List<DeviceEvent> next(Feed feed, int waitMs) throws Exception {
        return feed instanceof AsyncFeed async ? get(async.nextAsync(waitMs)) : feed.next(waitMs);
    }

    /** {@return what is answered at last, on this thread, which only the kit needs} */
    static <T> T get(CompletionStage<T> answer) throws Exception {
        if (answer == null) {
            throw new Broken("There is no answer to come: null.");
        }
        try {
            return answer.toCompletableFuture().get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }
}
