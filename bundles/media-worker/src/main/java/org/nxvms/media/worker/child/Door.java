// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.HostAnswer;

/**
 * Asks the server where a host is, which answers with what may be connected to, and ends this process when nothing may. This
 * process looks no name up itself. Any thread but the one that reads orders.
 */
final class Door {
    private final FrameWriter out;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<HostAnswer>> open = new ConcurrentHashMap<>();

    Door(FrameWriter out) {
        this.out = out;
    }

    /**
     * {@return at least one address, in the order they are to be tried}
     *
     * @throws SourceFailure when nobody knows the host, or not in time
     */
    List<InetAddress> addresses(String host, long timeoutMs) throws SourceFailure {
        int number = numbers.incrementAndGet();
        CompletableFuture<HostAnswer> answer = new CompletableFuture<>();
        open.put(number, answer);
        try {
            out.write(FrameType.ASK, new Body().number(number).text(host).toBytes());
            HostAnswer said = answer.get(timeoutMs, TimeUnit.MILLISECONDS);
            if (said.addresses().isEmpty()) {
                throw new SourceFailure(EndReason.UNREACHABLE, said.why());
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String address : said.addresses()) {
                // Written out: nothing is looked up.
                addresses.add(InetAddress.getByName(address));
            }
            return addresses;
        } catch (TimeoutException late) {
            throw new SourceFailure(EndReason.UNREACHABLE, "the name server does not answer for its host");
        } catch (IOException | ExecutionException serverGone) {
            throw new SourceFailure(EndReason.FAULT, "the server does not answer the media process");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SourceFailure(EndReason.FAULT, "the media process is stopping");
        } finally {
            open.remove(number);
        }
    }

    /** The thread that reads orders. */
    void answered(HostAnswer answer) {
        CompletableFuture<HostAnswer> question = open.get(answer.number());
        if (question != null) {
            question.complete(answer);
        }
    }
}
