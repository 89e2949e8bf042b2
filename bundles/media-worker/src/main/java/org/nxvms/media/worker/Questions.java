// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.HostAnswer;
import org.nxvms.media.worker.wire.WireException;
import org.nxvms.platform.api.worker.SourceDoor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what one child asks before it connects to the source's door and brings the answers back: one after the other, in a
 * thread of the source's own, which a slow name server or a child that does not read holds up, and nobody else.
 */
final class Questions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
    /** As many as the child has connections. */
    private static final int WAITING_MAX = 64;
    /** RFC 1035 2.3.4. */
    private static final int HOST_CHARS_MAX = 255;

    private static final long IDLE_S = 10;

    private final SourceDoor door;
    private final Consumer<DriverException> refused;
    private final ThreadPoolExecutor thread;

    /**
     * @param name of the source
     * @param refused is told that the source wants to be where it must not
     */
    Questions(String name, SourceDoor door, Consumer<DriverException> refused) {
        this.door = door;
        this.refused = refused;
        thread =
                new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread made = new Thread(task, "nxvms-io-worker-door-" + name);
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** @param answers where they go */
    void ask(ByteBuffer question, FrameWriter answers) throws WireException {
        int number = Body.number(question);
        String host = Body.text(question);
        if (host.isEmpty() || host.length() > HOST_CHARS_MAX) {
            throw new WireException("a question for a host of " + host.length() + " characters");
        }
        try {
            thread.execute(() -> answer(number, host, answers));
        } catch (RejectedExecutionException full) {
            throw new WireException("more than " + WAITING_MAX + " questions at once");
        }
    }

    private void answer(int number, String host, FrameWriter answers) {
        HostAnswer answer;
        try {
            List<InetAddress> addresses = door.addresses(host);
            answer = new HostAnswer(
                    number, addresses.stream().map(InetAddress::getHostAddress).toList(), "");
        } catch (DriverException why) {
            if (why.kind() == DriverException.Kind.CONFIG) {
                refused.accept(why);
                return;
            }
            answer = new HostAnswer(number, List.of(), why.getMessage());
        } catch (RuntimeException fault) {
            LOG.error("Internal fault; the source is not connected", fault);
            answer = new HostAnswer(number, List.of(), "internal fault: " + fault);
        }
        try {
            answers.write(FrameType.HOST, answer.toBytes());
        } catch (IOException gone) {
            // The child's own thread notices it too.
        }
    }

    /** Nobody is answered any more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
