// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.cameras.drivers.Contact;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.ProbeReport;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.ingest.StreamProbe;

/**
 * Tries a configuration without keeping anything of it: contact by the driver, then every stream up to
 * its first key frame, all within {@link #TOTAL_MS_MAX}. Touches neither hub nor other cameras.
 */
public final class CameraProbe {
    /** Answers come within 10 s; this leaves time for the way back. */
    static final int TOTAL_MS_MAX = 9_500;
    /** Contact alone: a device that needs longer leaves no time for its streams. */
    static final int CONTACT_MS_MAX = 4_000;
    /** A probe holds a request thread and up to three of the pool for its whole time. */
    static final int PROBES_MAX = 8;

    private final DriverShelf shelf;
    private final IngestRouter ingests;
    private final ExecutorService pool;
    private final int totalMs;
    private final Semaphore running = new Semaphore(PROBES_MAX);

    CameraProbe(DriverShelf shelf, IngestRouter ingests, ExecutorService pool, int totalMs) {
        this.totalMs = totalMs;
        this.shelf = shelf;
        this.ingests = ingests;
        this.pool = pool;
    }

    /** @param draft as the rules let it pass */
    public ProbeReport probe(CameraDraft draft) throws DriverException {
        if (!running.tryAcquire()) {
            throw new DriverException(
                    Kind.BUSY,
                    PROBES_MAX + " cameras are being tested on this server at the moment; try again in a few seconds.");
        }
        try {
            return probe(draft, System.nanoTime());
        } finally {
            running.release();
        }
    }

    private ProbeReport probe(CameraDraft draft, long begin) throws DriverException {
        ShelvedDriver driver = shelf.serving(draft.driver())
                .orElseThrow(() -> new DriverException(
                        Kind.CONFIG,
                        "The driver " + draft.driver() + " is not installed (" + shelf.installedIds() + ")."));
        DeviceTarget target = new DeviceTarget(
                draft.address(),
                draft.subAddress(),
                draft.username()
                        .map(name -> new Credentials(name, draft.password().orElse(""))),
                draft.settings(),
                CONTACT_MS_MAX);
        String host = Optional.ofNullable(draft.address().getHost())
                .orElse(draft.address().getPath());
        Contact.Answer answer = await(
                submit(() -> Contact.ask(driver, target)),
                begin,
                host + " did not answer the driver " + driver.label() + " in time. Check address, port and network.");
        List<Future<StreamProbe>> probes = new ArrayList<>();
        for (StreamOffer offer : answer.offers()) {
            StreamIngest ingest = ingests.forUri(offer.endpoint().uri())
                    .orElseThrow(() -> new DriverException(
                            Kind.UNSUPPORTED,
                            "No ingest for " + offer.endpoint().uri().getScheme()
                                    + " addresses runs on this server at the moment."));
            int timeoutMs = Math.max(1_000, leftMs(begin) - 300);
            probes.add(submit(() -> ingest.probe(offer.endpoint(), timeoutMs)));
        }
        try {
            return new ProbeReport(
                    answer.identity().orElse(DeviceIdentity.UNKNOWN),
                    collect(answer.offers(), probes, begin, host),
                    sinceMs(begin));
        } finally {
            probes.forEach(probe -> probe.cancel(true));
        }
    }

    private List<ProbeReport.Stream> collect(
            List<StreamOffer> offers, List<Future<StreamProbe>> probes, long begin, String host)
            throws DriverException {
        List<ProbeReport.Stream> streams = new ArrayList<>();
        for (int i = 0; i < offers.size(); i++) {
            StreamOffer offer = offers.get(i);
            try {
                StreamProbe probe = await(
                        probes.get(i),
                        begin,
                        host + " accepted the connection but sent no picture in time. Check the path of the address.");
                streams.add(
                        new ProbeReport.Stream(offer.role(), offer.name(), probe.format(), probe.firstKeyFrameMs()));
            } catch (DriverException e) {
                String said = e.getMessage() == null ? "" : e.getMessage();
                throw new DriverException(
                        e.kind(),
                        offers.size() == 1
                                ? Sentences.of(said)
                                : "The " + offer.role().id() + " stream: " + Sentences.of(said),
                        e);
            }
        }
        return streams;
    }

    private <T> Future<T> submit(Callable<T> work) throws DriverException {
        try {
            return pool.submit(work);
        } catch (RejectedExecutionException e) {
            throw new DriverException(Kind.BUSY, "The server is stopping or fully busy; try again in a few seconds.");
        }
    }

    private <T> T await(Future<T> work, long begin, String late) throws DriverException {
        try {
            return work.get(Math.max(1, leftMs(begin)), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DriverException cause) {
                throw cause;
            }
            throw new DriverException(
                    Kind.PROTOCOL,
                    "The test failed with an internal error ("
                            + Optional.ofNullable(e.getCause())
                                    .map(cause -> cause.getClass().getSimpleName())
                                    .orElse("unknown")
                            + "); the server's log has the details.",
                    e.getCause());
        } catch (TimeoutException e) {
            work.cancel(true);
            throw new DriverException(Kind.UNREACHABLE, late, e);
        } catch (InterruptedException e) {
            work.cancel(true);
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.BUSY, "The server is stopping; the test was given up.", e);
        }
    }

    private static int sinceMs(long begin) {
        return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private int leftMs(long begin) {
        return totalMs - sinceMs(begin);
    }
}
